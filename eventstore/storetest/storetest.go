// Package storetest is the test suite an event store server must pass for Parley to run on it. Each test
// checks one rule of the protocol through the official client.
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

	"parley/internal/testwait"
)

const (
	patience  = testwait.Limit
	pollEvery = 50 * time.Millisecond
)

// Run tests the server at a connection string such as esdb://127.0.0.1:2113?tls=false. The store need not be
// empty: every test writes to its own streams.
func Run(t *testing.T, url string) {
	store := &store{Client: Connect(t, url)}
	t.Run("appending to a stream", store.testAppend)
	t.Run("size of an append", store.testAppendSize)
	t.Run("deleting a stream", store.testDelete)
	t.Run("tombstoning a stream", store.testTombstone)
	t.Run("metadata of a stream", store.testMetadata)
	t.Run("reading a stream", store.testRead)
	t.Run("reading the log", store.testReadAll)
	t.Run("links to events", store.testLinks)
	t.Run("subscribing to events", store.testSubscribe)
	t.Run("filters of subscriptions", store.testFilter)
	t.Run("between history and live", store.testHandover)
	t.Run("persistent subscription groups", store.testGroups)
	t.Run("delivery to groups", store.testGroupDelivery)
	t.Run("parking in groups", store.testGroupParking)
}

// Connect opens a client and closes it when the test ends.
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

func withTimeout(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// newStream returns an unused stream name.
func newStream() string { return "storetest-" + uuid.NewString() }

func event(data string) esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: "Tested", ContentType: esdb.ContentTypeJson,
		Data: []byte(data), Metadata: []byte(`{"by":"storetest"}`)}
}

func events(n int) []esdb.EventData {
	list := make([]esdb.EventData, n)
	for i := range list {
		list[i] = event(`{}`)
	}
	return list
}

func (s *store) append(
	t *testing.T, stream string, expected esdb.ExpectedRevision, list ...esdb.EventData,
) (*esdb.WriteResult, error) {
	t.Helper()
	return s.AppendToStream(withTimeout(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, list...)
}

// appended appends and requires success.
func (s *store) appended(
	t *testing.T, stream string, expected esdb.ExpectedRevision, list ...esdb.EventData,
) *esdb.WriteResult {
	t.Helper()
	result, err := s.append(t, stream, expected, list...)
	require.NoError(t, err)
	return result
}

func (s *store) read(
	t *testing.T, stream string, options esdb.ReadStreamOptions, count uint64,
) ([]*esdb.ResolvedEvent, error) {
	t.Helper()
	reading, err := s.ReadStream(withTimeout(t), stream, options, count)
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
