package interactions

import (
	"context"
	"strings"
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

const (
	sampled     = 300    // messages looked at to see whether words are said all the time
	lookedBack  = 2_000  // messages, at first
	lookedAtAll = 32_000 // messages, at most
)

// saying is the interactions in which these words were said. When they are said all the time, only the last messages count,
// as far back as there are enough of them for a page.
func (l *list) saying(ctx context.Context, q projections.Querier, words string) ([]string, error) {
	if words == "" {
		return nil, nil
	}
	var sample []string
	if !l.viewer.Masked { // there the last messages come from two indexes, one of which may have to be walked to its end
		var err error
		if sample, err = l.lately(ctx, q, words, sampled); err != nil {
			return nil, err
		}
	}
	if len(sample) > sampled/10 {
		for n := lookedBack; n <= lookedAtAll; n *= 4 {
			ids, err := l.lately(ctx, q, words, n)
			if err != nil || len(ids) > 10*l.limit {
				return ids, err
			}
		}
	}
	all := &probe{few: 10 * fewMatches}
	all.sql = "SELECT interaction_id FROM message_words WHERE words @@ to_tsquery('simple', " + all.arg(words) + ")"
	ids, _, err := all.run(ctx, q)
	return ids, err
}

// lately is the interactions within scope that said the words among the last n messages of all, up to the page's place.
func (l *list) lately(ctx context.Context, q projections.Querier, words string, n int) ([]string, error) {
	until := l.now
	if l.after != nil && l.order == ByLastMessage {
		until = l.after.At
	}
	p := &probe{few: n}
	p.sql = "SELECT w.interaction_id FROM (SELECT interaction_id, words FROM message_words WHERE recorded_at <= " + p.arg(until) +
		" ORDER BY recorded_at DESC LIMIT " + p.arg(n) + ") w JOIN interactions i ON i.id = w.interaction_id WHERE w.words @@ to_tsquery('simple', " +
		p.arg(words) + ") AND " + Scope(l.viewer, "i", p.arg)
	ids, _, err := p.run(ctx, q)
	return ids, err
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
