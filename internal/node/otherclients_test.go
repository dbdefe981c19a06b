//lint:file-ignore SA1019 the tests use deprecated fields on purpose

package node_test

import (
	"math"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"parley/internal/devpg"
	"parley/internal/node"
)

// These tests send requests in forms that the Node.js clients use and the Go client does not.

func dial(t *testing.T, n *node.Node) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(n.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

func TestAGroupCanBeCreatedWithDeprecatedFields(t *testing.T) {
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	groups := persistent.NewPersistentSubscriptionsClient(dial(t, n))
	orders := &shared.StreamIdentifier{StreamName: []byte("orders")}
	for name, start := range map[string]struct {
		revision uint64
		shown    string
	}{"from the first event": {0, "0"}, "from the eighth event": {7, "7"}, "from the end": {math.MaxUint64, "-1"}} {
		t.Run(name, func(t *testing.T) {
			settings := &persistent.CreateReq_Settings{
				Revision: start.revision, MaxRetryCount: 3, MinCheckpointCount: 1, MaxCheckpointCount: 10,
				LiveBufferSize: 20, ReadBatchSize: 10, HistoryBufferSize: 20,
			}
			_, err := groups.Create(withTimeout(t), &persistent.CreateReq{Options: &persistent.CreateReq_Options{
				StreamIdentifier: orders, GroupName: name, Settings: settings,
			}})
			require.NoError(t, err)
			_, err = groups.Update(withTimeout(t), &persistent.UpdateReq{Options: &persistent.UpdateReq_Options{
				StreamIdentifier: orders, GroupName: name, Settings: &persistent.UpdateReq_Settings{
					Revision: start.revision, MaxRetryCount: 4, MinCheckpointCount: 1, MaxCheckpointCount: 10,
					LiveBufferSize: 20, ReadBatchSize: 10, HistoryBufferSize: 20,
				},
			}})
			require.NoError(t, err)
			info, err := groups.GetInfo(withTimeout(t), &persistent.GetInfoReq{Options: &persistent.GetInfoReq_Options{
				StreamOption: &persistent.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: orders},
				GroupName:    name,
			}})
			require.NoError(t, err)
			require.Equal(t, "orders", info.SubscriptionInfo.EventSource)
			require.Equal(t, start.shown, info.SubscriptionInfo.StartFrom)
			require.EqualValues(t, 4, info.SubscriptionInfo.MaxRetryCount)
		})
	}
}

func TestGroupMethodsAreAnnouncedForStreamsAndAll(t *testing.T) {
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	supported, err := serverfeatures.NewServerFeaturesClient(dial(t, n)).GetSupportedMethods(withTimeout(t), &shared.Empty{})
	require.NoError(t, err)
	features := make(map[string][]string)
	for _, m := range supported.Methods {
		features[m.ServiceName+"/"+m.MethodName] = m.Features
	}
	for _, method := range []string{"create", "update", "delete", "read", "getinfo", "replayparked", "list"} {
		const service = "event_store.client.persistent_subscriptions.persistentsubscriptions/"
		require.ElementsMatch(t, []string{"stream", "all"}, features[service+method], method)
	}
}

func TestABatchIsWrittenInOrderAndARefusedAppendHoldsUpNoOther(t *testing.T) {
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	call, err := streams.NewStreamsClient(dial(t, n)).BatchAppend(withTimeout(t))
	require.NoError(t, err)
	newUUID := func() *shared.UUID { return &shared.UUID{Value: &shared.UUID_String_{String_: uuid.NewString()}} }
	send := func(stream string, parts int) {
		id := newUUID()
		for part := 1; part <= parts; part++ {
			r := &streams.BatchAppendReq{CorrelationId: id, IsFinal: part == parts,
				ProposedMessages: []*streams.BatchAppendReq_ProposedMessage{{
					Id: newUUID(), Data: []byte("{}"), Metadata: map[string]string{"type": "Made", "content-type": "application/json"},
				}}}
			if part == 1 {
				r.Options = &streams.BatchAppendReq_Options{
					StreamIdentifier:       &shared.StreamIdentifier{StreamName: []byte(stream)},
					ExpectedStreamPosition: &streams.BatchAppendReq_Options_NoStream{NoStream: &emptypb.Empty{}},
				}
			}
			require.NoError(t, call.Send(r))
		}
	}
	send("one", 1)
	send("two", 2)
	send("one", 1) // it exists by now
	send("three", 1)
	require.NoError(t, call.CloseSend())
	var last uint64
	for _, want := range []string{"one", "two", "", "three"} {
		reply, err := call.Recv()
		require.NoError(t, err)
		if want == "" {
			require.Len(t, reply.GetError().GetDetails(), 1)
			require.Contains(t, reply.GetError().GetDetails()[0].GetTypeUrl(), "WrongExpectedVersion")
			continue
		}
		require.Equal(t, want, string(reply.GetStreamIdentifier().GetStreamName()))
		at := reply.GetSuccess().GetPosition().GetCommitPosition()
		require.Greater(t, at, last)
		last = at
	}
}
