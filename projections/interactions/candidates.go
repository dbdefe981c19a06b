package interactions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/projections"
)

// How many candidates are few: looking at so many rows is quicker than walking until enough of them have come by.
var (
	fewOpen    = 600
	fewMatches = 3000
)

// most is where those end that have no walk.
const most = 3000

// probe collects ids that a condition of the filter gives.
type probe struct {
	sql  string
	args []any
	few  int
}

func (p *probe) arg(value any) string {
	p.args = append(p.args, value)
	return fmt.Sprintf("$%d", len(p.args))
}

// run gives the ids; false when there are more than few.
func (p *probe) run(ctx context.Context, q projections.Querier) ([]string, bool, error) {
	rows, err := q.Query(ctx, fmt.Sprintf("%s LIMIT %d", p.sql, p.few+1), p.args...)
	if err != nil {
		return nil, false, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, len(ids) <= p.few, err
}

// candidates is the ids of all interactions that can be on the page, when some part of the filter says that they are few.
func (l *list) candidates(ctx context.Context, q projections.Querier) (ids []string, few bool, err error) {
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
		p.sql = "SELECT interaction_id FROM interaction_customers WHERE contact_id = ANY(" + p.arg(c.contactIDs) + ") AND contact_id <> '' UNION SELECT interaction_id FROM interaction_customers WHERE account_id = " +
			p.arg(c.accountID) + " AND address_id = " + p.arg(c.addressID)
	}
	if len(f.ContactIDs) > 0 {
		p := add(fewMatches)
		p.sql = "SELECT interaction_id FROM interaction_customers WHERE contact_id <> '' AND contact_id = ANY(" + p.arg(f.ContactIDs) + ")"
	}
	if l.isOpen() {
		l.openProbe(add(fewOpen))
	}
	if len(f.Tags) > 0 {
		tags := [][]string{f.Tags}
		if f.AllTags { // each alone is enough to begin with, so the rarest is
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
	if f.StartedTo != nil { // without an end the newest are the ones looked for
		p := add(fewMatches)
		p.sql = "SELECT interaction_id FROM interaction_customers WHERE started_at < " + p.arg(*f.StartedTo)
		if f.StartedFrom != nil {
			p.sql += " AND started_at >= " + p.arg(*f.StartedFrom)
		}
	}
	return all
}

// openProbe narrows the table of open interactions as far as its columns go.
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
		where = append(where, "(queue_id = ANY("+p.arg(strs(v.Queues))+") OR agents @> ARRAY["+p.arg(string(v.User))+"::text])")
	}
	p.sql = "SELECT interaction_id FROM open_interactions WHERE " + strings.Join(where, " AND ")
}

// A session is long when its last message came so much later than its first. Those have an index of their own, in the same words.
const (
	longAfter = 12 * time.Hour
	isLong    = "last_message_at - started_at > interval '12 hours'"
)

// began ends the walks through sessions that began before a day soon after that day, where their last messages are too. The few
// that went on for long are looked at beside.
func (l *list) began(ctx context.Context, q projections.Querier, walks []branch) ([]branch, error) {
	f := l.filter
	if f.StartedTo == nil {
		return walks, nil
	}
	p := &probe{few: most}
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
