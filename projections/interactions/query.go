package interactions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/access"
	"parley/projections"
)

// list builds the SQL of one page. Postgres cannot know how filters and the order of a list go together: the few rows that
// match may all be at the far end. So the way is chosen here. What few rows match is looked up first, as candidates;
// otherwise a page is found by walking an index in the page's order until there is enough, in one branch or several. Only what
// is on the page is then read as a whole.
type list struct {
	viewer   access.Viewer
	filter   Filter
	order    Order
	after    *Cursor
	limit    int
	now      time.Time
	customer *customer // whose journey it is
	args     []any
}

type customer struct {
	contactIDs           []string
	accountID, addressID string
}

func (l *list) arg(value any) string {
	l.args = append(l.args, value)
	return fmt.Sprintf("$%d", len(l.args))
}

// branch is a way into the list.
type branch struct {
	candidates string   // parameter with the ids to look at; empty: walk
	each       string   // rows of values, one walk for each; named each in conditions
	conditions []string // beside those of the filter
}

func (l *list) sql(branches []branch) string {
	at, id, direction := l.key()
	conditions := l.conditions()
	var found []string
	for _, b := range branches {
		from := l.from()
		if b.candidates != "" {
			from = "(SELECT DISTINCT id FROM unnest(" + b.candidates + "::text[]) AS u (id)) candidate JOIN " + from + " ON " + id + " = candidate.id"
		}
		where := append(append([]string{"true"}, conditions...), b.conditions...)
		sql := fmt.Sprintf("SELECT %s AS id, %s AS at FROM %s WHERE %s ORDER BY %s %s, %s %s LIMIT %d",
			id, at, from, strings.Join(where, " AND "), at, direction, id, direction, l.limit)
		if b.each != "" {
			sql = "SELECT found.id, found.at FROM " + b.each + " CROSS JOIN LATERAL (" + sql + ") found"
		}
		found = append(found, "("+sql+")")
	}
	return fmt.Sprintf(`WITH page AS (SELECT DISTINCT at, id FROM (%s) found ORDER BY at %s, id %s LIMIT %d)
		SELECT %s, %s FROM page JOIN interactions i ON i.id = page.id ORDER BY page.at %s, page.id %s`,
		strings.Join(found, " UNION ALL "), direction, direction, l.limit, columns, unmanaged, direction, direction)
}

// key is what the page is sorted by.
func (l *list) key() (at, id, direction string) {
	switch l.order {
	case ByStart:
		return "c.started_at", "c.interaction_id", "DESC"
	case ByWindow:
		return "i.last_inbound_at", "i.id", "ASC"
	}
	return "i.last_message_at", "i.id", "DESC"
}

func (l *list) from() string {
	switch l.order {
	case ByStart:
		return "interaction_customers c JOIN interactions i ON i.id = c.interaction_id"
	case ByWindow:
		return "interactions i JOIN accounts a ON a.id = i.account_id"
	}
	return "interactions i"
}

func (l *list) branches(ctx context.Context, q projections.Querier) ([]branch, error) {
	if l.filter.Search != "" {
		return l.search(ctx, q)
	}
	return l.filtered(ctx, q)
}

// filtered is the ways to what the filter holds for, the text that is searched for left aside.
func (l *list) filtered(ctx context.Context, q projections.Querier) ([]branch, error) {
	ids, few, err := l.candidates(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case few && len(ids) == 0:
		return nil, nil
	case few:
		return []branch{{candidates: l.arg(ids), conditions: l.scope()}}, nil
	case l.order != ByLastMessage || l.isOpen():
		return []branch{{conditions: l.scope()}}, nil
	}
	return l.began(ctx, q, l.walks())
}

// walks begins with the index that fits the filter best. With a filter by account, queues and accounts go in pairs: a queue
// has interactions of few accounts, so walking a queue for another one would look at all of it.
func (l *list) walks() []branch {
	f, v := l.filter, l.viewer
	values := func(column string, of []string, more ...string) branch {
		return branch{each: "unnest(" + l.arg(of) + "::text[]) AS each (value)", conditions: append(more, column+" = each.value")}
	}
	queues := func(of []string, more ...string) branch {
		if len(f.AccountIDs) == 0 {
			return values("i.queue_id", of, more...)
		}
		return branch{
			each:       "unnest(" + l.arg(of) + "::text[]) AS queue (id) CROSS JOIN unnest(" + l.arg(f.AccountIDs) + "::text[]) AS account (id)",
			conditions: append(more, "i.queue_id = queue.id", "i.account_id = account.id"),
		}
	}
	switch {
	case len(f.OwnerIDs) > 0:
		return []branch{values("i.owner_id", f.OwnerIDs, l.scope()...)}
	case len(f.FirstOwnerIDs) > 0:
		return []branch{values("i.first_owner_id", f.FirstOwnerIDs, l.scope()...)}
	case len(f.QueueIDs) > 0:
		return []branch{queues(f.QueueIDs, l.scope()...)}
	case !v.Everything:
		me := l.arg(string(v.User))
		granted := "i.account_id = ANY(" + l.arg(strs(v.Accounts)) + ")"
		return []branch{
			queues(strs(v.Queues), granted),
			{conditions: []string{"i.owner_id = " + me}},
			{
				each:       "(SELECT o.interaction_id FROM open_interactions o WHERE o.agents @> ARRAY[" + me + "::text]) AS mine",
				conditions: []string{"i.id = mine.interaction_id"},
			},
		}
	case len(f.AccountIDs) > 0:
		return []branch{values("i.account_id", f.AccountIDs)}
	}
	return []branch{{}}
}

// scope limits a query to what the viewer may see.
func (l *list) scope() []string {
	if l.viewer.Everything {
		return nil
	}
	return []string{Scope(l.viewer, "i", l.arg)}
}

// Scope is the SQL condition that an interaction is within the viewer's scope. alias names the interaction's row, and arg
// adds an argument and returns its placeholder.
func Scope(v access.Viewer, alias string, arg func(any) string) string {
	if v.Everything {
		return "true"
	}
	return fmt.Sprintf("(%[1]s.queue_id = ANY(%[2]s) AND %[1]s.account_id = ANY(%[3]s) OR %[1]s.agents @> ARRAY[%[4]s::text])",
		alias, arg(strs(v.Queues)), arg(strs(v.Accounts)), arg(string(v.User)))
}
