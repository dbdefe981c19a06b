package interactions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/internal/access"
	"parley/internal/database"
)

var columns = table.Select("i")

// unmanaged counts the conversation's incoming sessions since the last one that had an owner.
const unmanaged = `(SELECT count(*) FROM interaction_customers u
	WHERE u.account_id = i.account_id AND u.address_id = i.address_id AND u.inbound AND NOT u.managed
		AND NOT EXISTS (SELECT FROM interaction_customers m
			WHERE m.account_id = u.account_id AND m.address_id = u.address_id AND m.number > u.number AND m.managed)) AS unmanaged`

// ByIDs returns the interactions the viewer may see, unordered, in one query.
func ByIDs(ctx context.Context, q database.Querier, v access.Viewer, ids []string) ([]Row, error) {
	l := &list{viewer: v}
	where := append([]string{"i.id = ANY(" + l.arg(ids) + ")"}, l.scope()...)
	rows, err := collect(ctx, q,
		"SELECT "+columns+", "+unmanaged+" FROM interactions i WHERE "+strings.Join(where, " AND "), l.args...)
	if err != nil {
		return nil, fmt.Errorf("read interactions: %w", err)
	}
	return rows, nil
}

// ByID returns one interaction, or false if the viewer's scope has none with this id.
func ByID(ctx context.Context, q database.Querier, v access.Viewer, id string) (Row, bool, error) {
	rows, err := ByIDs(ctx, q, v, []string{id})
	if err != nil || len(rows) == 0 {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// Sessions returns the open interactions a user owns, oldest first: their session tabs.
func Sessions(ctx context.Context, q database.Querier, owner string) ([]Row, error) {
	rows, err := collect(ctx, q, "SELECT "+columns+", "+unmanaged+`
		FROM open_interactions o JOIN interactions i ON i.id = o.interaction_id
		WHERE o.owner_id = $1 AND i.owner_id = $1 AND i.status = 'OPEN' ORDER BY i.accepted_at, i.id`, owner)
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	return rows, nil
}

// Latest returns the id and number of a conversation's last session; number 0 means there is none. It is a
// first guess that the stream must confirm.
func Latest(
	ctx context.Context, q database.Querier, account domain.AccountID, address domain.AddressID,
) (id domain.InteractionID, number int, err error) {
	err = q.QueryRow(ctx, `SELECT interaction_id, number FROM interaction_customers
		WHERE account_id = $1 AND address_id = $2 ORDER BY number DESC LIMIT 1`, string(account), string(address)).
		Scan(&id, &number)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", 0, nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("read latest session: %w", err)
	}
	return id, number, nil
}

func collect(ctx context.Context, q database.Querier, sql string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		return r, row.Scan(append(table.Into(&r), &r.Unmanaged)...)
	})
	if err != nil {
		return nil, err
	}
	return withLastMessages(ctx, q, found)
}

// withLastMessages shows the last message of a joined interaction in the row of the survivor.
func withLastMessages(ctx context.Context, q database.Querier, found []Row) ([]Row, error) {
	var homes []string
	for _, r := range found {
		if r.LastIn != "" {
			homes = append(homes, r.LastIn)
		}
	}
	if len(homes) == 0 {
		return found, nil
	}
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM interactions i WHERE i.id = ANY($1)", homes)
	if err != nil {
		return nil, err
	}
	ended, err := pgx.CollectRows(rows, table.Scan)
	if err != nil {
		return nil, err
	}
	for i := range found {
		r := &found[i]
		at := slices.IndexFunc(ended, func(o Row) bool { return o.ID == r.LastIn })
		if at < 0 {
			continue
		}
		o := ended[at]
		r.LastMessageID, r.LastMessageDirection, r.LastMessageStatus = o.LastMessageID, o.LastMessageDirection, o.LastMessageStatus
		r.Preview = o.Preview
	}
	return found, nil
}
