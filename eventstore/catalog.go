package eventstore

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"parley/domain"
)

// Catalog is the list of every event ever written: stored name ↔ Go type.
type Catalog struct {
	byName     map[string]*plan
	byType     map[reflect.Type]*plan
	aggregates []string
}

// Upcaster brings stored data of an older schema version to the present one. It is pure and changes raw in place; raw
// holds the event's JSON fields, opened ones included.
type Upcaster func(version int, raw map[string]json.RawMessage)

// NewCatalog lists the zero values of all events. It panics on a list that can never work: a name or type given twice,
// a pointer, or fields that cannot be stored. Those are mistakes in the program, found by any test that builds it.
func NewCatalog(types ...domain.Event) *Catalog {
	c := &Catalog{byName: make(map[string]*plan, len(types)), byType: make(map[reflect.Type]*plan, len(types))}
	for _, e := range types {
		t := reflect.TypeOf(e)
		name := e.EventType()
		if name == "" || c.byName[name] != nil || c.byType[t] != nil {
			panic(fmt.Sprintf("eventstore: %v is in the catalog twice, or its name %q is", t, name))
		}
		p, err := newPlan(name, t)
		if err != nil {
			panic("eventstore: " + err.Error())
		}
		c.byName[name], c.byType[t] = p, p
	}
	return c
}

// Streams names the aggregates whose streams are ours, such as "interaction". Without it every stream that is not the
// system's is taken for ours.
func (c *Catalog) Streams(aggregates ...string) *Catalog {
	c.aggregates = append(c.aggregates, aggregates...)
	slices.Sort(c.aggregates)
	c.aggregates = slices.Compact(c.aggregates)
	return c
}

// Upcast says that events like e are now written with this schema version (2 or more), and how older ones are read.
func (c *Catalog) Upcast(e domain.Event, version int, up Upcaster) *Catalog {
	p := c.byType[reflect.TypeOf(e)]
	if p == nil || version < 2 || up == nil {
		panic(fmt.Sprintf("eventstore: cannot upcast %T to version %d", e, version))
	}
	p.schema, p.upcast = version, up
	return c
}

// Names are the stored names, sorted.
func (c *Catalog) Names() []string {
	names := make([]string, 0, len(c.byName))
	for name := range c.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New is the zero value of the event stored under name, nil when there is no such event.
func (c *Catalog) New(name string) domain.Event {
	p := c.byName[name]
	if p == nil {
		return nil
	}
	return reflect.Zero(p.typ).Interface().(domain.Event)
}

// ours says whether a stream belongs to this program.
func (c *Catalog) ours(stream string) bool {
	if stream == "" || stream[0] == '$' {
		return false
	}
	if len(c.aggregates) == 0 {
		return true
	}
	aggregate, _ := splitStream(stream)
	_, found := slices.BinarySearch(c.aggregates, aggregate)
	return found
}
