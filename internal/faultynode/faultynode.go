// Package faultynode is an event store for tests that misbehaves on demand, as real ones do. It passes every call on to
// a working event store, and does to some of them what was asked for.
package faultynode

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Fault is something that real event stores do.
type Fault int

// The faults.
const (
	DeniesAll          Fault = iota // the user may not read $all
	RefusesPositions                // as if a position belonged to another log
	NotLeader                       // every append is sent to another node, which is this one
	TakesNoEvents                   // a node without a majority: it answers reads only
	EndsAppends                     // an append ends while the client is still sending
	RepeatsCheckpoints              // each checkpoint comes twice
	RepeatsEvents                   // each event comes twice
	EarlyCheckpoints                // each event comes after a checkpoint at its position
)

// Node stands in front of an event store.
type Node struct {
	t        testing.TB
	listener net.Listener
	server   *grpc.Server

	mu     sync.Mutex
	target *grpc.ClientConn
	faults map[Fault]bool
	cut    chan struct{} // closed to end all calls
	frozen chan struct{} // closed at the end of a freeze; nil without one
}

// Start starts a node in front of an event store without TLS, until the test ends.
func Start(t testing.TB, target string) *Node {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &Node{t: t, listener: l, faults: make(map[Fault]bool), cut: make(chan struct{})}
	n.Serve(target)
	n.server = grpc.NewServer(grpc.ForceServerCodec(rawCodec{}), grpc.UnknownServiceHandler(n.handle),
		grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}))
	ended := make(chan error, 1)
	go func() { ended <- n.server.Serve(l) }()
	t.Cleanup(func() {
		n.Cut()
		n.server.Stop()
		require.NoError(t, <-ended)
		_ = n.target.Close() // no call uses it any more
	})
	return n
}

const maxMessage = 32 << 20

// Addr returns the address it listens on.
func (n *Node) Addr() string { return n.listener.Addr().String() }

// URL returns the connection string.
func (n *Node) URL() string { return "esdb://" + n.Addr() + "?tls=false" }

// Serve passes calls on to the event store at an address from now on, as after a restore of its backup. Calls in
// progress end.
func (n *Node) Serve(target string) {
	n.t.Helper()
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage), grpc.ForceCodec(rawCodec{})))
	require.NoError(n.t, err)
	n.mu.Lock()
	old := n.target
	n.target = conn
	n.mu.Unlock()
	if old != nil {
		n.Cut()
		_ = old.Close() // its calls have been ended
	}
}

// Set begins a fault, or ends it. Calls in progress end.
func (n *Node) Set(f Fault, on bool) {
	n.mu.Lock()
	n.faults[f] = on
	n.mu.Unlock()
	n.Cut()
}

// Cut ends all calls in progress, as when connections break.
func (n *Node) Cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.cut)
	n.cut = make(chan struct{})
}

// Freeze stops everything in the middle of what it is doing, until the returned function is called.
func (n *Node) Freeze() (thaw func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	frozen := make(chan struct{})
	n.frozen = frozen
	return sync.OnceFunc(func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		close(frozen)
		n.frozen = nil
	})
}

func (n *Node) has(f Fault) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.faults[f]
}

// passes blocks while the node is frozen.
func (n *Node) passes(ctx context.Context) error {
	n.mu.Lock()
	frozen := n.frozen
	n.mu.Unlock()
	if frozen == nil {
		return nil
	}
	select {
	case <-frozen:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	appendMethod = "/event_store.client.streams.Streams/Append"
	readMethod   = "/event_store.client.streams.Streams/Read"
)

// handle serves one call.
func (n *Node) handle(_ any, in grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(in)
	ctx, cancel := context.WithCancel(in.Context())
	defer cancel()
	n.mu.Lock()
	target, cut := n.target, n.cut
	n.mu.Unlock()
	go func() {
		select {
		case <-cut:
			cancel()
		case <-ctx.Done():
		}
	}()
	var first frame
	if err := in.RecvMsg(&first); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	change := func(f frame) []frame { return []frame{f} }
	switch method {
	case appendMethod:
		if err := n.misappend(in); err != nil {
			return err
		}
	case readMethod:
		subscribes, err := n.misread(in, first)
		if err != nil {
			return err
		}
		if subscribes {
			change = n.misdeliver
		}
	}
	err := n.forward(ctx, in, target, method, first, change)
	select {
	case <-cut:
		return status.Error(codes.Unavailable, "the connection was cut")
	default:
		return err
	}
}

// forward passes a call on, and its answers back.
func (n *Node) forward(
	ctx context.Context, in grpc.ServerStream, target *grpc.ClientConn, method string, first frame, change func(frame) []frame,
) error {
	header, _ := metadata.FromIncomingContext(ctx)
	out, err := target.NewStream(metadata.NewOutgoingContext(ctx, header.Copy()),
		&grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
	if err != nil {
		return err
	}
	go func() {
		for f := first; ; {
			if n.passes(ctx) != nil || out.SendMsg(&f) != nil {
				return
			}
			if f = (frame{}); in.RecvMsg(&f) != nil {
				_ = out.CloseSend() // the answer says more
				return
			}
		}
	}()
	for {
		var f frame
		if err := out.RecvMsg(&f); err != nil {
			in.SetTrailer(out.Trailer())
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		for _, changed := range change(f) {
			if err := n.passes(ctx); err != nil {
				return err
			}
			if err := in.SendMsg(&changed); err != nil {
				return err
			}
		}
	}
}

// misappend returns the error of an append that goes wrong.
func (n *Node) misappend(in grpc.ServerStream) error {
	switch {
	case n.has(NotLeader):
		host, port, err := net.SplitHostPort(n.Addr())
		if err != nil {
			return err
		}
		in.SetTrailer(metadata.Pairs("exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port))
		return status.Error(codes.NotFound, "Leader info available")
	case n.has(TakesNoEvents):
		return status.Error(codes.Unavailable, "Server Is Not Ready")
	case n.has(EndsAppends):
		return status.Error(codes.InvalidArgument, "Maximum Append Size of "+strconv.Itoa(1<<20)+" Exceeded.")
	}
	return nil
}

// misread returns the error of a read or subscription that goes wrong.
func (n *Node) misread(in grpc.ServerStream, first frame) (subscribes bool, err error) {
	var req streams.ReadReq
	if err := proto.Unmarshal(first.bytes, &req); err != nil {
		return false, err
	}
	subscribes = req.GetOptions().GetSubscription() != nil
	all := req.GetOptions().GetAll()
	switch {
	case all == nil:
	case n.has(DeniesAll):
		in.SetTrailer(metadata.Pairs("exception", "access-denied"))
		return false, status.Error(codes.PermissionDenied, "Access Denied")
	case n.has(RefusesPositions) && all.GetPosition() != nil:
		return false, status.Error(codes.InvalidArgument, "Trying to read from an invalid position.")
	}
	return subscribes, nil
}

// misdeliver returns the messages of a subscription to send instead of one.
func (n *Node) misdeliver(f frame) []frame {
	var answer streams.ReadResp
	if err := proto.Unmarshal(f.bytes, &answer); err != nil {
		return []frame{f}
	}
	event := answer.GetEvent()
	switch {
	case answer.GetCheckpoint() != nil && n.has(RepeatsCheckpoints), event != nil && n.has(RepeatsEvents):
		return []frame{f, f}
	case event != nil && n.has(EarlyCheckpoints):
		at := event.GetCommitPosition()
		early, err := proto.Marshal(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{
			Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: at, PreparePosition: at},
		}})
		if err != nil {
			return []frame{f}
		}
		return []frame{{early}, f}
	}
	return []frame{f}
}

// frame is a message as it is on the wire.
type frame struct{ bytes []byte }

// rawCodec leaves messages as they are.
type rawCodec struct{}

func (rawCodec) Marshal(v any) ([]byte, error) { return v.(*frame).bytes, nil }

func (rawCodec) Unmarshal(data []byte, v any) error {
	v.(*frame).bytes = append([]byte(nil), data...)
	return nil
}

func (rawCodec) Name() string { return "proto" }
