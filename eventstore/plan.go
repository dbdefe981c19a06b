package eventstore

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"parley/domain"
)

// plan says how one type of event is stored: which fields are plain and which are sealed.
type plan struct {
	name   string
	typ    reflect.Type
	schema int // version of the shape, stored in the metadata
	upcast Upcaster
	plain  part
	sealed part // empty when the event has no personal data
}

// part is a struct type made from some of the event's fields, so that encoding/json
// applies its usual rules to them.
type part struct {
	typ    reflect.Type
	fields [][]int // where each field of typ is in the event
}

var (
	personalType  = reflect.TypeFor[domain.Personal]()
	marshalerType = reflect.TypeFor[json.Marshaler]()
)

func newPlan(name string, t reflect.Type) (*plan, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is not a struct", t)
	}
	if t.Implements(marshalerType) {
		return nil, fmt.Errorf("%v marshals itself, which would bypass sealing", t)
	}
	var plain, sealed []reflect.StructField
	var plainAt, sealedAt [][]int
	names := map[string]bool{"subject": true, "sealed": true}
	for _, f := range reflect.VisibleFields(t) {
		if flattened(f) {
			if f.Type.Kind() != reflect.Struct || f.Type.Implements(marshalerType) {
				return nil, fmt.Errorf("%v: embedded %s is not a plain struct", t, f.Name)
			}
			continue
		}
		if nested(t, f.Index) {
			continue // stored as part of another field
		}
		if !f.IsExported() {
			return nil, fmt.Errorf("%v: field %s is unexported and would not be stored", t, f.Name)
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if key == "" || key == "-" || names[key] {
			return nil, fmt.Errorf("%v: field %s needs a unique JSON name", t, f.Name)
		}
		names[key] = true
		if path, found := sealedWithin(f.Type, nil); found {
			return nil, fmt.Errorf("%v: only the event's own fields can be sealed, not %s.%s", t, f.Name, path)
		}
		field := reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag}
		if f.Tag.Get("seal") == "true" {
			sealed, sealedAt = append(sealed, field), append(sealedAt, f.Index)
		} else {
			plain, plainAt = append(plain, field), append(plainAt, f.Index)
		}
	}
	if t.Implements(personalType) != (len(sealed) > 0) {
		return nil, fmt.Errorf("%v: sealed fields need SealedFor and the other way round", t)
	}
	return &plan{
		name: name, typ: t, schema: 1,
		plain:  part{typ: reflect.StructOf(plain), fields: plainAt},
		sealed: part{typ: reflect.StructOf(sealed), fields: sealedAt},
	}, nil
}

// flattened reports whether encoding/json promotes the fields of an embedded struct.
func flattened(f reflect.StructField) bool {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return f.Anonymous && key == ""
}

// nested reports whether the path leads through an embedded struct that is not flattened.
func nested(t reflect.Type, index []int) bool {
	for i := 1; i < len(index); i++ {
		if !flattened(t.FieldByIndex(index[:i])) {
			return true
		}
	}
	return false
}

// sealedWithin looks for a seal tag below a field, where it would have no effect.
func sealedWithin(t reflect.Type, seen []reflect.Type) (string, bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return sealedWithin(t.Elem(), seen)
	case reflect.Struct:
		for _, s := range seen {
			if s == t {
				return "", false
			}
		}
		seen = append(seen, t)
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get("seal") != "" {
				return f.Name, true
			}
			if path, found := sealedWithin(f.Type, seen); found {
				return f.Name + "." + path, true
			}
		}
	}
	return "", false
}

// hasValue reports whether the event has a value in any field of this part.
func (p part) hasValue(event reflect.Value) bool {
	for _, at := range p.fields {
		if !event.FieldByIndex(at).IsZero() {
			return true
		}
	}
	return false
}

// marshal encodes this part of the event as JSON.
func (p part) marshal(event reflect.Value) ([]byte, error) {
	half := reflect.New(p.typ)
	for i, at := range p.fields {
		half.Elem().Field(i).Set(event.FieldByIndex(at))
	}
	return json.Marshal(half.Interface())
}
