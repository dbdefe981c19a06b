package node_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/devpg"
	"parley/internal/node"
)

// raw calls a node through the protocol's generated code, as clients for other languages do and the Go client
// does not.
type raw struct {
	streams streams.StreamsClient
	groups  persistent.PersistentSubscriptionsClient
}

func newRaw(t *testing.T) *raw {
	t.Helper()
	conn := dial(t, startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)}))
	return &raw{streams.NewStreamsClient(conn), persistent.NewPersistentSubscriptionsClient(conn)}
}

var empty = &shared.Empty{}

func named(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

func stringID(id string) *shared.UUID { return &shared.UUID{Value: &shared.UUID_String_{String_: id}} }

func unique(prefix string) string { return prefix + "-" + uuid.NewString() }

func described(kind string) map[string]string {
	return map[string]string{"type": kind, "content-type": "application/json"}
}

// proposal is an event with a new id.
func proposal(kind, data string) *streams.AppendReq_ProposedMessage {
	return &streams.AppendReq_ProposedMessage{Id: stringID(uuid.NewString()), Metadata: described(kind), Data: []byte(data)}
}

func (r *raw) append(
	t *testing.T, o *streams.AppendReq_Options, events ...*streams.AppendReq_ProposedMessage,
) (*streams.AppendResp, error) {
	t.Helper()
	call, err := r.streams.Append(withTimeout(t))
	require.NoError(t, err)
	require.NoError(t, call.Send(&streams.AppendReq{Content: &streams.AppendReq_Options_{Options: o}}))
	for _, e := range events {
		err := call.Send(&streams.AppendReq{Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: e}})
		require.NoError(t, err)
	}
	return call.CloseAndRecv()
}

func expectAny(stream string) *streams.AppendReq_Options {
	return &streams.AppendReq_Options{StreamIdentifier: named(stream),
		ExpectedStreamRevision: &streams.AppendReq_Options_Any{Any: empty}}
}

// written appends n events of a type and returns the position of the last.
func (r *raw) written(t *testing.T, stream, kind string, n int) uint64 {
	t.Helper()
	var events []*streams.AppendReq_ProposedMessage
	for range n {
		events = append(events, proposal(kind, `{}`))
	}
	reply, err := r.append(t, expectAny(stream), events...)
	require.NoError(t, err)
	return reply.GetSuccess().GetPosition().GetCommitPosition()
}

// fromStream asks for events of a stream, forwards from a revision, and for the messages that newer clients
// understand.
func fromStream(stream string, revision, count uint64) *streams.ReadReq_Options {
	return &streams.ReadReq_Options{
		StreamOption: &streams.ReadReq_Options_Stream{Stream: &streams.ReadReq_Options_StreamOptions{
			StreamIdentifier: named(stream),
			RevisionOption:   &streams.ReadReq_Options_StreamOptions_Revision{Revision: revision},
		}},
		CountOption:   &streams.ReadReq_Options_Count{Count: count},
		FilterOption:  &streams.ReadReq_Options_NoFilter{NoFilter: empty},
		UuidOption:    stringIDs(),
		ControlOption: &streams.ReadReq_Options_ControlOption{Compatibility: 1},
	}
}

// fromAll asks for events of $all from a position, or from the start.
func fromAll(position, count uint64) *streams.ReadReq_Options {
	all := &streams.ReadReq_Options_AllOptions{AllOption: &streams.ReadReq_Options_AllOptions_Start{Start: empty}}
	if position > 0 {
		all.AllOption = &streams.ReadReq_Options_AllOptions_Position{
			Position: &streams.ReadReq_Options_Position{CommitPosition: position, PreparePosition: position},
		}
	}
	return &streams.ReadReq_Options{
		StreamOption: &streams.ReadReq_Options_All{All: all},
		CountOption:  &streams.ReadReq_Options_Count{Count: count},
		UuidOption:   stringIDs(),
	}
}

func stringIDs() *streams.ReadReq_Options_UUIDOption {
	return &streams.ReadReq_Options_UUIDOption{Content: &streams.ReadReq_Options_UUIDOption_String_{String_: empty}}
}

// typePattern is a filter on event types, without a window or a checkpoint interval.
func typePattern(pattern string) *streams.ReadReq_Options_Filter {
	return &streams.ReadReq_Options_Filter{Filter: &streams.ReadReq_Options_FilterOptions{
		Filter: &streams.ReadReq_Options_FilterOptions_EventType{
			EventType: &streams.ReadReq_Options_FilterOptions_Expression{Regex: pattern},
		},
	}}
}

// read returns all messages of a read that ends.
func (r *raw) read(t *testing.T, o *streams.ReadReq_Options) ([]*streams.ReadResp, error) {
	t.Helper()
	call, err := r.streams.Read(withTimeout(t), &streams.ReadReq{Options: o})
	require.NoError(t, err)
	var all []*streams.ReadResp
	for {
		m, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, m)
	}
}

// subscribe starts a subscription and receives its confirmation.
func (r *raw) subscribe(t *testing.T, o *streams.ReadReq_Options) streams.Streams_ReadClient {
	t.Helper()
	o.CountOption = &streams.ReadReq_Options_Subscription{Subscription: &streams.ReadReq_Options_SubscriptionOptions{}}
	ctx, cancel := context.WithCancel(withTimeout(t))
	t.Cleanup(cancel)
	call, err := r.streams.Read(ctx, &streams.ReadReq{Options: o})
	require.NoError(t, err)
	first, err := call.Recv()
	require.NoError(t, err)
	require.NotNil(t, first.GetConfirmation())
	return call
}

// shape describes the messages of a read: an event by its revision, a stream position by its kind and
// revision.
func shape(messages []*streams.ReadResp) (all []any) {
	for _, m := range messages {
		switch c := m.Content.(type) {
		case *streams.ReadResp_Event:
			all = append(all, c.Event.GetEvent().GetStreamRevision())
		case *streams.ReadResp_FirstStreamPosition:
			all = append(all, "first", c.FirstStreamPosition)
		case *streams.ReadResp_LastStreamPosition:
			all = append(all, "last", c.LastStreamPosition)
		case *streams.ReadResp_StreamNotFound_:
			all = append(all, "not found")
		default:
			all = append(all, m)
		}
	}
	return all
}
