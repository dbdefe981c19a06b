package interactions

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/projections"
	"parley/projections/contacts"
)

// source is one thing an interaction may be found by.
type source struct {
	probe *probe
	// usual tells without the probe, which would cost too much, that it is true of many: when more than few come out of it.
	usual *probe
	// walk is the same as a condition on an interaction's row, for when it is true of many. It is written so that Postgres
	// can only test row by row. Without it the probe is limited by itself.
	walk func() string
}

// find gives the interactions; false when there are more than few.
func (s source) find(ctx context.Context, q projections.Querier) ([]string, bool, error) {
	if s.usual != nil {
		if _, few, err := s.usual.run(ctx, q); err != nil || !few {
			return nil, false, err
		}
	}
	return s.probe.run(ctx, q)
}

// search is the ways in which interactions are found by a text: by the customer, the contact, the words of messages. In the masked
// views only whole names and numbers match, and words of masked texts.
func (l *list) search(ctx context.Context, q projections.Querier) ([]branch, error) {
	text := strings.ToLower(strings.TrimSpace(l.filter.Search))
	sources := l.customers(text)
	if l.viewer.Masked {
		sources = l.wholeValues(text)
	}
	if words := wordsOf(text); len(words) > 0 {
		sources = append(sources, l.said(words))
	}
	var found []branch
	var many []string
	for _, s := range sources {
		ids, few, err := s.find(ctx, q)
		switch {
		case err != nil:
			return nil, err
		case !few && s.walk != nil:
			many = append(many, s.walk())
		case len(ids) > 0:
			found = append(found, branch{candidates: l.arg(ids), conditions: l.scope()})
		}
	}
	if len(many) == 0 {
		return found, nil
	}
	ways, err := l.filtered(ctx, q)
	for _, way := range ways {
		way.conditions = append(way.conditions, "("+strings.Join(many, " OR ")+")")
		found = append(found, way)
	}
	return found, err
}

func (l *list) customers(text string) []source {
	part := "%" + escapeLike(text) + "%"
	names := &probe{few: fewMatches}
	names.sql = "SELECT interaction_id FROM interaction_customers WHERE name_text LIKE " + names.arg(part)
	people := &probe{few: fewMatches}
	people.sql = "SELECT k.interaction_id FROM contacts p JOIN interaction_customers k ON k.contact_id = p.id AND k.contact_id <> '' WHERE p.name LIKE " +
		people.arg(part) + " AND (p.list_id = ANY(" + people.arg(strs(l.viewer.Lists)) + ") OR " + people.arg(l.viewer.Everything) + ")"
	all := []source{
		{probe: names, walk: func() string {
			return "(SELECT k.name_text LIKE " + l.arg(part) + " FROM interaction_customers k WHERE k.interaction_id = i.id)"
		}},
		{probe: people, walk: func() string {
			return "(SELECT p.name LIKE " + l.arg(part) + " AND (p.list_id = ANY(" + l.arg(strs(l.viewer.Lists)) + ") OR " + l.arg(l.viewer.Everything) +
				") FROM contacts p WHERE p.id = i.contact_id)"
		}},
	}
	if digits := contacts.Digits(text); utf8.RuneCountInString(digits) >= 3 {
		phones := &probe{few: fewMatches}
		phones.sql = "SELECT interaction_id FROM interaction_customers WHERE phone LIKE " + phones.arg("%"+digits+"%")
		all = append(all, source{probe: phones, walk: func() string { return "i.customer_phone LIKE " + l.arg("%"+digits+"%") }})
	}
	return all
}

func (l *list) wholeValues(text string) []source {
	digits := contacts.Digits(text)
	customers, people := &probe{few: most}, &probe{few: most}
	customers.sql = "SELECT m.id FROM match_customers(" + customers.arg(text) + ", " + customers.arg(digits) + ") AS m (id)"
	people.sql = "SELECT k.interaction_id FROM match_contacts(" + people.arg(text) + ", " + people.arg(digits) + ", " + people.arg(strs(l.viewer.Lists)) + ", " +
		people.arg(l.viewer.Everything) + ") AS m (id) JOIN interaction_customers k ON k.contact_id = m.id AND k.contact_id <> ''"
	return []source{{probe: customers}, {probe: people}}
}

// said finds interactions by what was said in them. Words said all the time are looked for in one interaction after the other.
func (l *list) said(words []string) source {
	query := wordsQuery(words)
	everywhere := &probe{few: 10 * fewMatches}
	everywhere.sql = "SELECT interaction_id FROM message_words WHERE words @@ to_tsquery('simple', " + everywhere.arg(query) + ")"
	return source{
		probe: everywhere,
		usual: l.lately(words),
		walk: func() string {
			return "(SELECT true FROM message_words w WHERE w.interaction_id = i.id" + contains("w.text", words, l.arg) +
				" AND w.words @@ to_tsquery('simple', " + l.arg(query) + ") LIMIT 1)"
		},
	}
}

// Words are said all the time when more than fewSaid messages have them, of those that came last before each of some moments: an hour
// of one campaign would be no sample.
var fewSaid = 3

const perMoment = 30

var moments = []time.Duration{0, time.Hour, 6 * time.Hour, 24 * time.Hour, 2 * 24 * time.Hour, 4 * 24 * time.Hour, 7 * 24 * time.Hour,
	14 * 24 * time.Hour, 30 * 24 * time.Hour, 90 * 24 * time.Hour}

// lately is those of the sampled messages within the viewer's scope that have the words.
func (l *list) lately(words []string) *probe {
	at := make([]time.Time, len(moments))
	for i, ago := range moments {
		at[i] = l.now.Add(-ago)
	}
	p := &probe{few: fewSaid}
	p.sql = fmt.Sprintf(`SELECT w.interaction_id FROM unnest(%s::timestamptz[]) AS moment (at) CROSS JOIN LATERAL (
			SELECT m.interaction_id, m.text FROM message_words m WHERE NOT m.private AND m.recorded_at <= moment.at ORDER BY m.recorded_at DESC LIMIT %d
		) w JOIN interactions i ON i.id = w.interaction_id WHERE %s%s`,
		p.arg(at), perMoment, Scope(l.viewer, "i", p.arg), contains("w.text", words, p.arg))
	return p
}

// contains is true of every text that has the words, and of some others: it tests letters and costs little.
func contains(text string, words []string, arg func(any) string) string {
	var all strings.Builder
	for _, w := range words {
		all.WriteString(" AND strpos(" + text + ", " + arg(w) + ") > 0")
	}
	return all.String()
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) })
}

// wordsQuery asks for all words, the last of which may be unfinished.
func wordsQuery(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = "'" + w + "'"
	}
	return strings.Join(quoted, " & ") + ":*"
}
