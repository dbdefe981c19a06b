package contact

import (
	"maps"
	"slices"

	"parley/domain"
)

// Status is the state of a contact.
type Status string

// The states of a contact. The zero value means that it was never created.
const (
	StatusNone   Status = ""
	StatusActive Status = "ACTIVE"
	StatusMerged Status = "MERGED" // a pointer to the survivor
	StatusErased Status = "ERASED"
)

// State is what the rules of a contact need. It is never changed in place.
type State struct {
	Status   Status
	ID       domain.ContactID
	ListID   domain.ListID
	Details  Details
	Tags     []string
	Survivor domain.ContactID // when merged

	managed map[domain.AgentID]Details // each agent's own copy
	copies  []domain.ContactID
	origin  string
	touched bool // a person has worked on it

	sources             []source // where its values come from while others are merged into it
	suggested, declined []domain.ContactID

	take       Choice        // when merged: the values chosen for the survivor
	mergedBy   domain.UserID // who merged it
	restoredBy domain.UserID // who last undid its merge

	marketing marketing
}

// MergedBy returns who merged the contact into another one, or "" if the program did.
func (s State) MergedBy() domain.UserID { return s.mergedBy }

// RestoredBy returns who last undid the contact's merge, or "" if the program did.
func (s State) RestoredBy() domain.UserID { return s.restoredBy }

// MadeByProgram reports whether the program created the contact for a customer and no person has worked on it.
func (s State) MadeByProgram() bool {
	return s.Status == StatusActive && s.origin == "TRIGGER" && !s.touched
}

// author returns the person who changed a contact, or "" if the program did.
func author(e Event) domain.UserID {
	switch e := e.(type) {
	case DetailsChanged:
		return e.By
	case PhoneAdded:
		return e.By
	case PhoneRemoved:
		return e.By
	case EmailAdded:
		return e.By
	case EmailRemoved:
		return e.By
	case FieldSet:
		return e.By
	case TagAdded:
		return e.By
	case TagRemoved:
		return e.By
	case MovedToList:
		return e.By
	case Managed:
		return e.By
	case Merged:
		return e.By
	case Unmerged:
		return e.By
	case MergedInto:
		return e.By
	case Restored:
		return e.By
	}
	return ""
}

// Evolve applies an event to the state. It never refuses one.
func Evolve(s State, e Event) State {
	s.touched = s.touched || author(e) != ""
	s.sources = edit(s.sources, s.Details, e)
	switch e := e.(type) {
	case Created:
		s.origin = e.Origin
		s.Status, s.ID, s.ListID, s.Details = StatusActive, e.ContactID, e.ListID, e.Details
	case DetailsChanged:
		s.Details.FirstName, s.Details.LastName = e.FirstName, e.LastName
	case PhoneAdded:
		s.Details.Phones = plus(s.Details.Phones, e.Phone)
	case PhoneRemoved:
		s.Details.Phones = minus(s.Details.Phones, e.Phone)
	case EmailAdded:
		s.Details.Emails = plus(s.Details.Emails, e.Email)
	case EmailRemoved:
		s.Details.Emails = minus(s.Details.Emails, e.Email)
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
	case Duplicated:
		s.copies = append(slices.Clone(s.copies), e.CopyID)
	case MarketingStopped:
		s.marketing = marketing{stopped: true, at: e.StatedAt}
	case MarketingResumed:
		s.marketing = marketing{at: e.StatedAt}
	case Erased:
		s = State{Status: StatusErased, ID: s.ID, ListID: s.ListID}
	default:
		return evolveMerging(s, e)
	}
	return s
}

func (d Details) equal(other Details) bool {
	return d.FirstName == other.FirstName && d.LastName == other.LastName && slices.Equal(d.Phones, other.Phones) &&
		slices.Equal(d.Emails, other.Emails) && slices.Equal(d.UserIDs, other.UserIDs) &&
		maps.Equal(d.Fields, other.Fields)
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
	var kept []string
	for _, x := range all {
		if !slices.Contains(gone, x) {
			kept = append(kept, x)
		}
	}
	return kept
}
