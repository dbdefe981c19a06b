package eventstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// writes knows whether the event store takes events. It asks on a connection of its own: a refused append would make
// the client search for another server, while this one can still be read.
type writes struct {
	probe *batchWriter // its connection

	checking sync.Mutex // held during a probe

	mu      sync.Mutex
	err     error         // why the last append was not taken
	took    time.Time     // when the event store last took an append
	changed chan struct{} // closed and renewed when an append is taken after others were not
	doubted chan struct{} // holds a token when an append has failed
	ended   chan struct{} // closed when the store is
}

func newWrites(config *esdb.Configuration) *writes {
	return &writes{probe: &batchWriter{config: config}, changed: make(chan struct{}), doubted: make(chan struct{}, 1),
		ended: make(chan struct{})}
}

// await blocks while the event store takes no events. Sending an append then would only cost the connection, which
// still serves reads.
func (w *writes) await(ctx context.Context) error {
	for {
		w.mu.Lock()
		err, changed := w.err, w.changed
		w.mu.Unlock()
		if err == nil {
			return nil
		}
		select {
		case <-changed:
		case <-w.ended:
			return ErrClosed
		case <-ctx.Done():
			return contextError(ctx, err)
		}
	}
}

// failed takes note of an append whose outcome is unknown. A probe follows at once.
func (w *writes) failed(err error) {
	w.mu.Lock()
	w.err = err
	w.mu.Unlock()
	select {
	case w.doubted <- struct{}{}:
	default:
	}
}

func (w *writes) lastError() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *writes) succeeded() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		close(w.changed)
		w.changed = make(chan struct{})
	}
	w.err, w.took = nil, time.Now()
}

// watch probes while no append shows that the event store takes them, until ctx ends.
func (w *writes) watch(ctx context.Context, g *gate) {
	defer close(w.ended)
	defer func() {
		w.checking.Lock()
		defer w.checking.Unlock()
		w.probe.close()
	}()
	for wait := probeInterval; ; {
		select {
		case <-ctx.Done():
			return
		case <-w.doubted:
		case <-time.After(wait):
		}
		w.mu.Lock()
		recent := w.err == nil && time.Since(w.took) < probeInterval
		w.mu.Unlock()
		wait = probeInterval
		if !recent && g.open() && w.check(ctx) != nil { // lastError returns it
			wait = probeAgain
		}
	}
}

// check asks for an append that cannot succeed, because it expects a revision that no stream reaches. The answer shows
// whether the server would write, and nothing is written.
func (w *writes) check(ctx context.Context) error {
	w.checking.Lock()
	defer w.checking.Unlock()
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	err := w.ask(ctx)
	if err == nil {
		w.succeeded()
		return nil
	}
	w.probe.close()
	err = fmt.Errorf("the event store takes no events: %w", err)
	w.mu.Lock()
	w.err = err
	w.mu.Unlock()
	return err
}

// probeAgain is the time between two probes of an event store that takes no events.
const probeAgain = 300 * time.Millisecond

const tooHigh = 1 << 62 // for a revision

func (w *writes) ask(ctx context.Context) error {
	if err := w.probe.connect(ctx); err != nil {
		return err
	}
	call, err := streams.NewStreamsClient(w.probe.conn).Append(w.probe.authorized(ctx))
	if err != nil {
		return err
	}
	options := &streams.AppendReq_Options{
		StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(probeStream)},
		ExpectedStreamRevision: &streams.AppendReq_Options_Revision{Revision: tooHigh},
	}
	_ = call.Send(&streams.AppendReq{Content: &streams.AppendReq_Options_{Options: options}}) // the answer says why not
	_ = call.Send(&streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{
		ProposedMessage: &streams.AppendReq_ProposedMessage{
			Id: protoUUID("6f0f5f0e-8b3e-4d53-9d3c-6a9a8f9a2b10"), Data: []byte("{}"),
			Metadata: map[string]string{"type": "Probe", "content-type": jsonContent},
		},
	}})
	answer, err := call.CloseAndRecv()
	if err == nil && answer.GetWrongExpectedVersion() == nil {
		err = errors.New("unexpected answer")
	}
	return err
}
