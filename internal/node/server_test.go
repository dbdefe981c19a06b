package node_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
)

func TestTheNodeRefusesAnInsecureConfiguration(t *testing.T) {
	for name, cfg := range map[string]node.Config{
		"on all addresses without TLS and users":       {Listen: "0.0.0.0:0"},
		"on a host name without TLS and users":         {Listen: "example.org:2113"},
		"without TLS and users, not declared insecure": {},
		"insecure on all addresses":                    {Listen: "0.0.0.0:0", Insecure: true},
		"insecure with users":                          {Insecure: true, Users: map[string]string{"parley": "secret"}, TLS: &tls.Config{}},
		"with users but without TLS":                   {Users: map[string]string{"parley": "secret"}},
		"with TLS but without users":                   {Listen: ":0", TLS: &tls.Config{}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.DatabaseURL = "postgres://127.0.0.1:1/none"
			_, err := node.Start(t.Context(), cfg)
			require.ErrorContains(t, err, "TLS")
		})
	}
}

func TestOnlyKnownUsersMayConnect(t *testing.T) {
	n := startNode(t, node.Config{
		DatabaseURL: devpg.TestDatabase(t),
		Listen:      "0.0.0.0:0",
		Users:       map[string]string{"parley": "secret"},
		TLS:         &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}},
	})
	address := strings.TrimPrefix(n.URL(), "esdb://") + "&tlsverifycert=false"

	appendOne(t, storetest.Connect(t, "esdb://parley:secret@"+address), "secure-1")
	appendOne(t, storetest.Connect(t, "esdb+discover://parley:secret@"+address), "secure-1")
	for _, stranger := range []string{"parley:wrong@", "nobody:secret@", ""} {
		_, err := storetest.Connect(t, "esdb://"+stranger+address).AppendToStream(withTimeout(t), "secure-1",
			esdb.AppendToStreamOptions{}, event())
		var known *esdb.Error
		require.ErrorAs(t, err, &known)
		require.Equal(t, esdb.ErrorCodeUnauthenticated, known.Code())
	}
}

// The methods come from the protocol's definition, so the test covers a new method as soon as there is one.
func TestEveryMethodRefusesAnUnknownCaller(t *testing.T) {
	n := startNode(t, node.Config{
		DatabaseURL: devpg.TestDatabase(t),
		Listen:      "0.0.0.0:0",
		Users:       map[string]string{"parley": "secret"},
		TLS:         &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}},
	})
	conn, err := grpc.NewClient(n.Addr(),
		grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{InsecureSkipVerify: true})))
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	tried := 0
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			service := f.Services().Get(i)
			name := string(service.FullName())
			if !strings.HasPrefix(name, "event_store.client.") {
				continue
			}
			for k := range service.Methods().Len() {
				method := service.Methods().Get(k)
				stream, err := conn.NewStream(withTimeout(t), &grpc.StreamDesc{ClientStreams: true,
					ServerStreams: true}, "/"+name+"/"+string(method.Name()))
				require.NoError(t, err)
				_ = stream.SendMsg(new(shared.Empty)) // the call may have been refused already
				require.NoError(t, stream.CloseSend())
				err = stream.RecvMsg(new(shared.Empty))
				// called before authentication
				if strings.Contains(name, "gossip") || strings.Contains(name, "server_features") {
					continue
				}
				require.Contains(t, []codes.Code{codes.Unauthenticated, codes.Unimplemented},
					status.Code(err), "%s.%s: %v", name, method.Name(), err)
				tried++
			}
		}
		return true
	})
	require.GreaterOrEqual(t, tried, 15)
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestClientsFindTheNodeByDiscovery(t *testing.T) {
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	appendOne(t, storetest.Connect(t, "esdb+discover://"+n.Addr()+"?tls=false"), "gossip-1")
}

// The official client pings while idle. A gRPC server with default settings would close the connection.
func TestAnIdleClientThatPingsStaysConnected(t *testing.T) {
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	conn, err := net.Dial("tcp", n.Addr())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err = conn.Write([]byte(http2.ClientPreface))
	require.NoError(t, err)
	framer := http2.NewFramer(conn, conn)
	require.NoError(t, framer.WriteSettings())

	tick := time.NewTicker(1100 * time.Millisecond)
	defer tick.Stop()
	for i := range byte(4) {
		require.NoError(t, framer.WritePing(false, [8]byte{i}))
		for answered := false; !answered; {
			frame, err := framer.ReadFrame()
			require.NoError(t, err)
			switch f := frame.(type) {
			case *http2.GoAwayFrame:
				require.Fail(t, "the node closed the connection", "%s", f.DebugData())
			case *http2.PingFrame:
				answered = f.IsAck() && f.Data == [8]byte{i}
			}
		}
		<-tick.C
	}
}
