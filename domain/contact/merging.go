package contact

import "parley/domain"

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

func mergeInto(s State, c MergeInto) ([]Event, error) {
	switch {
	case c.Survivor == "" || c.Survivor == s.ID:
		return nil, ErrMergeSelf
	case s.Status == StatusMerged && s.Survivor == c.Survivor:
		return nil, nil
	case s.Status == StatusMerged:
		return nil, ErrMerged.With("survivor", string(s.Survivor))
	}
	return []Event{MergedInto{Survivor: c.Survivor, By: c.By, At: c.At}}, nil
}

func merge(s State, c Merge) ([]Event, error) {
	other := c.Other
	_, merged := s.merged[other.ID]
	switch {
	case other.Status == StatusNone:
		return nil, ErrUnknown
	case other.ID == s.ID:
		return nil, ErrMergeSelf
	case merged:
		return nil, nil
	case other.Status == StatusErased:
		return nil, ErrErased
	case other.Status != StatusMerged:
		return nil, ErrOtherNotMerged
	case other.Survivor != s.ID:
		return nil, ErrMergedElsewhere.With("survivor", string(other.Survivor))
	}
	return []Event{Merged{
		ContactID: s.ID, Other: other.ID, Filled: s.Details.missing(other.Details),
		Tags: minus(other.Tags, s.Tags...), By: c.By, At: c.At,
	}}, nil
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

func unmerge(s State, c Unmerge) ([]Event, error) {
	if _, ok := s.merged[c.Other]; !ok {
		return nil, nil
	}
	return []Event{Unmerged{Other: c.Other, By: c.By, At: c.At}}, nil
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
