package interactions

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"parley/domain/phone"
	"parley/internal/database"
	"parley/projections/contacts"
	"parley/projections/plain"
)

// source is one way to find interactions by a text.
type source struct {
	probe *probe
	// sample, if set, runs before a probe that may be expensive: if it finds more than few, the text counts as
	// common and the probe is not run.
	sample *probe
	// walk returns the same condition on an interaction's row, for common texts, written so that Postgres
	// can only test it row by row. Without a walk the probe itself is limited.
	walk func() string
}

// find returns the interactions, or false if there are more than few.
func (s source) find(ctx context.Context, q database.Querier) ([]string, bool, error) {
	if s.sample != nil {
		if _, few, err := s.sample.run(ctx, q); err != nil || !few {
			return nil, false, err
		}
	}
	return s.probe.run(ctx, q)
}

// search returns the ways to find interactions by a text: by customer, by contact, by the words of messages.
// In the masked views, only whole names and numbers match, and words of masked texts.
func (l *list) search(ctx context.Context, q database.Querier) ([]branch, error) {
	text := l.filter.Search
	sources := l.customers(text)
	if l.viewer.Masked {
		sources = l.wholeValues(text)
	}
	if terms := plain.Terms(text); len(terms) > 0 {
		sources = append(sources, l.byWords(terms))
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
	const named, grams = "k.name_text", "k.name_grams"
	names, people := &probe{few: fewMatches}, &probe{few: fewMatches}
	var all []source
	if like := contacts.NamedLike(text, named, grams, names.arg); like != "" {
		names.sql = "SELECT k.interaction_id FROM interaction_customers k WHERE " + like
		people.sql = fmt.Sprintf(`SELECT k.interaction_id
			FROM contacts p JOIN interaction_customers k ON k.contact_id = ANY(p.family || p.id) AND k.contact_id <> ''
			WHERE %s AND (p.list_id = ANY(%s) OR %s)`, contacts.NamedLike(text, "p.name_text", "p.name_grams", people.arg),
			people.arg(strs(l.viewer.Lists)), people.arg(l.viewer.Everything))
		all = []source{
			{probe: names, walk: func() string {
				return "(SELECT " + contacts.NamedLike(text, named, grams, l.arg) +
					" FROM interaction_customers k WHERE k.interaction_id = i.id)"
			}},
			{probe: people, walk: func() string {
				return fmt.Sprintf(`(SELECT bool_or(%s AND (p.list_id = ANY(%s) OR %s)) FROM contacts p
					WHERE p.id = i.contact_id OR p.family @> ARRAY[i.contact_id] AND p.family <> '{}')`,
					contacts.NamedLike(text, "p.name_text", "p.name_grams", l.arg),
					l.arg(strs(l.viewer.Lists)), l.arg(l.viewer.Everything))
			}},
		}
	}
	if digits := plain.Digits(text); utf8.RuneCountInString(digits) >= 3 {
		for _, spelling := range phone.Spellings(digits) {
			phones := &probe{few: fewMatches}
			phones.sql = "SELECT interaction_id FROM interaction_customers WHERE phone_text LIKE " +
				phones.arg("%"+spelling+"%")
			all = append(all, source{probe: phones, walk: func() string {
				return "(SELECT k.phone_text LIKE " + l.arg("%"+spelling+"%") +
					" FROM interaction_customers k WHERE k.interaction_id = i.id)"
			}})
		}
	}
	return all
}

func (l *list) wholeValues(text string) []source {
	text, key := plain.Text(text), phone.Canonical(plain.Digits(text))
	customers, people := &probe{few: probeLimit}, &probe{few: probeLimit}
	customers.sql = "SELECT m.id FROM match_customers(" + customers.arg(text) + ", " + customers.arg(key) + ") AS m (id)"
	people.sql = fmt.Sprintf(`SELECT k.interaction_id FROM match_contacts(%s, %s, %s, %s) AS m (id)
		JOIN contacts p ON p.id = m.id
		JOIN interaction_customers k ON k.contact_id = ANY(p.family || p.id) AND k.contact_id <> ''`,
		people.arg(text), people.arg(key), people.arg(strs(l.viewer.Lists)), people.arg(l.viewer.Everything))
	return []source{{probe: customers}, {probe: people}}
}

// byWords finds interactions by the words of their messages. For common words it tests the interactions one
// by one.
func (l *list) byWords(terms []plain.Term) source {
	queries := make([]string, len(terms))
	for i, t := range terms {
		queries[i] = t.Query
	}
	everywhere := &probe{few: 10 * fewMatches}
	everywhere.sql = "SELECT w.interaction_id FROM message_words w WHERE w.words @@ " +
		everywhere.arg(strings.Join(queries, " & ")) + "::text::tsquery" + l.have(terms, everywhere.arg)
	return source{
		probe:  everywhere,
		sample: l.recentSample(terms),
		walk: func() string {
			return "(SELECT true FROM message_words w WHERE w.interaction_id = i.id" + l.have(terms, l.arg) + " LIMIT 1)"
		},
	}
}

// have returns the condition that a message w has all these words. For masked viewers, the customer's names
// do not count.
func (l *list) have(terms []plain.Term, arg func(any) string) string {
	all := contains(terms, "w.text", arg)
	if l.viewer.Masked {
		all += contains(terms, "masked.hide_words(w.text, w.interaction_id)", arg)
	}
	return all
}

// Words count as common if more than fewSampled of the sampled messages contain them. The sample takes the last
// messages before several points in time, because an hour of one campaign would mislead.
var fewSampled = 3

const messagesPerSample = 30

// sampleTimes is how long before now each part of the sample ends.
var sampleTimes = []time.Duration{
	0, time.Hour, 6 * time.Hour, 24 * time.Hour, 2 * 24 * time.Hour, 4 * 24 * time.Hour, 7 * 24 * time.Hour,
	14 * 24 * time.Hour, 30 * 24 * time.Hour, 90 * 24 * time.Hour,
}

// recentSample returns the sampled messages within the viewer's scope that contain the words.
func (l *list) recentSample(terms []plain.Term) *probe {
	at := make([]time.Time, len(sampleTimes))
	for i, ago := range sampleTimes {
		at[i] = l.now.Add(-ago)
	}
	p := &probe{few: fewSampled}
	p.sql = fmt.Sprintf(`SELECT w.interaction_id FROM unnest(%s::timestamptz[]) AS moment (at) CROSS JOIN LATERAL (
			SELECT m.interaction_id, m.text FROM message_words m
			WHERE NOT m.private AND m.recorded_at <= moment.at ORDER BY m.recorded_at DESC LIMIT %d
		) w JOIN interactions i ON i.id = w.interaction_id WHERE %s%s`,
		p.arg(at), messagesPerSample, Scope(l.viewer, "i", p.arg), contains(terms, "w.text", p.arg))
	return p
}

func contains(terms []plain.Term, text string, arg func(any) string) string {
	var all strings.Builder
	for _, t := range terms {
		all.WriteString(" AND strpos(" + text + ", " + arg(t.Pattern) + ") > 0")
	}
	return all.String()
}
