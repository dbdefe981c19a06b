package contact

import (
	"maps"
	"slices"

	"parley/domain"
)

// Status is what a contact is.
type Status string

// The states of a contact. The zero value is one that was never created.
const (
	StatusNone   Status = ""
	StatusActive Status = "ACTIVE"
	StatusMerged Status = "MERGED" // a pointer to the survivor
	StatusErased Status = "ERASED"
)

// State is what the rules of a contact remember. It is never changed in place.
type State struct {
	Status   Status
	ID       domain.ContactID
	ListID   domain.ListID
	Details  Details
	Tags     []string
	Survivor domain.ContactID // when merged

	managed map[domain.AgentID]Details   // what each agent keeps as his own
	merged  map[domain.ContactID]brought // what each one taken in brought
	copies  []domain.ContactID
}

type brought struct {
	details Details
	tags    []string
}

// Evolve records what happened. It never refuses and never decides.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Created:
		s.Status, s.ID, s.ListID, s.Details = StatusActive, e.ContactID, e.ListID, e.Details
	case DetailsChanged:
		s.Details.FirstName, s.Details.LastName = e.FirstName, e.LastName
	case PhoneAdded:
		s.Details.Phones = plus(s.Details.Phones, e.Phone)
	case PhoneRemoved:
		s.Details.Phones = minus(s.Details.Phones, e.Phone)
	case MailAdded:
		s.Details.Mails = plus(s.Details.Mails, e.Mail)
	case MailRemoved:
		s.Details.Mails = minus(s.Details.Mails, e.Mail)
	case FieldSet:
		s.Details.Fields = withField(s.Details.Fields, e.Key, e.Value)
	case TagAdded:
		s.Tags = plus(s.Tags, e.Tag)
	case TagRemoved:
		s.Tags = minus(s.Tags, e.Tag)
	case MovedToList:
		s.ListID = e.ListID
	case Managed:
		s.managed = put(s.managed, e.By, e.Snapshot)
	case Merged:
		s.Details = s.Details.fill(e.Filled)
		s.Tags = plus(s.Tags, e.Tags...)
		s.merged = put(s.merged, e.Other, brought{details: e.Filled, tags: e.Tags})
	case Unmerged:
		b := s.merged[e.Other]
		s.Details = s.Details.giveBack(b.details)
		s.Tags = minus(s.Tags, b.tags...)
		s.merged = maps.Clone(s.merged)
		delete(s.merged, e.Other)
	case MergedInto:
		s.Status, s.Survivor = StatusMerged, e.Survivor
	case Restored:
		s.Status, s.Survivor = StatusActive, ""
	case Duplicated:
		s.copies = append(slices.Clone(s.copies), e.CopyID)
	case Erased:
		s = State{Status: StatusErased, ID: s.ID, ListID: s.ListID}
	}
	return s
}

// fill adds what came from another contact: lists grow, what is empty is filled.
func (d Details) fill(f Details) Details {
	if d.FirstName == "" {
		d.FirstName = f.FirstName
	}
	if d.LastName == "" {
		d.LastName = f.LastName
	}
	d.Phones, d.Mails, d.UserIDs = plus(d.Phones, f.Phones...), plus(d.Mails, f.Mails...), plus(d.UserIDs, f.UserIDs...)
	for key, value := range f.Fields {
		d.Fields = withField(d.Fields, key, value)
	}
	return d
}

// giveBack takes it away again, except what was changed meanwhile: that stays with the survivor.
func (d Details) giveBack(f Details) Details {
	if d.FirstName == f.FirstName {
		d.FirstName = ""
	}
	if d.LastName == f.LastName {
		d.LastName = ""
	}
	d.Phones, d.Mails, d.UserIDs = minus(d.Phones, f.Phones...), minus(d.Mails, f.Mails...), minus(d.UserIDs, f.UserIDs...)
	for key, value := range f.Fields {
		if d.Fields[key] == value {
			d.Fields = withField(d.Fields, key, "")
		}
	}
	return d
}

func (d Details) equal(other Details) bool {
	return d.FirstName == other.FirstName && d.LastName == other.LastName && slices.Equal(d.Phones, other.Phones) &&
		slices.Equal(d.Mails, other.Mails) && slices.Equal(d.UserIDs, other.UserIDs) && maps.Equal(d.Fields, other.Fields)
}

func withField(fields map[string]string, key, value string) map[string]string {
	next := put(fields, key, value)
	if value == "" {
		delete(next, key)
	}
	return next
}

func put[K comparable, V any](m map[K]V, key K, value V) map[K]V {
	next := maps.Clone(m)
	if next == nil {
		next = make(map[K]V, 1)
	}
	next[key] = value
	return next
}

func plus(all []string, more ...string) []string {
	next := slices.Clone(all)
	for _, x := range more {
		if !slices.Contains(next, x) {
			next = append(next, x)
		}
	}
	return next
}

func minus(all []string, gone ...string) []string {
	var left []string
	for _, x := range all {
		if !slices.Contains(gone, x) {
			left = append(left, x)
		}
	}
	return left
}
