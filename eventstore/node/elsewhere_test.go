//lint:file-ignore SA1019 fields that are out of use are what is tested

package node_test

import (
	"math"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"parley/eventstore/node"
	"parley/internal/devpg"
)

// The clients for Node say some things in another way than Go's.

func dial(t *testing.T, n *node.Node) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(n.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close()) })
	return conn
}

func TestAGroupMayBeNamedAsTheFirstServersHadIt(t *testing.T) {
	n := startNode(t, node.Config{DatabaseURL: devpg.TestDatabase(t)})
	groups := persistent.NewPersistentSubscriptionsClient(dial(t, n))
	orders := &shared.StreamIdentifier{StreamName: []byte("orders")}
	for name, start := range map[string]struct {
		revision uint64
		shown    string
	}{"from the first": {0, "0"}, "from the eighth": {7, "7"}, "from the end": {math.MaxUint64, "-1"}} {
		t.Run(name, func(t *testing.T) {
			settings := &persistent.CreateReq_Settings{
				Revision: start.revision, MaxRetryCount: 3, MinCheckpointCount: 1, MaxCheckpointCount: 10,
				LiveBufferSize: 20, ReadBatchSize: 10, HistoryBufferSize: 20,
			}
			_, err := groups.Create(within(t), &persistent.CreateReq{Options: &persistent.CreateReq_Options{
				StreamIdentifier: orders, GroupName: name, Settings: settings,
			}})
			require.NoError(t, err)
			_, err = groups.Update(within(t), &persistent.UpdateReq{Options: &persistent.UpdateReq_Options{
				StreamIdentifier: orders, GroupName: name, Settings: &persistent.UpdateReq_Settings{
					Revision: start.revision, MaxRetryCount: 4, MinCheckpointCount: 1, MaxCheckpointCount: 10,
					LiveBufferSize: 20, ReadBatchSize: 10, HistoryBufferSize: 20,
				},
			}})
			require.NoError(t, err)
			info, err := groups.GetInfo(within(t), &persistent.GetInfoReq{Options: &persistent.GetInfoReq_Options{
				StreamOption: &persistent.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: orders}, GroupName: name,
			}})
			require.NoError(t, err)
			require.Equal(t, "orders", info.SubscriptionInfo.EventSource)
			require.Equal(t, start.shown, info.SubscriptionInfo.StartFrom)
			require.EqualValues(t, 4, info.SubscriptionInfo.MaxRetryCount)
		})
	}
}

func TestEveryMethodAboutGroupsIsAnnouncedForStreamsAndAll(t *testing.T) {
	n := startNode(t, node.Config{DatabaseURL: devpg.TestDatabase(t)})
	said, err := serverfeatures.NewServerFeaturesClient(dial(t, n)).GetSupportedMethods(within(t), &shared.Empty{})
	require.NoError(t, err)
	features := make(map[string][]string)
	for _, m := range said.Methods {
		features[m.ServiceName+"/"+m.MethodName] = m.Features
	}
	for _, method := range []string{"create", "update", "delete", "read", "getinfo", "replayparked", "list"} {
		require.ElementsMatch(t, []string{"stream", "all"}, features["event_store.client.persistent_subscriptions.persistentsubscriptions/"+method], method)
	}
}
