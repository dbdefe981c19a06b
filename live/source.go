package live

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	readLimit   = 20_000 // changes read at once; when there are more, everybody fetches anew
	resumeLimit = 5_000  // the same for one subscriber that comes back
)

// source reads changes from Postgres.
type source struct{ pool *pgxpool.Pool }

func (s source) place(ctx context.Context) (place, error) {
	var p place
	err := s.pool.QueryRow(ctx, `SELECT log_id, epoch, commit_position FROM app_data.progress`).Scan(&p.log, &p.epoch, &p.position)
	if err != nil {
		return place{}, fmt.Errorf("read progress: %w", err)
	}
	return p, nil
}

// changes are those after one position, up to and with another. complete is false when some are no longer kept, or when there
// are more than limit.
func (s source) changes(ctx context.Context, after, through uint64, limit int) (list []*Change, complete bool, err error) {
	rows, err := s.pool.Query(ctx, `
		SELECT p.pruned_through, c.position, c.kind, c.id, c.interaction_id, c.queue, c.account, c.agents, c.list,
			c.queue_before, c.account_before, c.agents_before, c.list_before
		FROM app_data.progress p LEFT JOIN (
			SELECT * FROM app_data.changes WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
		) c ON true ORDER BY c.position`, int64(after), int64(through), limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("read changes: %w", err)
	}
	var pruned uint64
	list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Change, error) {
		var position *uint64
		var kind, id, interaction, queue, account, contacts, queueBefore, accountBefore, listBefore *string
		c := new(Change)
		err := row.Scan(&pruned, &position, &kind, &id, &interaction, &queue, &account, &c.Agents, &contacts,
			&queueBefore, &accountBefore, &c.AgentsBefore, &listBefore)
		if err != nil || position == nil {
			return nil, err
		}
		c.Position, c.Kind, c.ID, c.InteractionID, c.Queue, c.Account, c.List = *position, *kind, *id, *interaction, *queue, *account, *contacts
		c.QueueBefore, c.AccountBefore, c.ListBefore = *queueBefore, *accountBefore, *listBefore
		return c, nil
	})
	if err != nil {
		return nil, false, fmt.Errorf("read changes: %w", err)
	}
	if len(list) == 1 && list[0] == nil {
		list = nil
	}
	return list, pruned <= after && len(list) <= limit, nil
}
