// Package storetest is the suite that proves an event store server good enough for Parley, one rule of the
// protocol a test, run through the official client.
package storetest

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const (
	patience  = 20 * time.Second
	pollEvery = 50 * time.Millisecond
)

// Run tests the server at a connection string such as esdb://127.0.0.1:2113?tls=false. The store need not be
// empty: every test writes to streams of its own.
func Run(t *testing.T, url string) {
	store := &store{Client: Connect(t, url)}
	t.Run("append", store.testAppend)
	t.Run("append size", store.testAppendSize)
	t.Run("delete", store.testDelete)
	t.Run("tombstone", store.testTombstone)
	t.Run("metadata", store.testMetadata)
	t.Run("read", store.testRead)
	t.Run("read all", store.testReadAll)
	t.Run("link", store.testLinks)
	t.Run("subscribe", store.testSubscribe)
	t.Run("filter", store.testFilter)
	t.Run("seam", store.testSeam)
	t.Run("group", store.testGroups)
	t.Run("group delivery", store.testGroupDelivery)
	t.Run("group parking", store.testGroupParking)
}

// Connect opens a client that is closed with the test.
func Connect(t testing.TB, url string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(url)
	require.NoError(t, err)
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

type store struct{ *esdb.Client }

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// newStream is a name nobody has used yet.
func newStream() string { return "storetest-" + uuid.NewString() }

func event(data string) esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: "Tested", ContentType: esdb.ContentTypeJson, Data: []byte(data), Metadata: []byte(`{"by":"storetest"}`)}
}

func events(n int) []esdb.EventData {
	list := make([]esdb.EventData, n)
	for i := range list {
		list[i] = event(`{}`)
	}
	return list
}

func (s *store) append(t *testing.T, stream string, expected esdb.ExpectedRevision, list ...esdb.EventData) (*esdb.WriteResult, error) {
	t.Helper()
	return s.AppendToStream(within(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, list...)
}

// appended writes and returns what must succeed.
func (s *store) appended(t *testing.T, stream string, expected esdb.ExpectedRevision, list ...esdb.EventData) *esdb.WriteResult {
	t.Helper()
	result, err := s.append(t, stream, expected, list...)
	require.NoError(t, err)
	return result
}

func (s *store) read(t *testing.T, stream string, options esdb.ReadStreamOptions, count uint64) ([]*esdb.ResolvedEvent, error) {
	t.Helper()
	reading, err := s.ReadStream(within(t), stream, options, count)
	if err != nil {
		return nil, err
	}
	defer reading.Close()
	return receiveAll(reading)
}

func receiveAll(reading *esdb.ReadStream) (list []*esdb.ResolvedEvent, err error) {
	for {
		e, err := reading.Recv()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, err
		}
		list = append(list, e)
	}
}

func revisions(list []*esdb.ResolvedEvent) []uint64 {
	numbers := []uint64{}
	for _, e := range list {
		numbers = append(numbers, e.OriginalEvent().EventNumber)
	}
	return numbers
}

func requireCode(t *testing.T, code esdb.ErrorCode, err error) {
	t.Helper()
	var known *esdb.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, code, known.Code(), "%v", err)
}
