package node

import (
	"context"
	"net"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc/metadata"
)

// serverVersion is the EventStoreDB release whose behaviour the node implements. Clients parse its three
// numbers.
const serverVersion = "24.10.0"

type featuresService struct {
	serverfeatures.UnimplementedServerFeaturesServer
}

// GetSupportedMethods is the first call of every client. Names are in lower case.
func (featuresService) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	reply := &serverfeatures.SupportedMethods{EventStoreServerVersion: serverVersion}
	add := func(service, method string, features ...string) {
		reply.Methods = append(reply.Methods, &serverfeatures.SupportedMethod{
			ServiceName: service, MethodName: method, Features: features,
		})
	}
	const streamsName = "event_store.client.streams.streams"
	add(streamsName, "append")
	add(streamsName, "batchappend", "deadline_duration")
	add(streamsName, "read", "position", "events")
	add(streamsName, "delete")
	add(streamsName, "tombstone")
	const persistentName = "event_store.client.persistent_subscriptions.persistentsubscriptions"
	for _, method := range []string{"create", "update", "delete", "read", "getinfo", "replayparked", "list"} {
		// without these some clients fall back to HTTP, which the node does not serve
		add(persistentName, method, "stream", "all")
	}
	add(persistentName, "restartsubsystem")
	add("event_store.client.gossip.gossip", "read")
	add("event_store.client.server_features.serverfeatures", "getsupportedmethods")
	return reply, nil
}

type gossipService struct {
	gossip.UnimplementedGossipServer
	*Node
}

// Read presents the node as the only member of its cluster, at its listen address. If it listens on all
// addresses, Read returns the host the caller used.
func (g gossipService) Read(ctx context.Context, _ *shared.Empty) (*gossip.ClusterInfo, error) {
	host, portText, err := net.SplitHostPort(g.Addr())
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = requestHost(ctx)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, err
	}
	return &gossip.ClusterInfo{Members: []*gossip.MemberInfo{{
		InstanceId:   idStructured.proto(g.instance),
		TimeStamp:    g.started.UnixNano() / 100,
		State:        gossip.MemberInfo_Leader,
		IsAlive:      true,
		HttpEndPoint: &gossip.EndPoint{Address: host, Port: uint32(port)},
	}}}, nil
}

// requestHost returns the host name in the caller's request.
func requestHost(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, authority := range md.Get(":authority") {
		if host, _, err := net.SplitHostPort(authority); err == nil {
			return host
		}
	}
	return "127.0.0.1"
}
