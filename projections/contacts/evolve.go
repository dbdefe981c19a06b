package contacts

import (
	"maps"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/contact"
	"parley/eventstore"
)

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	var at time.Time
	switch ev := e.Event.(type) {
	case contact.Created:
		r.ListID, r.AddressID, r.Origin, r.CreatedAt, at = string(ev.ListID), string(ev.AddressID), ev.Origin, ev.At, ev.At
		r = r.withDetails(ev.Details)
		r.Erased = e.Erased
	case contact.DetailsChanged:
		r.FirstName, r.LastName, at = ev.FirstName, ev.LastName, ev.At
	case contact.PhoneAdded:
		r.Phones, at = with(r.Phones, ev.Phone), ev.At
	case contact.PhoneRemoved:
		r.Phones, at = without(r.Phones, ev.Phone), ev.At
	case contact.EmailAdded:
		r.Emails, at = with(r.Emails, ev.Email), ev.At
	case contact.EmailRemoved:
		r.Emails, at = without(r.Emails, ev.Email), ev.At
	case contact.FieldSet:
		at = ev.At
		r.Fields = set(r.Fields, ev.Key, ev.Value)
	case contact.TagAdded:
		r.Tags, at = with(r.Tags, ev.Tag), ev.At
	case contact.TagRemoved:
		r.Tags, at = without(r.Tags, ev.Tag), ev.At
	case contact.MovedToList:
		r.ListID, at = string(ev.ListID), ev.At
	case contact.Managed:
		if e.Erased {
			return r
		}
		r.ManagedBy = with(r.ManagedBy, string(ev.By))
		snapshots := make(map[string]Snapshot, len(r.Snapshots)+1)
		maps.Copy(snapshots, r.Snapshots)
		snapshots[string(ev.By)] = Snapshot{Details: ev.Snapshot, At: ev.At}
		r.Snapshots = snapshots
		return r
	case contact.MarketingStopped:
		since := ev.StatedAt
		r.NoMarketing, at = &since, ev.At
	case contact.MarketingResumed:
		r.NoMarketing, at = nil, ev.At
	case contact.Merged:
		r.Tags, at = with(r.Tags, ev.Tags...), ev.At
		r = r.withDetails(r.details().After(ev)).merge(string(ev.Other), &Merge{string(ev.Other), strs(ev.Before)})
		r.Suggested = without(r.Suggested, string(ev.Other))
	case contact.MergeRevised:
		r.Tags, at = ev.Tags, ev.At
		r = r.withDetails(ev.Details).merge(string(ev.Other), &Merge{string(ev.Other), strs(ev.Before)})
	case contact.Unmerged:
		r, at = r.merge(string(ev.Other), nil), ev.At
	case contact.MergedInto:
		r.MergedInto, r.PointedAt, at = string(ev.Survivor), &ev.At, ev.At
		r.Suggested = without(r.Suggested, string(ev.Survivor))
	case contact.Restored:
		r.MergedInto, r.PointedAt, at = "", &ev.At, ev.At
	case contact.MergeSuggested:
		r.Suggested = with(r.Suggested, string(ev.Other))
		return r
	case contact.MergeDeclined:
		r.Suggested = without(r.Suggested, string(ev.Other))
		return r
	case contact.Erased:
		return Row{ID: r.ID, ListID: r.ListID, Origin: r.Origin, Tags: r.Tags, CreatedAt: r.CreatedAt,
			ChangedAt: ev.At, MergedInto: r.MergedInto, Erased: true}.searchable()
	default:
		return r
	}
	if r.ListID == "" {
		return r
	}
	r.ChangedAt = at
	return r.searchable()
}

func set(fields map[string]string, key, value string) map[string]string {
	changed := make(map[string]string, len(fields)+1)
	maps.Copy(changed, fields)
	if value == "" {
		delete(changed, key)
	} else {
		changed[key] = value
	}
	return changed
}

// merge replaces what is known about a merged contact. nil means that it is no longer merged.
func (r Row) merge(other string, m *Merge) Row {
	r.Merges = slices.DeleteFunc(slices.Clone(r.Merges), func(x Merge) bool { return x.Other == other })
	if m != nil {
		r.Merges = append(r.Merges, *m)
	}
	r.Family = nil
	for _, m := range r.Merges {
		r.Family = with(r.Family, append([]string{m.Other}, m.Before...)...)
	}
	return r
}

func strs(ids []domain.ContactID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return out
}

func (r Row) details() contact.Details {
	return contact.Details{FirstName: r.FirstName, LastName: r.LastName, Phones: r.Phones, Emails: r.Emails,
		UserIDs: r.UserIDs, Fields: r.Fields}
}

func (r Row) withDetails(d contact.Details) Row {
	r.FirstName, r.LastName, r.Phones, r.Emails, r.UserIDs, r.Fields = d.FirstName, d.LastName, d.Phones, d.Emails, d.UserIDs, d.Fields
	return r
}
