package node

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	maxRequestSize = 17 << 20 // bytes of one message: an event and its envelope
	maxReplySize   = 34 << 20 // an event and the link to it
)

// check refuses configurations that would admit strangers or lock out users.
func (c Config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("event store address %q: %w", c.Listen, err)
	}
	var problems []error
	switch open := len(c.Users) == 0; {
	case open && !c.Insecure:
		problems = append(problems, errors.New("the event store needs TLS and users, unless it is to be insecure"))
	case open && !loopback(host):
		problems = append(problems,
			fmt.Errorf("event store address %q is reachable from other machines: it needs TLS and users", c.Listen))
	case !open && c.Insecure:
		problems = append(problems, errors.New("an insecure event store has no users and no TLS"))
	case !open && c.TLS == nil:
		problems = append(problems, errors.New("event store users need TLS: clients send no password without it"))
	}
	return errors.Join(problems...)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// newServer creates the gRPC server. Its connections have completed the TLS handshake. The official client
// pings an idle connection every ten seconds, which default settings treat as abuse.
func newServer(cfg Config) *grpc.Server {
	options := []grpc.ServerOption{
		grpc.MaxRecvMsgSize(maxRequestSize),
		grpc.MaxSendMsgSize(maxReplySize),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: 10 * time.Second, Timeout: 10 * time.Second}),
		grpc.NumStreamWorkers(256),
		grpc.ReadBufferSize(64 << 10),
		grpc.WriteBufferSize(64 << 10),
	}
	if len(cfg.Users) > 0 {
		gate := gate{cfg.Users}
		options = append(options, grpc.UnaryInterceptor(gate.unary), grpc.StreamInterceptor(gate.stream))
	}
	return grpc.NewServer(options...)
}

// gate admits known users only. The methods a client calls before it authenticates stay open.
type gate struct{ users map[string]string }

func (g gate) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	open := strings.HasPrefix(info.FullMethod, "/event_store.client.server_features.") ||
		strings.HasPrefix(info.FullMethod, "/event_store.client.gossip.")
	if !open && !g.admits(ctx) {
		return nil, errUnauthenticated
	}
	return handle(ctx, req)
}

func (g gate) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
	if g.admits(stream.Context()) {
		return handle(srv, stream)
	}
	if info.IsClientStream && !info.IsServerStream {
		drainStream(stream)
	}
	return errUnauthenticated
}

// drainStream reads the rest of a client's request, up to a limit. A client refused while it is sending would
// not see the reason.
func drainStream(stream grpc.ServerStream) {
	deadline := time.Now().Add(2 * time.Second)
	for range 1024 {
		if stream.RecvMsg(&shared.Empty{}) != nil || time.Now().After(deadline) {
			return
		}
	}
}

var errUnauthenticated = status.Error(codes.Unauthenticated, "unknown user or wrong password")

func (g gate) admits(ctx context.Context) bool {
	for _, given := range givenCredentials(ctx) {
		expected, known := g.users[given.user]
		if subtle.ConstantTimeCompare([]byte(given.password), []byte(expected)) == 1 && known {
			return true
		}
	}
	return false
}

type credential struct{ user, password string }

// givenCredentials returns the users and passwords that a call carries.
func givenCredentials(ctx context.Context) (given []credential) {
	md, _ := metadata.FromIncomingContext(ctx)
	for _, header := range md.Get("authorization") {
		scheme, encoded, _ := strings.Cut(header, " ")
		pair, err := base64.StdEncoding.DecodeString(encoded)
		if !strings.EqualFold(scheme, "Basic") || err != nil {
			continue
		}
		user, password, _ := strings.Cut(string(pair), ":")
		given = append(given, credential{user, password})
	}
	return given
}

// caller names the user who made an admitted call.
func caller(ctx context.Context) string {
	for _, given := range givenCredentials(ctx) {
		return given.user
	}
	return "anonymous"
}
