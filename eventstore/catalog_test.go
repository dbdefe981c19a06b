package eventstore

import (
	"encoding/json"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"parley/domain"
)

type who struct {
	By   string `json:"by,omitempty"`
	Nick string `json:"nick" seal:"true"`
}

// remark has personal fields, one of them in an embedded struct.
type remark struct {
	who
	Text string `json:"text" seal:"true"`
	Loud bool   `json:"loud"`
}

func (remark) EventType() string   { return "TestSaid" }
func (s remark) SealedFor() string { return s.By }

func TestEmbeddedFieldsAreStoredFlatAndSealedByTheirTag(t *testing.T) {
	s := &Store{catalog: NewCatalog(remark{}), keys: fixedKeys{}}
	e := remark{who: who{By: "ana", Nick: "annie"}, Text: "hi", Loud: true}
	stored, err := s.encode(t.Context(), "test-1", []Change{{Meta: command(), Events: []domain.Event{e}}})
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(stored[0].Data, &fields))
	require.NotEmpty(t, fields["sealed"])
	delete(fields, "sealed")
	require.Equal(t, map[string]any{"subject": "ana", "by": "ana", "loud": true}, fields)
	require.Equal(t, e, decodeOne(t, s, "test-1", "TestSaid", string(stored[0].Data), `{}`).Event)
}

func TestSealedDataIsFoundAtAnyPlaceInTheJSON(t *testing.T) {
	s := &Store{catalog: NewCatalog(remark{}), keys: fixedKeys{}}
	e := remark{who: who{By: `a"na`}, Text: "hi"}
	stored, err := s.encode(t.Context(), "test-1", []Change{{Meta: command(), Events: []domain.Event{e}}})
	require.NoError(t, err)
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(stored[0].Data, &fields))
	sorted, err := json.Marshal(fields) // "by" comes first now
	require.NoError(t, err)
	require.NotEqual(t, string(stored[0].Data), string(sorted))
	require.Equal(t, e, decodeOne(t, s, "test-1", "TestSaid", string(sorted), ``).Event)
}

func TestAnEventWithoutPersonalDataIsNotSealed(t *testing.T) {
	s := &Store{catalog: NewCatalog(remark{}), keys: fixedKeys{}}
	stored, err := s.encode(t.Context(), "test-1",
		[]Change{{Meta: command(), Events: []domain.Event{remark{Loud: true}}}})
	require.NoError(t, err)
	require.JSONEq(t, `{"loud":true}`, string(stored[0].Data))
}

func TestPersonalDataWithoutASubjectIsRefused(t *testing.T) {
	s := &Store{catalog: NewCatalog(remark{}), keys: fixedKeys{}}
	_, err := s.encode(t.Context(), "test-1", []Change{{Meta: command(), Events: []domain.Event{remark{Text: "hi"}}}})
	require.ErrorContains(t, err, "no subject")
}

func TestAnAppendNeedsACommandIDAndEventsOfTheCatalog(t *testing.T) {
	s := &Store{catalog: NewCatalog(remark{})}
	_, err := s.encode(t.Context(), "test-1", []Change{{Events: []domain.Event{remark{Loud: true}}}})
	require.ErrorContains(t, err, "command id")
	_, err = s.encode(t.Context(), "test-1", []Change{{Meta: command(), Events: []domain.Event{Unknown{Type: "X"}}}})
	require.ErrorContains(t, err, "catalog")
}

func TestOlderVersionsAreUpcastIncludingTheirSealedFields(t *testing.T) {
	up := func(version int, raw map[string]json.RawMessage) {
		raw["text"] = raw["words"] // its name in version 1
		delete(raw, "words")
	}
	s := &Store{catalog: NewCatalog(remark{}).Upcast(remark{}, 2, up), keys: fixedKeys{}}
	sealed, err := s.keys.Seal(t.Context(), "ana", []byte(`{"words":"old","nick":"a"}`), aad("test-1", "TestSaid"))
	require.NoError(t, err)
	data, err := json.Marshal(map[string]any{"subject": "ana", "sealed": sealed, "by": "ana", "loud": true})
	require.NoError(t, err)
	want := remark{who: who{By: "ana", Nick: "a"}, Text: "old", Loud: true}
	require.Equal(t, want, decodeOne(t, s, "test-1", "TestSaid", string(data), `{"schema":"1"}`).Event)

	stored, err := s.encode(t.Context(), "test-1", []Change{{Meta: command(), Events: []domain.Event{want}}})
	require.NoError(t, err)
	require.Contains(t, string(stored[0].Metadata), `"schema":"2"`)
	require.Equal(t, want, decodeOne(t, s, "test-1", "TestSaid", string(stored[0].Data),
		string(stored[0].Metadata)).Event)
	require.IsType(t, Unknown{}, decodeOne(t, s, "test-1", "TestSaid", string(stored[0].Data), `{"schema":"3"}`).Event)
}

type (
	unnamed  struct{ Text string }
	unsealed struct{ remark }
	deep     struct {
		Inner []*who `json:"inner"`
	}
	forgetful struct {
		Text string `json:"text"`
		loud bool
	}
	reserved struct {
		Subject string `json:"subject"`
	}
	openPersonal struct {
		Text string `json:"text"`
	}
)

func (unnamed) EventType() string      { return "Unnamed" }
func (deep) EventType() string         { return "Deep" }
func (forgetful) EventType() string    { return "Forgetful" }
func (reserved) EventType() string     { return "Reserved" }
func (openPersonal) EventType() string { return "OpenPersonal" }
func (openPersonal) SealedFor() string { return "ana" }

func TestABrokenCatalogPanics(t *testing.T) {
	for name, types := range map[string][]domain.Event{
		"a type listed twice":             {remark{}, remark{}},
		"two types of one name":           {remark{}, unsealed{}},
		"a pointer to an event":           {&remark{}},
		"a field without a JSON name":     {unnamed{}},
		"a seal tag below a field":        {deep{}},
		"an unexported field":             {forgetful{loud: true}},
		"a field called subject":          {reserved{}},
		"a subject without sealed fields": {openPersonal{}},
	} {
		require.Panics(t, func() { NewCatalog(types...) }, name)
	}
}

func decodeOne(t *testing.T, s *Store, stream, eventType, data, meta string) Recorded {
	t.Helper()
	decoded, err := s.decodeAll(t.Context(), []*esdb.RecordedEvent{{
		StreamID: stream, EventType: eventType, Data: []byte(data), UserMetadata: []byte(meta),
	}})
	require.NoError(t, err)
	return decoded[0]
}

func FuzzDecodingNeverPanics(f *testing.F) {
	s := &Store{catalog: NewCatalog(remark{}), keys: fixedKeys{}}
	f.Add(`{"subject":"ana","sealed":"AAAAAAAAAAAAAAAAAAAAAAAA","loud":true}`, `{"schema":"1"}`)
	f.Add(`{"subject":"`, `{`)
	f.Add(`{"x":1,"sealed":null,"subject":7}`, ``)
	f.Fuzz(func(t *testing.T, data, meta string) {
		decoded, err := s.decodeAll(t.Context(), []*esdb.RecordedEvent{{
			StreamID: "test-1", EventType: "TestSaid", Data: []byte(data), UserMetadata: []byte(meta),
		}})
		require.NoError(t, err)
		require.NotNil(t, decoded[0].Event)
	})
}
