package interactions

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/access"
	"parley/projections/contacts"
)

// list builds the SQL of one page. The page is found in one or several branches, each of which walks one index in the
// page's order and stops when it has enough. Only what is on the page is then read as a whole.
type list struct {
	viewer access.Viewer
	filter Filter
	order  Order
	after  *Cursor
	limit  int
	now    time.Time
	only   string // a condition beside the filter
	args   []any
}

func (l *list) arg(value any) string {
	l.args = append(l.args, value)
	return fmt.Sprintf("$%d", len(l.args))
}

func (l *list) sql() string {
	at, id, direction := l.key()
	conditions := l.conditions()
	find := func(extra ...string) string {
		where := append(conditions[:len(conditions):len(conditions)], extra...)
		if len(where) == 0 {
			where = []string{"true"}
		}
		return fmt.Sprintf("SELECT %s AS id, %s AS at FROM %s WHERE %s ORDER BY %s %s, %s %s LIMIT %d",
			id, at, l.from(), strings.Join(where, " AND "), at, direction, id, direction, l.limit)
	}
	var branches []string
	for _, b := range l.branches() {
		sql := find(b.conditions...)
		if b.each != "" {
			sql = "SELECT found.id, found.at FROM unnest(" + b.each + "::text[]) AS each (value) CROSS JOIN LATERAL (" + sql + ") found"
		}
		branches = append(branches, "("+sql+")")
	}
	return fmt.Sprintf(`WITH page AS (SELECT DISTINCT at, id FROM (%s) found ORDER BY at %s, id %s LIMIT %d)
		SELECT %s, %s FROM page JOIN interactions i ON i.id = page.id ORDER BY page.at %s, page.id %s`,
		strings.Join(branches, " UNION ALL "), direction, direction, l.limit, columns, unmanaged, direction, direction)
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

// branch is a way into the list; with each, one for every value of that parameter.
type branch struct {
	each       string
	conditions []string
}

// branches begins with the most selective index there is for the filter. Open interactions are few, so they are found
// in the table of open ones.
func (l *list) branches() []branch {
	f, v := l.filter, l.viewer
	by := func(column string, values []string, more ...string) branch {
		return branch{each: l.arg(values), conditions: append([]string{column + " = each.value"}, more...)}
	}
	switch {
	case f.Search != "":
		var found []branch
		for _, condition := range l.search() {
			found = append(found, branch{conditions: append(l.scope(), condition)})
		}
		return found
	case l.order != ByLastMessage || l.isOpen() || len(f.ContactIDs) > 0:
		return []branch{{conditions: l.scope()}}
	case len(f.OwnerIDs) > 0:
		return []branch{by("i.owner_id", f.OwnerIDs, l.scope()...)}
	case len(f.FirstOwnerIDs) > 0:
		return []branch{by("i.first_owner_id", f.FirstOwnerIDs, l.scope()...)}
	case len(f.QueueIDs) > 0:
		return []branch{by("i.queue_id", f.QueueIDs, l.scope()...)}
	case !v.Everything:
		me := l.arg(string(v.User))
		return []branch{
			by("i.queue_id", strs(v.Queues), "i.account_id = ANY("+l.arg(strs(v.Accounts))+")"),
			{conditions: []string{"i.owner_id = " + me}},
			{conditions: []string{"i.id IN (SELECT o.interaction_id FROM open_interactions o WHERE o.agents @> ARRAY[" + me + "::text])"}},
		}
	case len(f.AccountIDs) > 0:
		return []branch{by("i.account_id", f.AccountIDs)}
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

// isOpen says whether only open interactions can hold the filter.
func (l *list) isOpen() bool {
	f := l.filter
	return f.Status == StatusOpen || f.Waiting != nil && *f.Waiting || f.Read != nil && !*f.Read || l.order == ByWindow
}

func (l *list) conditions() []string {
	f := l.filter
	var all []string
	add := func(format string, values ...any) {
		for i, v := range values {
			values[i] = l.arg(v)
		}
		all = append(all, fmt.Sprintf(format, values...))
	}
	if l.only != "" {
		all = append(all, l.only)
	}
	if l.isOpen() {
		add("i.status = 'OPEN'")
		if open := l.open(); len(open) > 0 {
			all = append(all, "i.id IN (SELECT o.interaction_id FROM open_interactions o WHERE "+strings.Join(open, " AND ")+")")
		}
	}
	if f.Status != "" && f.Status != StatusOpen {
		add("i.status = %s", f.Status)
	}
	for _, in := range []struct {
		column string
		values []string
	}{
		{"i.account_id", f.AccountIDs}, {"i.queue_id", f.QueueIDs}, {"i.owner_id", f.OwnerIDs}, {"i.first_owner_id", f.FirstOwnerIDs},
	} {
		if len(in.values) > 0 {
			add(in.column+" = ANY(%s)", in.values)
		}
	}
	if len(f.ContactIDs) > 0 {
		add("i.id IN (SELECT k.interaction_id FROM interaction_customers k WHERE k.contact_id = ANY(%s) AND k.contact_id <> '')", f.ContactIDs)
	}
	if f.Waiting != nil {
		all = append(all, map[bool]string{true: "i.owner_id = ''", false: "(i.status <> 'OPEN' OR i.owner_id <> '')"}[*f.Waiting])
	}
	if f.Read != nil {
		all = append(all, map[bool]string{true: "NOT (i.unread > 0 OR i.returned_unread)", false: "(i.unread > 0 OR i.returned_unread)"}[*f.Read])
	}
	all = append(all, l.tags()...)
	all = append(all, l.times()...)
	return all
}

// open narrows the table of open interactions as far as its columns go.
func (l *list) open() []string {
	f, v := l.filter, l.viewer
	var all []string
	if len(f.QueueIDs) > 0 {
		all = append(all, "o.queue_id = ANY("+l.arg(f.QueueIDs)+")")
	}
	if len(f.OwnerIDs) > 0 {
		all = append(all, "o.owner_id = ANY("+l.arg(f.OwnerIDs)+")")
	}
	if f.Waiting != nil && *f.Waiting {
		all = append(all, "o.owner_id = ''")
	}
	if !v.Everything {
		all = append(all, fmt.Sprintf("(o.queue_id = ANY(%s) OR o.agents @> ARRAY[%s::text])", l.arg(strs(v.Queues)), l.arg(string(v.User))))
	}
	return all
}

func (l *list) tags() []string {
	f := l.filter
	if len(f.Tags) == 0 {
		return nil
	}
	if !f.AllTags {
		return []string{"i.id IN (SELECT t.interaction_id FROM interaction_tags t WHERE t.tag = ANY(" + l.arg(f.Tags) + "))"}
	}
	var all []string
	for _, tag := range f.Tags {
		all = append(all, "i.id IN (SELECT t.interaction_id FROM interaction_tags t WHERE t.tag = "+l.arg(tag)+")")
	}
	return all
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
		add("i.last_message_at >= ", *f.StartedFrom) // a message is never before its session
	}
	if f.StartedTo != nil {
		add(started+" < ", *f.StartedTo)
	}
	if l.order == ByWindow {
		all = append(all, "i.last_inbound_at + make_interval(hours => a.window_hours) > "+l.arg(l.now), "a.window_hours > 0")
	}
	if l.after != nil {
		at, id, direction := l.key()
		beyond := map[string]string{"DESC": "<", "ASC": ">"}[direction]
		all = append(all, fmt.Sprintf("(%s, %s) %s (%s, %s)", at, id, beyond, l.arg(l.after.At), l.arg(l.after.ID)))
	}
	return all
}

// search is the ways in which an interaction may be found by a text: by its customer, its contact, or its messages. In
// the masked views the functions behind the names match whole values only, and words of masked texts.
func (l *list) search() []string {
	text := strings.ToLower(strings.TrimSpace(l.filter.Search))
	var found []string
	in := func(column, sql string) { found = append(found, column+" IN ("+sql+")") }
	if l.viewer.Masked {
		whole := l.arg(text)
		digits := l.arg(contacts.Digits(text))
		in("i.id", "SELECT m.id FROM match_customers("+whole+", "+digits+") AS m (id)")
		in("i.contact_id", "SELECT m.id FROM match_contacts("+whole+", "+digits+", "+l.arg(strs(l.viewer.Lists))+", "+l.arg(l.viewer.Everything)+") AS m (id)")
	} else {
		part := l.arg("%" + escapeLike(text) + "%")
		in("i.id", "SELECT k.interaction_id FROM interaction_customers k WHERE lower(k.name) LIKE "+part+" OR lower(k.username) LIKE "+part)
		in("i.contact_id", "SELECT p.id FROM contacts p WHERE lower(p.name) LIKE "+part+
			" AND (p.list_id = ANY("+l.arg(strs(l.viewer.Lists))+") OR "+l.arg(l.viewer.Everything)+")")
		if digits := contacts.Digits(text); utf8.RuneCountInString(digits) >= 3 {
			in("i.id", "SELECT k.interaction_id FROM interaction_customers k WHERE k.phone LIKE "+l.arg("%"+digits+"%"))
		}
	}
	if words := wordsQuery(text); words != "" {
		in("i.id", "SELECT w.interaction_id FROM message_words w WHERE w.words @@ to_tsquery('simple', "+l.arg(words)+")")
	}
	return found
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// wordsQuery asks for all words of a text, the last of which may be unfinished.
func wordsQuery(s string) string {
	words := strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) })
	for i, w := range words {
		words[i] = "'" + w + "'"
		if i == len(words)-1 {
			words[i] += ":*"
		}
	}
	return strings.Join(words, " & ")
}
