package live

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/projections"
)

const (
	readLimit   = 20_000 // changes read at once; if there are more, all subscribers resync
	resumeLimit = 5_000  // the same for one resuming subscriber
)

// source reads changes from Postgres.
type source struct{ pool *pgxpool.Pool }

func (s source) cursor(ctx context.Context) (cursor, error) {
	var c cursor
	row := s.pool.QueryRow(ctx, `SELECT log_id, epoch, commit_position FROM app_data.progress`)
	if err := row.Scan(&c.log, &c.epoch, &c.position); err != nil {
		return cursor{}, fmt.Errorf("read progress: %w", err)
	}
	return c, nil
}

// changes returns those after one position, up to and including another. complete is false if some have been
// pruned or there are more than limit.
func (s source) changes(
	ctx context.Context, after, through uint64, limit int,
) (list []*Change, complete bool, err error) {
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
		c.Position, c.Kind, c.ID, c.InteractionID = *position, projections.ChangeKind(*kind), *id, *interaction
		c.Queue, c.Account, c.List = *queue, *account, *contacts
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
