package offers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/projections"
)

// Of is the offers an agent may still answer, the one that ends first before the others, then the longest waiting.
func Of(ctx context.Context, q projections.Querier, agentID string) ([]Offer, error) {
	rows, err := collect(ctx, q, "standing @> ARRAY[$1::text] AND cardinality(standing) > 0", agentID)
	if err != nil {
		return nil, err
	}
	all, err := madeTo(ctx, q, agentID, rows)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(all, func(o Offer) bool { return o.State != Standing })
	slices.SortStableFunc(found, func(a, b Offer) int {
		return cmp.Or(a.ExpiresAt.Compare(b.ExpiresAt), a.WaitingSince.Compare(b.WaitingSince))
	})
	return found, nil
}

// ByIDs is those of the offers that were made to the viewer, in whatever state they are in front of him. Supervisors and others
// who were not offered anything get none. Offers that ended long ago are not kept.
func ByIDs(ctx context.Context, q projections.Querier, v access.Viewer, ids []string) ([]Offer, error) {
	rows, err := collect(ctx, q, "offer_ids && $1 AND cardinality(offer_ids) > 0", ids)
	if err != nil {
		return nil, err
	}
	all, err := madeTo(ctx, q, string(v.User), rows)
	return slices.DeleteFunc(all, func(o Offer) bool { return !slices.Contains(ids, o.ID) }), err
}

// madeTo is the offers in front of one agent. What stands for a queue he has left since is not his to answer any more.
func madeTo(ctx context.Context, q projections.Querier, agentID string, rows []Row) ([]Offer, error) {
	var found []Offer
	standing := false
	for _, r := range rows {
		for _, o := range r.of(agentID) {
			found, standing = append(found, o), standing || o.State == Standing
		}
	}
	if !standing {
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
		if o.State == Standing && o.QueueID != "" && !slices.Contains(queues, o.QueueID) {
			found[i].State = Withdrawn
		}
	}
	return found, nil
}

// InteractionOf says which interaction an offer is about; empty when it is not kept. Whoever asks.
func InteractionOf(ctx context.Context, q projections.Querier, offerID string) (string, error) {
	rows, err := collect(ctx, q, "offer_ids @> ARRAY[$1::text] AND cardinality(offer_ids) > 0", offerID)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].InteractionID, nil
}

// LastTaker is who took one of the queue's interactions last, for round robin; empty when nobody did yet.
func LastTaker(ctx context.Context, q projections.Querier, queueID string) (agentID string, err error) {
	rows, err := q.Query(ctx, `SELECT taken_by FROM offer_rows WHERE queue_id = $1 AND taken_at IS NOT NULL ORDER BY taken_at DESC LIMIT 1`, queueID)
	if err != nil {
		return "", fmt.Errorf("read last taker: %w", err)
	}
	taker, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(taker) == 0 {
		return "", err
	}
	return taker[0], nil
}

// of is the offers in front of one agent.
func (r Row) of(agent string) []Offer {
	var found []Offer
	for _, m := range r.Offers {
		for i, a := range m.Agents {
			if a != agent {
				continue
			}
			o := Offer{
				ID: m.ID, InteractionID: r.InteractionID, AgentID: a, AccountID: r.AccountID, QueueID: m.QueueID, State: m.States[i],
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

// StandsAt says whether the offer can still be answered.
func (o Offer) StandsAt(now time.Time) bool { return o.State == Standing && o.ExpiresAt.After(now) }

func collect(ctx context.Context, q projections.Querier, where string, args ...any) ([]Row, error) {
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = c.Name
	}
	rows, err := q.Query(ctx, "SELECT "+strings.Join(names, ", ")+" FROM offer_rows WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		into := make([]any, len(table.Columns))
		for i, c := range table.Columns {
			into[i] = c.Scan(&r)
		}
		return r, row.Scan(into...)
	})
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	return found, nil
}
