package all_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/all"
)

// An event that cannot be read stops only the read models that declare it. A model that folds an event without
// declaring it would carry on without it.
func TestReadModelsDeclareExactlyTheEventsTheyFold(t *testing.T) {
	catalog := eventstore.All()
	for _, name := range catalog.Names() {
		e := eventstore.Recorded{Type: name, Event: filled(catalog.New(name)), AggregateID: "1"}
		e.Aggregate, _, _ = strings.Cut(storedStream(t, name), "-")
		for _, m := range all.Models() {
			require.Equal(t, folds(m, e), m.Concerns(e), "%s and %s: change Consumes of the model", m.Name, name)
		}
	}
}

func TestAReadModelIsConcernedByUnknownTypesOfItsStreams(t *testing.T) {
	unknown := eventstore.Unknown{Type: "InteractionSung"}
	for _, m := range all.Models() {
		consumes := func(aggregate string) bool {
			for _, s := range m.Consumes {
				if s.Aggregate == aggregate {
					return true
				}
			}
			return false
		}
		e := eventstore.Recorded{Aggregate: "interaction", Type: unknown.Type, Event: unknown}
		require.Equal(t, consumes("interaction"), m.Concerns(e), m.Name)
	}
}

// storedStream returns the name of a stream that holds events of a type.
func storedStream(t *testing.T, name string) string {
	t.Helper()
	stored, err := os.ReadFile(filepath.Join("..", "..", "eventstore", "testdata", "events", name+".json"))
	require.NoError(t, err)
	var golden struct{ Stream string }
	require.NoError(t, json.Unmarshal(stored, &golden))
	return golden.Stream
}

// folds reports whether some table has rows for an event.
func folds(m projections.Model, e eventstore.Recorded) bool {
	for _, table := range m.Tables {
		keys := reflect.ValueOf(table).FieldByName("Keys").Call([]reflect.Value{reflect.ValueOf(e)})
		if keys[0].Len() > 0 {
			return true
		}
	}
	return false
}

// filled returns the event with a value in every field.
func filled(e domain.Event) domain.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	fill(v)
	return v.Interface().(domain.Event)
}

func fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	}
}
