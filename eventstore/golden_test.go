package eventstore

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/internal/seal"
)

var update = flag.Bool("golden", false, "write golden files for events that have none; existing ones stay as they are")

// canary is part of every sealed text in a golden event, so a test can search for it in plain data.
const canary = "canary"

// golden is an event as it was first stored.
type golden struct {
	Stream   string          `json:"stream"`
	Type     string          `json:"type"`
	Metadata json.RawMessage `json:"metadata"`
	Data     json.RawMessage `json:"data"`
}

func TestEveryStoredEventStillDecodes(t *testing.T) {
	s := &Store{catalog: All(), keys: fixedKeys{}}
	for _, name := range s.catalog.Names() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "events", name+".json")
			if _, err := os.Stat(path); os.IsNotExist(err) && *update {
				writeGolden(t, s, path, name)
			}
			stored, err := os.ReadFile(path)
			require.NoError(t, err,
				"the event has no golden file; run: go test ./eventstore -run EveryStoredEvent -golden")
			require.NotContains(t, string(stored), canary, "personal data is not sealed")
			require.NotContains(t, string(stored), base64.StdEncoding.EncodeToString([]byte(canary)),
				"personal data is not sealed")

			var g golden
			require.NoError(t, json.Unmarshal(stored, &g))
			require.Equal(t, name, g.Type)
			decoded, err := s.decodeAll(t.Context(), []*esdb.RecordedEvent{{
				StreamID: g.Stream, EventType: g.Type, Data: compact(t, g.Data), UserMetadata: g.Metadata,
			}})
			require.NoError(t, err)
			require.IsType(t, s.catalog.New(name), decoded[0].Event, "%+v", decoded[0].Event)

			again, err := s.encode(t.Context(), g.Stream,
				[]Change{{Meta: decoded[0].Metadata, Events: []domain.Event{decoded[0].Event}}})
			require.NoError(t, err)
			require.Equal(t, string(compact(t, g.Data)), string(again[0].Data))
			if p, ok := decoded[0].Event.(domain.Personal); ok {
				require.NotEmpty(t, p.SealedFor())
				require.True(t, s.catalog.byName[name].sealed.hasValue(reflect.ValueOf(p)),
					"the sealed fields are empty")
			}
		})
	}
}

func TestEveryGoldenFileHasAnEventInTheCatalog(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	c := All()
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		require.NotNil(t, c.New(name), "%s has been stored, so it must stay in the catalog", name)
	}
}

func TestEveryEventBelongsToAKnownAggregate(t *testing.T) {
	c := All()
	for _, name := range c.Names() {
		require.NotEmpty(t, aggregateOf(c, name), name)
	}
}

func writeGolden(t *testing.T, s *Store, path, name string) {
	v := reflect.New(reflect.TypeOf(s.catalog.New(name))).Elem()
	fill(v, name, false)
	stream := aggregateOf(s.catalog, name) + "-7d0c6f8e-5f0a-5c7e-9d3f-0a4be1c7a001"
	meta := Metadata{
		Actor: "01a2b3c4-0000-7000-8000-000000000001", CommandID: "01a2b3c4-0000-7000-8000-000000000002",
		CorrelationID: "01a2b3c4-0000-7000-8000-000000000003",
		CausationID:   "01a2b3c4-0000-7000-8000-000000000004", Digest: "9f86d081884c7d65",
	}
	events, err := s.encode(t.Context(), stream,
		[]Change{{Meta: meta, Events: []domain.Event{v.Interface().(domain.Event)}}})
	require.NoError(t, err)
	data, err := json.MarshalIndent(golden{Stream: stream, Type: name, Metadata: events[0].Metadata,
		Data: events[0].Data}, "", "  ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(data, '\n'), 0o644))
}

func aggregateOf(c *Catalog, name string) string {
	found := ""
	for _, a := range c.aggregates {
		if strings.HasPrefix(strings.ToLower(name), a) && len(a) > len(found) {
			found = a
		}
	}
	return found
}

// fill sets every field to a non-zero value that is the same on every run.
func fill(v reflect.Value, path string, secret bool) {
	text := path
	if secret {
		text = canary + " " + path
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, secret)
	case reflect.Slice:
		switch {
		case v.Type() == reflect.TypeFor[json.RawMessage]():
			v.SetBytes([]byte(`{"text":"` + text + `"}`))
		case v.Type().Elem().Kind() == reflect.Uint8:
			v.SetBytes([]byte(text))
		default:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), path, secret)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, path, secret)
		fill(value, path, secret)
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf(text))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			fill(v.Field(i), path+"."+f.Name, secret || f.Tag.Get("seal") == "true")
		}
	}
}

// fixedKeys seals with keys and nonces that are the same on every run, so that golden files can be compared.
type fixedKeys struct{}

func (fixedKeys) Ensure(context.Context, ...string) error { return nil }
func (fixedKeys) Load(context.Context, ...string) error   { return nil }

func (fixedKeys) Seal(_ context.Context, subject string, plain, aad []byte) ([]byte, error) {
	nonce := sha256.Sum256(append([]byte(subject), plain...))
	return fixedAEAD(subject).Seal(nonce[:12:12], nonce[:12], plain, aad), nil
}

func (fixedKeys) Open(_ context.Context, subject string, sealed, aad []byte) ([]byte, error) {
	if len(sealed) < 12 {
		return nil, seal.ErrUnreadable
	}
	plain, err := fixedAEAD(subject).Open(nil, sealed[:12], sealed[12:], aad)
	if err != nil {
		return nil, seal.ErrUnreadable
	}
	return plain, nil
}

func fixedAEAD(subject string) cipher.AEAD {
	key := sha256.Sum256([]byte(subject))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func compact(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	require.NoError(t, json.Compact(&b, data))
	return b.Bytes()
}
