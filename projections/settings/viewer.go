package settings

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/internal/access"
	"parley/internal/database"
)

// Viewer returns what a user may do and see, and whether they are barred from signing in. It reads the clear
// views and returns ErrNoUser if there is no such user.
func Viewer(ctx context.Context, q database.Querier, id string) (v access.Viewer, disabled bool, err error) {
	found, err := UsersByID(ctx, q, []string{id})
	if err != nil {
		return access.Viewer{}, false, err
	}
	if len(found) == 0 {
		return access.Viewer{}, false, ErrNoUser
	}
	u := found[0]
	var scope access.Scope
	if scope.Queues, err = idsOf[domain.QueueID](ctx, q,
		"SELECT id FROM queues WHERE $1 = ANY(members) OR id = ANY($2) ORDER BY id", u.ID, strs(u.Settings.Queues)); err != nil {
		return access.Viewer{}, false, fmt.Errorf("read queues of a user: %w", err)
	}
	if scope.Accounts, err = idsOf[domain.AccountID](ctx, q,
		"SELECT id FROM accounts WHERE settings->>'queueId' = ANY($1) OR settings->'queues' ?| $1 ORDER BY id", strs(scope.Queues)); err != nil {
		return access.Viewer{}, false, fmt.Errorf("read accounts of a user: %w", err)
	}
	return access.NewViewer(domain.UserID(u.ID), u.Settings, scope), u.Disabled(), nil
}

// MayUse reports whether agents of a queue share an account.
func (a Account) MayUse(queueID string) bool {
	if string(a.Settings.QueueID) == queueID {
		return true
	}
	for _, id := range a.Settings.Queues {
		if string(id) == queueID {
			return true
		}
	}
	return false
}

func idsOf[T ~string](ctx context.Context, q database.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (id T, err error) {
		var s string
		err = row.Scan(&s)
		return T(s), err
	})
}
