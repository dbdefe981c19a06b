package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
)

// joiner joins the open interactions of customers who turned out to be one, and merges their contacts.
type joiner struct {
	Config
	retries *retries
	met     map[pair]time.Time // pairs of contacts already handled, and when
}

func newJoiner(c Config) *joiner {
	return &joiner{Config: c, retries: newRetries(c, "identities"), met: make(map[pair]time.Time)}
}

func (j *joiner) loop() loop {
	return loop{name: "identities", sweep: j.sweep, gap: 100 * time.Millisecond, idle: 5 * time.Second,
		watches: []string{"addresses", "open_interactions"}}
}

// twoOpen finds pairs of open interactions that belong to one customer: the address of at least one leads elsewhere.
const twoOpen = `
	WITH RECURSIVE lead (interaction_id, account_id, address_id, depth) AS (
		SELECT o.interaction_id, o.account_id, a.linked_to, 1
		FROM open_interactions o JOIN addresses a ON a.alias_id = o.address_id AND a.linked_to <> ''
		UNION ALL
		SELECT lead.interaction_id, lead.account_id, a.linked_to, lead.depth + 1
		FROM lead JOIN addresses a ON a.alias_id = lead.address_id AND a.linked_to <> '' WHERE lead.depth < 20)
	SELECT l.interaction_id, o.interaction_id FROM lead l
	JOIN open_interactions o ON o.account_id = l.account_id AND o.address_id = l.address_id AND o.interaction_id <> l.interaction_id
	UNION
	SELECT l.interaction_id, m.interaction_id FROM lead l
	JOIN lead m ON m.account_id = l.account_id AND m.address_id = l.address_id AND m.interaction_id > l.interaction_id
	LIMIT 100`

// unfinished finds interactions whose survivor does not know them, because the process died in between.
const unfinished = `
	SELECT o.id, '' FROM interactions o JOIN interactions s ON s.id = o.joined_into
	WHERE o.joined_into <> '' AND o.closed_at > $1 AND NOT s.joined @> ARRAY[o.id] LIMIT 100`

// twoContacts finds pairs of contacts of linked addresses: the address of the second leads to that of the
// first.
const twoContacts = `
	WITH RECURSIVE lead (alias_id, address_id, depth) AS (
		SELECT alias_id, linked_to, 1 FROM addresses WHERE linked_at > $1
		UNION ALL
		SELECT lead.alias_id, a.linked_to, lead.depth + 1
		FROM lead JOIN addresses a ON a.alias_id = lead.address_id AND a.linked_to <> '' WHERE lead.depth < 20)
	SELECT DISTINCT m.contact_id, o.contact_id FROM lead l
	JOIN interaction_customers o ON o.address_id = l.alias_id AND o.contact_id <> ''
	JOIN interaction_customers m ON m.address_id = l.address_id AND m.contact_id <> ''
	JOIN contacts c ON c.id = o.contact_id JOIN contacts k ON k.id = m.contact_id
	WHERE c.id <> k.id AND c.list_id = k.list_id AND NOT k.family @> ARRAY[c.id] AND NOT c.family @> ARRAY[k.id]
		AND NOT (c.merged_into <> '' AND c.merged_into = k.merged_into)
		AND NOT k.suggested @> ARRAY[c.id] AND NOT c.suggested @> ARRAY[k.id] LIMIT 1000`

// halfMerged finds merges and undos that the survivor does not know of, because the process died in between.
const halfMerged = `
	SELECT o.merged_into, o.id FROM contacts o JOIN contacts s ON s.id = o.merged_into
	WHERE o.pointed_at > $1 AND o.merged_into <> '' AND NOT s.erased AND NOT s.family @> ARRAY[o.id]
	UNION
	SELECT s.id, o.id FROM contacts o JOIN contacts s ON s.family @> ARRAY[o.id] AND s.family <> '{}'
	WHERE o.pointed_at > $1 AND o.merged_into <> s.id AND NOT s.family @> ARRAY[o.merged_into]
	LIMIT 100`

type pair struct{ one, other string }

func (j *joiner) sweep(ctx context.Context) (time.Duration, error) {
	recently := j.Now().Add(-lookBack)
	for _, step := range []struct {
		query string
		args  []any
		do    func(context.Context, pair) error
	}{
		{unfinished, []any{recently}, func(ctx context.Context, p pair) error {
			return j.Commands.FinishJoining(ctx, domain.InteractionID(p.one))
		}},
		{twoOpen, nil, func(ctx context.Context, p pair) error {
			return j.Commands.JoinInteractions(ctx, domain.InteractionID(p.one), domain.InteractionID(p.other))
		}},
		{halfMerged, []any{recently}, func(ctx context.Context, p pair) error {
			return j.Commands.FinishMerge(ctx, domain.ContactID(p.one), domain.ContactID(p.other))
		}},
		{twoContacts, []any{recently}, j.joinContacts},
	} {
		found, err := j.pairs(ctx, step.query, step.args...)
		if err != nil {
			return 0, err
		}
		for _, p := range found {
			id := p.one + p.other
			if j.retries.delayed(id) {
				continue
			}
			err := step.do(ctx, p)
			if refused(err) { // they have changed; the next sweep looks again
				err = nil
			}
			if err := j.retries.record(id, err); err != nil {
				return 0, err
			}
		}
	}
	for p, at := range j.met {
		if at.Before(recently) {
			delete(j.met, p)
		}
	}
	return 0, nil
}

// joinContacts merges two contacts of one customer, or suggests it. It tries each pair only once.
func (j *joiner) joinContacts(ctx context.Context, p pair) error {
	if _, done := j.met[p]; done {
		return nil
	}
	err := j.Commands.JoinContacts(ctx, domain.ContactID(p.one), domain.ContactID(p.other))
	if err == nil {
		j.met[p] = j.Now()
	}
	return err
}

func (j *joiner) pairs(ctx context.Context, query string, args ...any) ([]pair, error) {
	rows, err := j.Pool.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read what to join: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p pair, err error) {
		return p, row.Scan(&p.one, &p.other)
	})
}
