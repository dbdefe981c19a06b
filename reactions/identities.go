package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
)

// joiner joins the open interactions of customers who turned out to be one.
type joiner struct {
	Config
	retries *retries
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

type pair struct{ one, other domain.InteractionID }

func (j *joiner) sweep(ctx context.Context) (time.Duration, error) {
	started, err := j.pairs(ctx, unfinished, j.Now().Add(-lookBack))
	if err != nil {
		return 0, err
	}
	open, err := j.pairs(ctx, twoOpen)
	if err != nil {
		return 0, err
	}
	for _, p := range append(started, open...) {
		id := string(p.one + p.other)
		if j.retries.delayed(id) {
			continue
		}
		if p.other == "" {
			err = j.Commands.FinishJoining(ctx, p.one)
		} else {
			err = j.Commands.JoinInteractions(ctx, p.one, p.other)
		}
		if refused(err) { // they have changed; the next sweep looks again
			err = nil
		}
		if err := j.retries.record(id, err); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func (j *joiner) pairs(ctx context.Context, query string, args ...any) ([]pair, error) {
	rows, err := j.Pool.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read interactions to join: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p pair, err error) {
		return p, row.Scan(&p.one, &p.other)
	})
}
