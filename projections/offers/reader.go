package offers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/access"
	"parley/internal/database"
)

// Of returns the offers an agent can still answer: first the one that ends soonest, then the one that has
// waited longest.
func Of(ctx context.Context, q database.Querier, agentID string) ([]AgentOffer, error) {
	rows, err := collect(ctx, q, "pending_agents @> ARRAY[$1::text] AND cardinality(pending_agents) > 0", agentID)
	if err != nil {
		return nil, err
	}
	all, err := agentOffers(ctx, q, agentID, rows)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(all, func(o AgentOffer) bool { return o.State != Pending })
	slices.SortStableFunc(found, func(a, b AgentOffer) int {
		return cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), a.WaitingSince.Compare(b.WaitingSince))
	})
	return found, nil
}

// ByIDs returns the offers made to the viewer, in any state. Supervisors and others who were offered nothing
// get none. Old ended offers are not kept.
func ByIDs(ctx context.Context, q database.Querier, v access.Viewer, ids []string) ([]AgentOffer, error) {
	rows, err := collect(ctx, q, "offer_ids && $1 AND cardinality(offer_ids) > 0", ids)
	if err != nil {
		return nil, err
	}
	all, err := agentOffers(ctx, q, string(v.User), rows)
	return slices.DeleteFunc(all, func(o AgentOffer) bool { return !slices.Contains(ids, o.ID) }), err
}

// agentOffers returns one agent's offers. An agent who has left a queue can no longer answer its offers.
func agentOffers(ctx context.Context, q database.Querier, agentID string, rows []Row) ([]AgentOffer, error) {
	var found []AgentOffer
	pending := false
	for _, r := range rows {
		for _, o := range r.of(agentID) {
			found, pending = append(found, o), pending || o.State == Pending
		}
	}
	if !pending {
		return found, nil
	}
	of, err := q.Query(ctx, "SELECT id FROM queues WHERE members @> ARRAY[$1::text] AND NOT archived", agentID)
	if err != nil {
		return nil, fmt.Errorf("read queues of an agent: %w", err)
	}
	queues, err := pgx.CollectRows(of, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read queues of an agent: %w", err)
	}
	for i, o := range found {
		if o.State == Pending && o.QueueID != "" && !slices.Contains(queues, o.QueueID) {
			found[i].State = Withdrawn
		}
	}
	return found, nil
}

// InteractionOf returns the interaction an offer is for, or "" if the offer is not kept. It does not check a
// viewer's rights.
func InteractionOf(ctx context.Context, q database.Querier, offerID string) (string, error) {
	rows, err := collect(ctx, q, "offer_ids @> ARRAY[$1::text] AND cardinality(offer_ids) > 0", offerID)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].InteractionID, nil
}

// LastTaker returns who last accepted one of the queue's interactions, for round robin, or "".
func LastTaker(ctx context.Context, q database.Querier, queueID string) (agentID string, err error) {
	rows, err := q.Query(ctx,
		`SELECT taken_by FROM offer_rows WHERE queue_id = $1 AND taken_at IS NOT NULL ORDER BY taken_at DESC LIMIT 1`,
		queueID)
	if err != nil {
		return "", fmt.Errorf("read last taker: %w", err)
	}
	taker, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(taker) == 0 {
		return "", err
	}
	return taker[0], nil
}

// of returns one agent's offers.
func (r Row) of(agent string) []AgentOffer {
	var found []AgentOffer
	for _, m := range r.Offers {
		for i, a := range m.Agents {
			if a != agent {
				continue
			}
			o := AgentOffer{
				ID: m.ID, InteractionID: r.InteractionID, AgentID: a, AccountID: r.AccountID,
				QueueID: m.QueueID, State: m.States[i],
				OfferedAt: m.OfferedAt, ExpiresAt: m.ExpiresAt, WaitingSince: m.OfferedAt, FirstMessage: r.FirstMessage,
			}
			if r.WaitingSince != nil {
				o.WaitingSince = *r.WaitingSince
			}
			if o.State == Taken {
				o.TakenBy = m.TakenBy
			}
			found = append(found, o)
		}
	}
	return found
}

// PendingAt reports whether the offer can still be answered.
func (o AgentOffer) PendingAt(now time.Time) bool {
	return o.State == Pending && o.ExpiresAt.After(now)
}

func collect(ctx context.Context, q database.Querier, where string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+table.Select("o")+" FROM offer_rows o WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	found, err := pgx.CollectRows(rows, table.Scan)
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	return found, nil
}
