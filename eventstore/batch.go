package eventstore

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

// batchWriter writes appends to many streams with one request, and the server keeps their order. The official client has
// a request for each append; it would have to wait for each answer, because the server may write two requests in any order.
type batchWriter struct {
	config *esdb.Configuration
	conn   *grpc.ClientConn // nil while not connected
}

// write makes the appends in order and returns when all are durable. Appends that were made before are recognised. It
// reconnects until ctx ends.
func (w *batchWriter) write(ctx context.Context, appends [][]*esdb.RecordedEvent) error {
	p := backoff{first: 50 * time.Millisecond, most: time.Second}
	for {
		err := w.attempt(ctx, appends)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return contextError(ctx, err)
		}
		switch status.Code(err) {
		case codes.Unavailable, codes.DeadlineExceeded, codes.Aborted, codes.Canceled:
		default:
			return err
		}
		w.close()
		if !p.wait(ctx) {
			return contextError(ctx, err)
		}
	}
}

func (w *batchWriter) close() {
	if w.conn != nil {
		_ = w.conn.Close() // the answers are here already
		w.conn = nil
	}
}

func (w *batchWriter) attempt(ctx context.Context, appends [][]*esdb.RecordedEvent) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := w.connect(ctx); err != nil {
		return err
	}
	call, err := streams.NewStreamsClient(w.conn).BatchAppend(w.signed(ctx))
	if err != nil {
		return err
	}
	sent := make(map[string][]*esdb.RecordedEvent, len(appends))
	requests := make([]*streams.BatchAppendReq, len(appends))
	for i, events := range appends {
		id := uuid.NewString()
		sent[id], requests[i] = events, batchRequest(id, events)
	}
	go func() { // an error here ends the receiving below
		for _, r := range requests {
			if call.Send(r) != nil {
				return
			}
		}
		_ = call.CloseSend()
	}()
	for range requests {
		reply, err := call.Recv()
		if err != nil {
			return err
		}
		if failed := reply.GetError(); failed != nil {
			err := status.ErrorProto(failed)
			for _, detail := range failed.GetDetails() {
				if strings.HasSuffix(detail.GetTypeUrl(), "WrongExpectedVersion") {
					err = ErrWrongRevision
				}
			}
			if events := sent[uuidOf(reply.GetCorrelationId())]; len(events) > 0 {
				return fmt.Errorf("copy %s from revision %d: %w", events[0].StreamID, events[0].EventNumber, err)
			}
			return err
		}
	}
	return nil
}

func batchRequest(id string, events []*esdb.RecordedEvent) *streams.BatchAppendReq {
	first := events[0]
	o := &streams.BatchAppendReq_Options{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(first.StreamID)}}
	if first.EventNumber == 0 {
		o.ExpectedStreamPosition = &streams.BatchAppendReq_Options_NoStream{NoStream: &emptypb.Empty{}}
	} else {
		o.ExpectedStreamPosition = &streams.BatchAppendReq_Options_StreamPosition{StreamPosition: first.EventNumber - 1}
	}
	r := &streams.BatchAppendReq{CorrelationId: protoUUID(id), Options: o, IsFinal: true}
	for _, e := range events {
		r.ProposedMessages = append(r.ProposedMessages, &streams.BatchAppendReq_ProposedMessage{
			Id: protoUUID(e.EventID.String()), Data: e.Data, CustomMetadata: e.UserMetadata,
			Metadata: map[string]string{"type": e.EventType, "content-type": e.ContentType},
		})
	}
	return r
}

func protoUUID(id string) *shared.UUID { return &shared.UUID{Value: &shared.UUID_String_{String_: id}} }

// uuidOf reads an id in either form that servers use.
func uuidOf(id *shared.UUID) string {
	if s := id.GetStructured(); s != nil {
		var b uuid.UUID
		for i := range 8 {
			b[i] = byte(uint64(s.GetMostSignificantBits()) >> (56 - 8*i))
			b[8+i] = byte(uint64(s.GetLeastSignificantBits()) >> (56 - 8*i))
		}
		return b.String()
	}
	return id.GetString_()
}

// connect opens a connection to the server, or to the leader of a cluster.
func (w *batchWriter) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	if len(w.config.GossipSeeds) == 0 && !w.config.DnsDiscover {
		conn, err := w.dial(w.config.Address)
		w.conn = conn
		return err
	}
	var last error
	for _, address := range addresses(w.config) {
		leader, err := w.leader(ctx, address)
		if err == nil {
			w.conn, err = w.dial(leader)
			return err
		}
		last = err
	}
	return last
}

// leader asks a member of a cluster who leads it.
func (w *batchWriter) leader(ctx context.Context, address string) (string, error) {
	conn, err := w.dial(address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	cluster, err := gossip.NewGossipClient(conn).Read(ctx, &shared.Empty{})
	if err != nil {
		return "", err
	}
	for _, m := range cluster.GetMembers() {
		if m.GetIsAlive() && m.GetState() == gossip.MemberInfo_Leader {
			at := m.GetHttpEndPoint()
			return fmt.Sprintf("%s:%d", at.GetAddress(), at.GetPort()), nil
		}
	}
	return "", status.Error(codes.Unavailable, "the cluster has no leader")
}

func (w *batchWriter) dial(address string) (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if !w.config.DisableTLS {
		secure := &tls.Config{RootCAs: w.config.RootCAs, InsecureSkipVerify: w.config.SkipCertificateVerification}
		if w.config.UserCertFile != "" {
			cert, err := tls.LoadX509KeyPair(w.config.UserCertFile, w.config.UserKeyFile)
			if err != nil {
				return nil, errors.Join(errors.New("the certificate of the event store's user cannot be read"), err)
			}
			secure.Certificates = []tls.Certificate{cert}
		}
		transport = credentials.NewTLS(secure)
	}
	return grpc.NewClient(address, grpc.WithTransportCredentials(transport))
}

// signed adds the user to a request that only a leader may answer.
func (w *batchWriter) signed(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(w.authorized(ctx), "requires-leader", "true")
}

// authorized adds the user to a request. As in the official client, no password is sent without TLS.
func (w *batchWriter) authorized(ctx context.Context) context.Context {
	if w.config.DisableTLS || w.config.Username == "" {
		return ctx
	}
	pair := base64.StdEncoding.EncodeToString([]byte(w.config.Username + ":" + w.config.Password))
	return metadata.AppendToOutgoingContext(ctx, "authorization", "Basic "+pair)
}
