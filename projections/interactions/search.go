package interactions

import (
	"context"
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
	// walk is the same as a condition on an interaction's row, for when it is true of many. It is written so that Postgres
	// can only test row by row. Without it the probe is limited by itself.
	walk func() string
}

// search is the ways in which interactions are found by a text: by the customer, the contact, the words of messages. In the masked
// views only whole names and numbers match, and words of masked texts.
func (l *list) search(ctx context.Context, q projections.Querier) ([]branch, error) {
	text := strings.ToLower(strings.TrimSpace(l.filter.Search))
	sources := l.customers(text)
	if l.viewer.Masked {
		sources = l.wholeValues(text)
	}
	var found []branch
	for _, s := range sources {
		ids, few, err := s.probe.run(ctx, q)
		switch {
		case err != nil:
			return nil, err
		case !few && s.walk != nil:
			found = append(found, branch{conditions: append(l.scope(), s.walk())})
		case len(ids) > 0:
			found = append(found, branch{candidates: l.arg(ids), conditions: l.scope()})
		}
	}
	ids, err := l.saying(ctx, q, wordsQuery(text))
	if err == nil && len(ids) > 0 {
		found = append(found, branch{candidates: l.arg(ids), conditions: l.scope()})
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
		{names, func() string {
			return "(SELECT k.name_text LIKE " + l.arg(part) + " FROM interaction_customers k WHERE k.interaction_id = i.id)"
		}},
		{people, func() string {
			return "(SELECT p.name LIKE " + l.arg(part) + " AND (p.list_id = ANY(" + l.arg(strs(l.viewer.Lists)) + ") OR " + l.arg(l.viewer.Everything) +
				") FROM contacts p WHERE p.id = i.contact_id)"
		}},
	}
	if digits := contacts.Digits(text); utf8.RuneCountInString(digits) >= 3 {
		phones := &probe{few: fewMatches}
		phones.sql = "SELECT interaction_id FROM interaction_customers WHERE phone LIKE " + phones.arg("%"+digits+"%")
		all = append(all, source{phones, func() string { return "i.customer_phone LIKE " + l.arg("%"+digits+"%") }})
	}
	return all
}

func (l *list) wholeValues(text string) []source {
	digits := contacts.Digits(text)
	customers, people := &probe{few: fewMatches}, &probe{few: fewMatches}
	customers.sql = "SELECT m.id FROM match_customers(" + customers.arg(text) + ", " + customers.arg(digits) + ") AS m (id)"
	people.sql = "SELECT k.interaction_id FROM match_contacts(" + people.arg(text) + ", " + people.arg(digits) + ", " + people.arg(strs(l.viewer.Lists)) + ", " +
		people.arg(l.viewer.Everything) + ") AS m (id) JOIN interaction_customers k ON k.contact_id = m.id AND k.contact_id <> ''"
	return []source{{probe: customers}, {probe: people}}
}

// saying is the interactions in which these words were said. When they are said all the time, only lately counts, as far back
// as there are enough for a page.
func (l *list) saying(ctx context.Context, q projections.Querier, words string) ([]string, error) {
	if words == "" {
		return nil, nil
	}
	all := &probe{few: fewMatches}
	all.sql = "SELECT interaction_id FROM message_words WHERE words @@ to_tsquery('simple', " + all.arg(words) + ")"
	ids, few, err := all.run(ctx, q)
	if few || err != nil {
		return ids, err
	}
	until := l.now
	if l.after != nil {
		until = l.after.At
	}
	for days := 3; days < 1000; days *= 4 {
		lately := &probe{few: 10 * fewMatches}
		lately.sql = "SELECT interaction_id FROM message_words WHERE words @@ to_tsquery('simple', " + lately.arg(words) + ") AND recorded_at > " +
			lately.arg(until.Add(-time.Duration(days)*24*time.Hour)) + " AND recorded_at <= " + lately.arg(until)
		if ids, _, err = lately.run(ctx, q); err != nil || len(ids) > 10*l.limit {
			return ids, err
		}
	}
	return ids, nil
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
