package contact

import (
	"slices"

	"parley/domain"
)

// The refusals of merging.
var (
	ErrMergeSelf = &domain.Refusal{
		Kind: domain.Invalid, Code: "MERGE_SELF",
		Message: "A contact cannot be merged with itself.",
	}
	ErrMergedElsewhere = &domain.Refusal{
		Kind: domain.Conflict, Code: "MERGED_ELSEWHERE",
		Message: "The other contact was merged into a third contact.",
	}
	ErrOtherNotMerged = &domain.Refusal{
		Kind: domain.Conflict, Code: "OTHER_NOT_MERGED",
		Message: "The other contact is not ready to be merged.",
	}
)

// Choice names the values that the survivor takes from the other contact even if it has its own. It keeps its
// own where the other contact has none.
type Choice struct {
	FirstName bool     `json:"firstName,omitempty"`
	LastName  bool     `json:"lastName,omitempty"`
	Fields    []string `json:"fields,omitempty"` // keys
}

func mergeInto(s State, c MergeInto) ([]Event, error) {
	switch {
	case c.Survivor == "" || c.Survivor == s.ID:
		return nil, ErrMergeSelf
	case s.Status == StatusMerged && s.Survivor == c.Survivor:
		return nil, nil
	case s.Status == StatusMerged:
		return nil, ErrMerged.With("survivor", string(s.Survivor))
	case s.source(c.Survivor) >= 0:
		return nil, ErrMerged.With("survivor", string(s.ID))
	}
	return []Event{MergedInto{Survivor: c.Survivor, Take: c.Take, By: c.By, At: c.At}}, nil
}

func merge(s State, c Merge) ([]Event, error) {
	other := c.Other
	switch {
	case other.Status == StatusNone:
		return nil, ErrUnknown
	case other.ID == s.ID:
		return nil, ErrMergeSelf
	case other.Status == StatusErased:
		return nil, ErrErased
	case other.Status != StatusMerged:
		return nil, ErrOtherNotMerged
	case other.Survivor != s.ID:
		return nil, ErrMergedElsewhere.With("survivor", string(other.Survivor))
	case s.source(other.ID) >= 0:
		return reviseMerge(s, c)
	case s.Status == StatusMerged:
		return nil, ErrMerged.With("survivor", string(s.Survivor))
	}
	return []Event{Merged{
		ContactID: s.ID, Other: other.ID, Filled: s.Details.missing(other.Details),
		Overwritten: s.Details.overwritten(other.Details, other.take), Tags: minus(other.Tags, s.Tags...),
		From: other.Details, FromTags: other.Tags, Before: other.family(), By: other.mergedBy, At: c.At,
	}}, nil
}

// reviseMerge takes over the present values of a merged contact whose own merges have changed.
func reviseMerge(s State, c Merge) ([]Event, error) {
	has, before := valuesOf(c.Other.Details, c.Other.Tags), c.Other.family()
	known := s.sources[s.source(c.Other.ID)]
	if known.values.equal(has) && slices.Equal(known.before, before) {
		return nil, nil
	}
	now := combine(s.revised(c.Other.ID, has, before), valuesOf(s.Details, s.Tags))
	return []Event{MergeRevised{ContactID: s.ID, Other: c.Other.ID, From: c.Other.Details, FromTags: c.Other.Tags,
		Before: before, Details: now.details(), Tags: now.lists[tags], At: c.At}}, nil
}

// missing returns what d lacks and other has.
func (d Details) missing(other Details) Details {
	var f Details
	if d.FirstName == "" {
		f.FirstName = other.FirstName
	}
	if d.LastName == "" {
		f.LastName = other.LastName
	}
	f.Phones = distinct(other.Phones, d.Phones...)
	f.Emails = minus(other.Emails, d.Emails...)
	f.UserIDs = minus(other.UserIDs, d.UserIDs...)
	for key, value := range other.Fields {
		if d.Fields[key] == "" && value != "" {
			f.Fields = put(f.Fields, key, value)
		}
	}
	return f
}

// overwritten returns the values of d that a choice replaces.
func (d Details) overwritten(other Details, take Choice) Details {
	var o Details
	if take.FirstName && other.FirstName != "" {
		o.FirstName = d.FirstName
	}
	if take.LastName && other.LastName != "" {
		o.LastName = d.LastName
	}
	for _, key := range take.Fields {
		if other.Fields[key] != "" && d.Fields[key] != "" {
			o.Fields = put(o.Fields, key, d.Fields[key])
		}
	}
	return o
}

// After returns the details after a merge: it extends lists, fills empty parts and replaces what was chosen.
func (d Details) After(e Merged) Details {
	take := choiceOf(e.Overwritten)
	if d.FirstName == "" {
		d.FirstName = e.Filled.FirstName
	}
	if d.LastName == "" {
		d.LastName = e.Filled.LastName
	}
	if take.FirstName {
		d.FirstName = e.From.FirstName
	}
	if take.LastName {
		d.LastName = e.From.LastName
	}
	d.Phones = plus(d.Phones, e.Filled.Phones...)
	d.Emails = plus(d.Emails, e.Filled.Emails...)
	d.UserIDs = plus(d.UserIDs, e.Filled.UserIDs...)
	for key, value := range e.Filled.Fields {
		if d.Fields[key] == "" {
			d.Fields = withField(d.Fields, key, value)
		}
	}
	for _, key := range take.Fields {
		d.Fields = withField(d.Fields, key, e.From.Fields[key])
	}
	return d
}

func unmerge(s State, c Unmerge) ([]Event, error) {
	if s.source(c.Other) < 0 {
		return nil, nil
	}
	now := combine(s.without(c.Other), valuesOf(s.Details, s.Tags))
	return []Event{MergeRevised{ContactID: s.ID, Other: c.Other, Details: now.details(), Tags: now.lists[tags], At: c.At},
		Unmerged{Other: c.Other, By: c.By, At: c.At}}, nil
}

func restore(s State, c Restore) ([]Event, error) {
	switch {
	case s.Status != StatusMerged:
		return nil, nil
	case s.Survivor != c.From:
		return nil, ErrMergedElsewhere.With("survivor", string(s.Survivor))
	}
	return []Event{Restored{From: c.From, By: c.By, At: c.At}}, nil
}

func suggestMerge(s State, c SuggestMerge) ([]Event, error) {
	if c.Other == s.ID || s.knows(c.Other) {
		return nil, nil
	}
	return []Event{MergeSuggested{Other: c.Other, At: c.At}}, nil
}

// knows reports whether a merge with another contact must not be suggested, because it was made, suggested or
// declined before.
func (s State) knows(other domain.ContactID) bool {
	return s.source(other) >= 0 || slices.Contains(s.suggested, other) || s.DeclinedMerge(other)
}

// SuggestedMerge reports whether a merge with another contact is suggested.
func (s State) SuggestedMerge(other domain.ContactID) bool {
	return slices.Contains(s.suggested, other)
}

// DeclinedMerge reports whether a person has said that another contact is not the same person.
func (s State) DeclinedMerge(other domain.ContactID) bool { return slices.Contains(s.declined, other) }

func declineMerge(s State, c DeclineMerge) ([]Event, error) {
	if !slices.Contains(s.suggested, c.Other) {
		return nil, nil
	}
	return []Event{MergeDeclined{Other: c.Other, By: c.By, At: c.At}}, nil
}

// evolveMerging applies an event about merges to the state.
func evolveMerging(s State, e Event) State {
	switch e := e.(type) {
	case Merged:
		s.sources = s.mergedWith(e)
		s.Details, s.Tags = s.Details.After(e), plus(s.Tags, e.Tags...)
		s.suggested = gone(s.suggested, e.Other)
	case MergeRevised:
		s.sources = s.revised(e.Other, valuesOf(e.From, e.FromTags), e.Before)
		s.Details, s.Tags = e.Details, e.Tags
	case Unmerged:
		if s.sources = s.without(e.Other); len(s.sources) == 1 {
			s.sources = nil
		}
		if e.By != "" {
			s.declined = append(slices.Clip(s.declined), e.Other)
		}
	case MergedInto:
		s.Status, s.Survivor, s.take, s.mergedBy = StatusMerged, e.Survivor, e.Take, e.By
		s.suggested = gone(s.suggested, e.Survivor)
	case Restored:
		s.Status, s.Survivor, s.take, s.restoredBy = StatusActive, "", Choice{}, e.By
	case MergeSuggested:
		s.suggested = append(slices.Clip(s.suggested), e.Other)
	case MergeDeclined:
		s.suggested = gone(s.suggested, e.Other)
		s.declined = append(slices.Clip(s.declined), e.Other)
	}
	return s
}

func gone(all []domain.ContactID, id domain.ContactID) []domain.ContactID {
	return slices.DeleteFunc(slices.Clone(all), func(x domain.ContactID) bool { return x == id })
}
