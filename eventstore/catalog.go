package eventstore

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"parley/domain"
)

// Catalog maps the stored names of all events to their Go types.
type Catalog struct {
	byName     map[string]*plan
	byType     map[reflect.Type]*plan
	aggregates []string
}

// Upcaster converts stored data of an older schema version to the current one. It modifies raw in place and
// has no other effect; raw holds all JSON fields of the event, decrypted ones included.
type Upcaster func(version int, raw map[string]json.RawMessage)

// NewCatalog builds a catalog from the zero values of all events. It panics on a programming mistake: a name
// or type listed twice, a pointer, or fields that cannot be stored.
func NewCatalog(types ...domain.Event) *Catalog {
	c := &Catalog{byName: make(map[string]*plan, len(types)), byType: make(map[reflect.Type]*plan, len(types))}
	for _, e := range types {
		t := reflect.TypeOf(e)
		name := e.EventType()
		if name == "" || c.byName[name] != nil || c.byType[t] != nil {
			panic(fmt.Sprintf("eventstore: %v is in the catalog twice, or its name %q is empty or taken", t, name))
		}
		p, err := newPlan(name, t)
		if err != nil {
			panic("eventstore: " + err.Error())
		}
		c.byName[name], c.byType[t] = p, p
	}
	return c
}

// Streams names the aggregates whose streams belong to this program, such as "interaction". Without it, every
// stream except the event store's own belongs to this program.
func (c *Catalog) Streams(aggregates ...string) *Catalog {
	c.aggregates = append(c.aggregates, aggregates...)
	slices.Sort(c.aggregates)
	c.aggregates = slices.Compact(c.aggregates)
	return c
}

// Upcast declares the current schema version of an event (2 or more) and how to read older versions.
func (c *Catalog) Upcast(e domain.Event, version int, up Upcaster) *Catalog {
	p := c.byType[reflect.TypeOf(e)]
	if p == nil || version < 2 || up == nil {
		panic(fmt.Sprintf("eventstore: cannot upcast %T to version %d", e, version))
	}
	p.schema, p.upcast = version, up
	return c
}

// Names returns the stored names of all events, sorted.
func (c *Catalog) Names() []string {
	names := make([]string, 0, len(c.byName))
	for name := range c.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// New returns the zero value of the event stored under name, or nil if there is none.
func (c *Catalog) New(name string) domain.Event {
	p := c.byName[name]
	if p == nil {
		return nil
	}
	return reflect.Zero(p.typ).Interface().(domain.Event)
}

// owns reports whether a stream belongs to this program.
func (c *Catalog) owns(stream string) bool {
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
