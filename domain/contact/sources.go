package contact

import (
	"maps"
	"slices"

	"parley/domain"
	"parley/domain/phone"
)

// source is a contact that values come from: the survivor itself, which comes first, or a contact merged into
// it.
type source struct {
	id     domain.ContactID // empty: the contact itself
	values values
	choice Choice             // its values that win over the contact's own
	before []domain.ContactID // the contacts merged into it by then

	edited  Choice // values that someone has changed since: the source's own no longer count
	removed lists  // values that someone has removed since
}

// values are what a merge combines.
type values struct {
	first, last string
	fields      map[string]string
	lists       lists
}

// lists holds the phones, emails, user ids and tags of a contact.
type lists [4][]string

const (
	phones = iota
	emails
	userIDs
	tags
)

func valuesOf(d Details, t []string) values {
	return values{first: d.FirstName, last: d.LastName, fields: d.Fields, lists: lists{d.Phones, d.Emails, d.UserIDs, t}}
}

func (v values) details() Details {
	return Details{FirstName: v.first, LastName: v.last, Phones: v.lists[phones], Emails: v.lists[emails],
		UserIDs: v.lists[userIDs], Fields: v.fields}
}

func (v values) equal(other values) bool {
	return v.details().equal(other.details()) && slices.Equal(v.lists[tags], other.lists[tags])
}

// find returns the place of a value in a list. A number counts in any spelling.
func find(kind int, list []string, value string) int {
	if kind != phones {
		return slices.Index(list, value)
	}
	key := phone.Canonical(value)
	return slices.IndexFunc(list, func(x string) bool { return phone.Canonical(x) == key })
}

// list returns what a source has now.
func (s source) list(kind int) []string {
	return slices.DeleteFunc(slices.Clone(s.values.lists[kind]),
		func(x string) bool { return find(kind, s.removed[kind], x) >= 0 })
}

// firstName, lastName and field return a value of a source, and whether someone chose it when merging.
func (s source) firstName() (string, bool) {
	if s.edited.FirstName {
		return "", false
	}
	return s.values.first, s.choice.FirstName
}

func (s source) lastName() (string, bool) {
	if s.edited.LastName {
		return "", false
	}
	return s.values.last, s.choice.LastName
}

func (s source) field(key string) (string, bool) {
	if slices.Contains(s.edited.Fields, key) {
		return "", false
	}
	return s.values.fields[key], slices.Contains(s.choice.Fields, key)
}

// combine returns the values that a contact gets from its sources. Lists keep their present order.
func combine(sources []source, present values) values {
	pick := func(get func(source) (string, bool)) (value string) {
		for _, s := range sources {
			if v, chosen := get(s); v != "" && (value == "" || chosen) {
				value = v
			}
		}
		return value
	}
	all := values{first: pick(source.firstName), last: pick(source.lastName)}
	for _, s := range sources {
		for key := range s.values.fields {
			if value := pick(func(s source) (string, bool) { return s.field(key) }); value != "" {
				all.fields = put(all.fields, key, value)
			}
		}
	}
	for kind := range all.lists {
		var known []string
		for _, s := range sources {
			for _, x := range s.list(kind) {
				if find(kind, known, x) < 0 {
					known = append(known, x)
				}
			}
		}
		var kept []string
		for _, x := range present.lists[kind] {
			if at := find(kind, known, x); at >= 0 && find(kind, kept, x) < 0 {
				if !slices.Contains(known, x) {
					x = known[at]
				}
				kept = append(kept, x)
			}
		}
		for _, x := range known {
			if find(kind, kept, x) < 0 {
				kept = append(kept, x)
			}
		}
		all.lists[kind] = kept
	}
	return all
}

// edit records in the sources which value someone has changed.
func edit(sources []source, has Details, e Event) []source {
	if len(sources) == 0 {
		return sources
	}
	sources = slices.Clone(sources)
	switch e := e.(type) {
	case DetailsChanged:
		if e.FirstName != has.FirstName {
			set(sources, func(s *source) { s.values.first = e.FirstName }, func(c *Choice) { c.FirstName = true })
		}
		if e.LastName != has.LastName {
			set(sources, func(s *source) { s.values.last = e.LastName }, func(c *Choice) { c.LastName = true })
		}
	case FieldSet:
		set(sources, func(s *source) { s.values.fields = withField(s.values.fields, e.Key, e.Value) },
			func(c *Choice) { c.Fields = plus(c.Fields, e.Key) })
	case PhoneAdded:
		add(sources, phones, e.Phone)
	case PhoneRemoved:
		remove(sources, phones, e.Phone)
	case EmailAdded:
		add(sources, emails, e.Email)
	case EmailRemoved:
		remove(sources, emails, e.Email)
	case TagAdded:
		add(sources, tags, e.Tag)
	case TagRemoved:
		remove(sources, tags, e.Tag)
	}
	return sources
}

// set makes a value the contact's own. It writes to sources, which must be a copy.
func set(sources []source, own func(*source), edited func(*Choice)) {
	own(&sources[0])
	for i := range sources[1:] {
		edited(&sources[i+1].edited)
	}
}

// add gives a value back to the sources that had it. If none had it, the value becomes the contact's own.
func add(sources []source, kind int, value string) {
	had := false
	for i := range sources {
		s := &sources[i]
		had = had || find(kind, s.values.lists[kind], value) >= 0
		if at := find(kind, s.removed[kind], value); at >= 0 {
			s.removed[kind] = slices.Delete(slices.Clone(s.removed[kind]), at, at+1)
		}
	}
	if !had {
		sources[0].values.lists[kind] = plus(sources[0].values.lists[kind], value)
	}
}

func remove(sources []source, kind int, value string) {
	for i := range sources {
		if s := &sources[i]; find(kind, s.list(kind), value) >= 0 {
			s.removed[kind] = plus(s.removed[kind], value)
		}
	}
}

// merged returns the sources after a merge.
func (s State) mergedWith(e Merged) []source {
	sources := slices.Clone(s.sources)
	if len(sources) == 0 {
		sources = []source{{values: valuesOf(s.Details, s.Tags)}}
	}
	return append(sources, source{id: e.Other, values: valuesOf(e.From, e.FromTags), choice: choiceOf(e.Overwritten),
		before: e.Before})
}

// without returns the sources without one of them.
func (s State) without(other domain.ContactID) []source {
	return slices.DeleteFunc(slices.Clone(s.sources), func(x source) bool { return x.id == other })
}

// revised returns the sources after one of them has changed.
func (s State) revised(other domain.ContactID, v values, before []domain.ContactID) []source {
	sources := slices.Clone(s.sources)
	if at := s.source(other); at >= 0 {
		sources[at].values, sources[at].before = v, before
	}
	return sources
}

// source returns the place of a merged contact among the sources, or -1.
func (s State) source(other domain.ContactID) int {
	return slices.IndexFunc(s.sources, func(x source) bool { return x.id == other && other != "" })
}

// Merged returns the contacts that were merged into this one.
func (s State) Merged() []domain.ContactID {
	var all []domain.ContactID
	for _, x := range s.sources {
		if x.id != "" {
			all = append(all, x.id)
		}
	}
	return all
}

// Through returns the contact that brought the values of other here: other itself, or the contact that other
// had been merged into before. It returns "" if this contact has no values of other.
func (s State) Through(other domain.ContactID) domain.ContactID {
	for _, x := range s.sources {
		if x.id != "" && (x.id == other || slices.Contains(x.before, other)) {
			return x.id
		}
	}
	return ""
}

// family returns the contacts that were merged into this one, directly or through another.
func (s State) family() []domain.ContactID {
	var all []domain.ContactID
	for _, x := range s.sources {
		if x.id != "" {
			all = append(append(all, x.id), x.before...)
		}
	}
	return all
}

// choiceOf derives the chosen values from the ones they replaced.
func choiceOf(overwritten Details) Choice {
	return Choice{FirstName: overwritten.FirstName != "", LastName: overwritten.LastName != "",
		Fields: slices.Sorted(maps.Keys(overwritten.Fields))}
}
