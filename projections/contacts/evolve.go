package contacts

import (
	"maps"
	"slices"
	"time"

	"parley/domain/contact"
	"parley/eventstore"
)

// evolve folds one event into one row. Pure.
func evolve(r Row, e eventstore.Recorded) Row {
	var at time.Time
	switch ev := e.Event.(type) {
	case contact.Created:
		r.ListID, r.AddressID, r.Origin, r.CreatedAt, at = string(ev.ListID), string(ev.AddressID), ev.Origin, ev.At, ev.At
		d := ev.Details
		r.FirstName, r.LastName, r.Phones, r.Mails, r.UserIDs, r.Fields = d.FirstName, d.LastName, d.Phones, d.Mails, d.UserIDs, d.Fields
		r.Erased = e.Erased
	case contact.DetailsChanged:
		r.FirstName, r.LastName, at = ev.FirstName, ev.LastName, ev.At
	case contact.PhoneAdded:
		r.Phones, at = with(r.Phones, ev.Phone), ev.At
	case contact.PhoneRemoved:
		r.Phones, at = without(r.Phones, ev.Phone), ev.At
	case contact.MailAdded:
		r.Mails, at = with(r.Mails, ev.Mail), ev.At
	case contact.MailRemoved:
		r.Mails, at = without(r.Mails, ev.Mail), ev.At
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
	case contact.Merged:
		r, at = r.merged(Merge{Other: string(ev.Other), Filled: ev.Filled, Tags: ev.Tags}), ev.At
	case contact.Unmerged:
		r, at = r.unmerged(string(ev.Other)), ev.At
	case contact.MergedInto:
		r.MergedInto, at = string(ev.Survivor), ev.At
	case contact.Restored:
		r.MergedInto, at = "", ev.At
	case contact.Erased:
		return Row{ID: r.ID, ListID: r.ListID, Origin: r.Origin, Tags: r.Tags, CreatedAt: r.CreatedAt, ChangedAt: ev.At, MergedInto: r.MergedInto, Erased: true}.searchable()
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

// merged fills what is empty here and adds what is missing.
func (r Row) merged(m Merge) Row {
	if r.FirstName == "" {
		r.FirstName = m.Filled.FirstName
	}
	if r.LastName == "" {
		r.LastName = m.Filled.LastName
	}
	r.Phones, r.Mails = with(r.Phones, m.Filled.Phones...), with(r.Mails, m.Filled.Mails...)
	r.UserIDs, r.Tags = with(r.UserIDs, m.Filled.UserIDs...), with(r.Tags, m.Tags...)
	for key, value := range m.Filled.Fields {
		if r.Fields[key] == "" {
			r.Fields = set(r.Fields, key, value)
		}
	}
	r.Merges = append(slices.Clone(r.Merges), m)
	return r
}

// unmerged takes away again what came from the other, unless it was changed since.
func (r Row) unmerged(other string) Row {
	at := slices.IndexFunc(r.Merges, func(m Merge) bool { return m.Other == other })
	if at < 0 {
		return r
	}
	m := r.Merges[at]
	r.Merges = slices.Delete(slices.Clone(r.Merges), at, at+1)
	if r.FirstName == m.Filled.FirstName && r.FirstName != "" {
		r.FirstName = ""
	}
	if r.LastName == m.Filled.LastName && r.LastName != "" {
		r.LastName = ""
	}
	r.Phones, r.Mails = without(r.Phones, m.Filled.Phones...), without(r.Mails, m.Filled.Mails...)
	r.UserIDs, r.Tags = without(r.UserIDs, m.Filled.UserIDs...), without(r.Tags, m.Tags...)
	for key, value := range m.Filled.Fields {
		if r.Fields[key] == value {
			r.Fields = set(r.Fields, key, "")
		}
	}
	return r
}
