package interactions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/database"
)

// list builds the SQL of one page. Postgres cannot know how a filter and the list's order relate: the few
// matching rows may all be at the far end. So the plan is chosen here. If a condition matches few rows, they
// are looked up first, as candidates. Otherwise the page is found by walking an index in the page's order
// until it is full, in one branch or several. Only the rows on the page are then read in full.
type list struct {
	viewer   access.Viewer
	filter   Filter
	order    Order
	after    *Cursor
	limit    int
	now      time.Time
	customer *customer // the customer whose journey it is
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

// branch is one way into the list.
type branch struct {
	candidates string   // parameter with the ids to read; empty means a walk
	each       string   // rows that get one walk each; conditions refer to them
	conditions []string // in addition to the filter's
}

func (l *list) sql(branches []branch) string {
	at, id, direction := l.key()
	conditions := l.conditions()
	var found []string
	for _, b := range branches {
		from := l.from()
		if b.candidates != "" {
			from = fmt.Sprintf("(SELECT DISTINCT id FROM unnest(%s::text[]) AS u (id)) candidate JOIN %s ON %s = candidate.id",
				b.candidates, from, id)
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

// key returns what the page is sorted by.
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

func (l *list) branches(ctx context.Context, q database.Querier) ([]branch, error) {
	if l.filter.Search != "" {
		return l.search(ctx, q)
	}
	return l.filtered(ctx, q)
}

// filtered returns the branches for the filter, without the search text.
func (l *list) filtered(ctx context.Context, q database.Querier) ([]branch, error) {
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
	return l.boundByStart(ctx, q, l.walks())
}

// walks picks the index that fits the filter best. Queues and owners are paired with accounts, because a
// walk through a queue for the wrong account would read all of it.
func (l *list) walks() []branch {
	f, v := l.filter, l.viewer
	switch {
	case len(f.OwnerIDs) > 0:
		return []branch{l.pairs("i.owner_id", f.OwnerIDs, l.accounts(), l.scope()...)}
	case len(f.FirstOwnerIDs) > 0:
		return []branch{l.pairs("i.first_owner_id", f.FirstOwnerIDs, l.accounts(), l.scope()...)}
	case !v.Everything:
		return l.scoped()
	case len(f.QueueIDs) > 0:
		return []branch{l.pairs("i.queue_id", f.QueueIDs, l.accounts())}
	case len(f.AccountIDs) > 0:
		return []branch{{each: l.values(f.AccountIDs, "account"), conditions: []string{"i.account_id = account.id"}}}
	}
	return []branch{{}}
}

// scoped walks what a viewer with a limited scope sees: their queues and accounts, the interactions they own
// or owned, and those offered to them. The filter is applied anyway; here it only shortens the walks.
func (l *list) scoped() []branch {
	f, v := l.filter, l.viewer
	me := l.arg(string(v.User))
	granted := strs(v.Accounts)
	own := l.accounts()
	// what the agent owned there is found by queue
	if len(f.QueueIDs) > 0 && len(within(f.QueueIDs, strs(v.Queues))) == len(f.QueueIDs) {
		own = "(SELECT id FROM " + own + " WHERE id <> ALL(" + l.arg(granted) + "::text[])) AS account (id)"
	}
	return []branch{
		l.pairs("i.queue_id", within(strs(v.Queues), f.QueueIDs), l.values(within(granted, f.AccountIDs), "account")),
		l.pairs("i.owner_id", []string{string(v.User)}, own),
		{
			each:       "(SELECT o.interaction_id FROM open_interactions o WHERE o.agents @> ARRAY[" + me + "::text]) AS mine",
			conditions: []string{"i.id = mine.interaction_id"},
		},
	}
}

// pairs returns one walk for each of the column's values in each account.
func (l *list) pairs(column string, values []string, accounts string, more ...string) branch {
	return branch{
		each:       l.values(values, "each") + " CROSS JOIN " + accounts,
		conditions: append(more, column+" = each.id", "i.account_id = account.id"),
	}
}

// accounts returns the filter's accounts, or all of them.
func (l *list) accounts() string {
	if len(l.filter.AccountIDs) > 0 {
		return l.values(l.filter.AccountIDs, "account")
	}
	return "accounts AS account"
}

// values returns rows with one column, id.
func (l *list) values(of []string, name string) string {
	return "unnest(" + l.arg(of) + "::text[]) AS " + name + " (id)"
}

// within returns the values that a filter allows. An empty filter allows all.
func within(values, filter []string) []string {
	if len(filter) == 0 {
		return values
	}
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return !slices.Contains(filter, v) })
}

// scope limits a query to what the viewer may see.
func (l *list) scope() []string {
	if l.viewer.Everything {
		return nil
	}
	return []string{Scope(l.viewer, "i", l.arg)}
}

// Scope returns the SQL condition that an interaction is within the viewer's scope. alias names the
// interaction's row; arg adds an argument and returns its placeholder.
func Scope(v access.Viewer, alias string, arg func(any) string) string {
	if v.Everything {
		return "true"
	}
	return fmt.Sprintf("(%[1]s.queue_id = ANY(%[2]s) AND %[1]s.account_id = ANY(%[3]s) OR %[1]s.agents @> ARRAY[%[4]s::text])",
		alias, arg(strs(v.Queues)), arg(strs(v.Accounts)), arg(string(v.User)))
}
