package interactions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
)

// The number of candidates that counts as few: reading so many rows is faster than walking an index until
// enough match.
var (
	fewOpen    = 600
	fewMatches = 3000
)

// probeLimit is the limit for conditions that have no walk.
const probeLimit = 3000

// probe collects the ids that match a condition of the filter.
type probe struct {
	sql  string
	args []any
	few  int
}

func (p *probe) arg(value any) string {
	p.args = append(p.args, value)
	return fmt.Sprintf("$%d", len(p.args))
}

// run returns the ids, or false if there are more than few.
func (p *probe) run(ctx context.Context, q database.Querier) ([]string, bool, error) {
	rows, err := q.Query(ctx, fmt.Sprintf("%s LIMIT %d", p.sql, p.few+1), p.args...)
	if err != nil {
		return nil, false, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, len(ids) <= p.few, err
}

// candidates returns the ids of all interactions that can be on the page, if some part of the filter matches
// only few.
func (l *list) candidates(ctx context.Context, q database.Querier) (ids []string, few bool, err error) {
	for _, p := range l.probes() {
		if ids, few, err = p.run(ctx, q); few || err != nil {
			return ids, few, err
		}
	}
	return nil, false, nil
}

func (l *list) probes() []*probe {
	f := l.filter
	var all []*probe
	add := func(few int) *probe {
		all = append(all, &probe{few: few})
		return all[len(all)-1]
	}
	if c := l.customer; c != nil {
		p := add(fewMatches)
		p.sql = fmt.Sprintf(`SELECT interaction_id FROM interaction_customers WHERE contact_id = ANY(%s) AND contact_id <> ''
			UNION SELECT interaction_id FROM interaction_customers WHERE account_id = %s AND address_id = %s`,
			p.arg(c.contactIDs), p.arg(c.accountID), p.arg(c.addressID))
	}
	if len(f.ContactIDs) > 0 {
		p := add(fewMatches)
		p.sql = "SELECT interaction_id FROM interaction_customers WHERE contact_id <> '' AND contact_id = ANY(" +
			p.arg(f.ContactIDs) + ")"
	}
	if l.isOpen() {
		l.openProbe(add(fewOpen))
	}
	if len(f.Tags) > 0 {
		tags := [][]string{f.Tags}
		if f.AllTags { // candidates of any one tag suffice, so a rare one is used
			tags = nil
			for _, tag := range f.Tags {
				tags = append(tags, []string{tag})
			}
		}
		for _, any := range tags {
			p := add(fewMatches)
			p.sql = "SELECT interaction_id FROM interaction_tags WHERE tag = ANY(" + p.arg(any) + ")"
		}
	}
	if f.StartedTo != nil { // without an end the page holds the newest, which a walk finds at once
		p := add(fewMatches)
		p.sql = "SELECT interaction_id FROM interaction_customers WHERE started_at < " + p.arg(*f.StartedTo)
		if f.StartedFrom != nil {
			p.sql += " AND started_at >= " + p.arg(*f.StartedFrom)
		}
	}
	return all
}

// openProbe applies the filter to the table of open interactions, as far as its columns allow.
func (l *list) openProbe(p *probe) {
	f, v := l.filter, l.viewer
	where := []string{"true"}
	for _, in := range []struct {
		column string
		values []string
	}{{"queue_id", f.QueueIDs}, {"owner_id", f.OwnerIDs}, {"account_id", f.AccountIDs}} {
		if len(in.values) > 0 {
			where = append(where, in.column+" = ANY("+p.arg(in.values)+")")
		}
	}
	if f.Waiting != nil && *f.Waiting {
		where = append(where, "owner_id = ''")
	}
	if !v.Everything {
		where = append(where,
			"(queue_id = ANY("+p.arg(strs(v.Queues))+") OR agents @> ARRAY["+p.arg(string(v.User))+"::text])")
	}
	p.sql = "SELECT interaction_id FROM open_interactions WHERE " + strings.Join(where, " AND ")
}

// A session counts as long if its last message came this much later than its first. Long sessions have an
// index of their own, with the same condition.
const (
	longAfter = 12 * time.Hour
	isLong    = "last_message_at - started_at > interval '12 hours'"
)

// boundByStart lets walks skip sessions whose last message came long after the day the filter ends with. The
// few long sessions that this would miss are looked up separately.
func (l *list) boundByStart(ctx context.Context, q database.Querier, walks []branch) ([]branch, error) {
	f := l.filter
	if f.StartedTo == nil {
		return walks, nil
	}
	p := &probe{few: probeLimit}
	p.sql = "SELECT id FROM interactions WHERE " + isLong + " AND started_at < " + p.arg(*f.StartedTo)
	if f.StartedFrom != nil {
		p.sql += " AND started_at >= " + p.arg(*f.StartedFrom)
	}
	long, few, err := p.run(ctx, q)
	if err != nil || !few {
		return walks, err
	}
	for i := range walks {
		walks[i].conditions = append(walks[i].conditions, "i.last_message_at < "+l.arg(f.StartedTo.Add(longAfter)))
	}
	return append(walks, branch{candidates: l.arg(long), conditions: l.scope()}), nil
}
