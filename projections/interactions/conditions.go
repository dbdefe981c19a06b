package interactions

import "fmt"

// isOpen reports whether the filter matches only open interactions.
func (l *list) isOpen() bool {
	f := l.filter
	return f.Status == StatusOpen || f.Waiting != nil && *f.Waiting || f.Read != nil && !*f.Read || l.order == ByWindow
}

// conditions returns the filter as SQL conditions on an interaction's row.
func (l *list) conditions() []string {
	f := l.filter
	var all []string
	add := func(format string, values ...any) {
		for i, v := range values {
			values[i] = l.arg(v)
		}
		all = append(all, fmt.Sprintf(format, values...))
	}
	switch {
	case l.isOpen():
		add("i.status = 'OPEN'")
	case f.Status != "":
		add("i.status = %s", f.Status)
	}
	for _, in := range []struct {
		column string
		values []string
	}{
		{"i.account_id", f.AccountIDs}, {"i.queue_id", f.QueueIDs}, {"i.owner_id", f.OwnerIDs},
		{"i.first_owner_id", f.FirstOwnerIDs}, {"i.contact_id", f.ContactIDs},
	} {
		if len(in.values) > 0 {
			add(in.column+" = ANY(%s)", in.values)
		}
	}
	switch {
	case f.Waiting == nil:
	case *f.Waiting:
		add("i.owner_id = ''")
	default:
		add("(i.status <> 'OPEN' OR i.owner_id <> '')")
	}
	switch {
	case f.Read == nil:
	case *f.Read:
		add("NOT (i.unread > 0 OR i.returned_unread)")
	default:
		add("(i.unread > 0 OR i.returned_unread)")
	}
	switch {
	case len(f.Tags) == 0:
	case f.AllTags:
		add("i.tags @> %s", f.Tags)
	default:
		add("i.tags && %s", f.Tags)
	}
	if c := l.customer; c != nil {
		add("(c.contact_id = ANY(%s) AND c.contact_id <> '' OR c.account_id = %s AND c.address_id = %s)",
			c.contactIDs, c.accountID, c.addressID)
	}
	return append(all, l.times()...)
}

func (l *list) times() []string {
	f := l.filter
	var all []string
	add := func(condition string, value any) { all = append(all, condition+l.arg(value)) }
	started := "i.started_at"
	if l.order == ByStart {
		started = "c.started_at"
	}
	if f.StartedFrom != nil {
		add(started+" >= ", *f.StartedFrom)
		if l.order == ByLastMessage {
			add("i.last_message_at >= ", *f.StartedFrom) // no message is older than its session
		}
	}
	if f.StartedTo != nil {
		add(started+" < ", *f.StartedTo)
	}
	if l.order == ByWindow {
		now := l.arg(l.now)
		all = append(all, "i.last_inbound_at + make_interval(hours => a.window_hours) > "+now, "a.window_hours > 0",
			"i.last_inbound_at > "+now+"::timestamptz - make_interval(hours => (SELECT max(w.window_hours) FROM accounts w))")
	}
	if l.after != nil {
		at, id, direction := l.key()
		beyond := map[string]string{"DESC": "<", "ASC": ">"}[direction]
		all = append(all, fmt.Sprintf("(%s, %s) %s (%s, %s)", at, id, beyond, l.arg(l.after.At), l.arg(l.after.ID)))
	}
	return all
}
