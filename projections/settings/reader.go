package settings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/domain/policy"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections"
)

// Accounts returns the accounts within the viewer's scope, by name, including archived ones.
func Accounts(ctx context.Context, q database.Querier, v access.Viewer) ([]Account, error) {
	return read(ctx, q, accounts, "$1 OR id = ANY($2) ORDER BY lower(name), id", v.Everything, strs(v.Accounts))
}

// AccountsByID returns the accounts with these ids, unordered. It does not check a viewer's rights: names
// appear next to what may be seen.
func AccountsByID(ctx context.Context, q database.Querier, ids []string) ([]Account, error) {
	return read(ctx, q, accounts, "id = ANY($1)", ids)
}

// AllAccounts returns every account, for the parts that serve the whole organisation: webhooks, the outbox.
func AllAccounts(ctx context.Context, q database.Querier) ([]Account, error) {
	return read(ctx, q, accounts, "true ORDER BY id")
}

// Queues returns the queues within the viewer's scope, by name, including archived ones.
func Queues(ctx context.Context, q database.Querier, v access.Viewer) ([]Queue, error) {
	return read(ctx, q, queues, "$1 OR id = ANY($2) ORDER BY lower(name), id", v.Everything, strs(v.Queues))
}

// Dashboard returns the queues in the viewer's scope that are in use and that new interactions of an active
// account can reach. Queue members get only their own queues, even if they may see others.
func Dashboard(ctx context.Context, q database.Querier, v access.Viewer) ([]Queue, error) {
	return read(ctx, q, queues, `NOT archived AND ($1 OR id = ANY($2)) AND id IN (
		SELECT u.id FROM accounts a CROSS JOIN LATERAL (
			SELECT a.settings->>'queueId' AS id UNION ALL
			SELECT jsonb_array_elements_text(CASE jsonb_typeof(a.settings->'queues') WHEN 'array' THEN a.settings->'queues' ELSE '[]' END)) u
		WHERE NOT a.disabled AND NOT a.archived)
		ORDER BY lower(name), id`, v.Everything, strs(v.Queues))
}

// QueuesByID returns the queues with these ids, unordered.
func QueuesByID(ctx context.Context, q database.Querier, ids []string) ([]Queue, error) {
	return read(ctx, q, queues, "id = ANY($1)", ids)
}

// AllQueues returns every queue in use, for the router.
func AllQueues(ctx context.Context, q database.Querier) ([]Queue, error) {
	return read(ctx, q, queues, "NOT archived ORDER BY weight DESC, id")
}

// Users returns the viewer and their colleagues, by name: everyone, or those who share one of the viewer's
// queues.
func Users(ctx context.Context, q database.Querier, v access.Viewer) ([]User, error) {
	return read(ctx, q, users, `NOT archived AND ($1 OR id = $2 OR id IN (SELECT unnest(members) FROM queues WHERE id = ANY($3)))
		ORDER BY lower(name), id`, v.Everything, string(v.User), strs(v.Queues))
}

// UsersByID returns the users with these ids, unordered.
func UsersByID(ctx context.Context, q database.Querier, ids []string) ([]User, error) {
	return read(ctx, q, users, "id = ANY($1)", ids)
}

// UserOfLogin returns the user with this login in any case, or false. If two users have the login, it
// returns the one in use.
func UserOfLogin(ctx context.Context, q database.Querier, login string) (User, bool, error) {
	found, err := read(ctx, q, users, "login = $1 ORDER BY archived, disabled, id LIMIT 1", strings.ToLower(login))
	return one(found, err)
}

// Lists returns the contact lists granted to the viewer, by name.
func Lists(ctx context.Context, q database.Querier, v access.Viewer) ([]List, error) {
	return read(ctx, q, lists, "($1 OR id = ANY($2)) AND NOT archived ORDER BY lower(name), id", v.Everything,
		strs(v.Lists))
}

// ListsByID returns the lists with these ids, unordered.
func ListsByID(ctx context.Context, q database.Querier, ids []string) ([]List, error) {
	return read(ctx, q, lists, "id = ANY($1)", ids)
}

// Dispositions returns every disposition, including archived ones, parents before children.
func Dispositions(ctx context.Context, q database.Querier) ([]Disposition, error) {
	return read(ctx, q, dispositions, "true ORDER BY level, sort_order, lower(label), id")
}

// DispositionsByID returns the dispositions with these ids.
func DispositionsByID(ctx context.Context, q database.Querier, ids []string) ([]Disposition, error) {
	return read(ctx, q, dispositions, "id = ANY($1)", ids)
}

// DispositionsFor returns the dispositions in use that apply to an interaction with this contact's list,
// account and queue.
func DispositionsFor(
	ctx context.Context, q database.Querier, listID, accountID, queueID string,
) ([]Disposition, error) {
	rows, err := read(ctx, q, dispositions, `NOT archived
		AND NOT EXISTS (SELECT FROM dispositions p LEFT JOIN dispositions first ON first.id = p.settings->>'parentId'
			WHERE p.id = dispositions.settings->>'parentId' AND (p.archived OR first.archived))
		ORDER BY level, sort_order, lower(label), id`)
	return slices.DeleteFunc(rows, func(d Disposition) bool {
		return !d.Settings.AppliesTo(domain.ListID(listID), domain.AccountID(accountID), domain.QueueID(queueID))
	}), err
}

// CannedAnswers returns the answers in use for an account, and those for all accounts. Without an account it
// returns every answer.
func CannedAnswers(ctx context.Context, q database.Querier, accountID string) ([]CannedAnswer, error) {
	return read(ctx, q, cannedAnswers,
		"NOT archived AND ($1 = '' OR account_id = '' OR account_id = $1) ORDER BY lower(shortcut), id", accountID)
}

// CannedAnswersByID returns the canned answers with these ids.
func CannedAnswersByID(ctx context.Context, q database.Querier, ids []string) ([]CannedAnswer, error) {
	return read(ctx, q, cannedAnswers, "id = ANY($1)", ids)
}

// Tags returns the tags in use, by name.
func Tags(ctx context.Context, q database.Querier) ([]Tag, error) {
	return read(ctx, q, tags, "NOT archived ORDER BY lower(name), id")
}

// TagsByID returns the tags with these ids.
func TagsByID(ctx context.Context, q database.Querier, ids []string) ([]Tag, error) {
	return read(ctx, q, tags, "id = ANY($1)", ids)
}

// ThePolicy returns the policy that was set, or the default.
func ThePolicy(ctx context.Context, q database.Querier) (policy.Settings, error) {
	p, set, err := one(read(ctx, q, policies, "true LIMIT 1"))
	if err != nil || set {
		return p.Settings, err
	}
	return policy.Default(), nil
}

// read returns a table's rows that meet a condition, which may end in an ORDER BY.
func read[R any](
	ctx context.Context, q database.Querier, t projections.Table[string, R], where string, args ...any,
) ([]R, error) {
	view := t.ViewName()
	rows, err := q.Query(ctx, "SELECT "+t.Select(view)+" FROM "+view+" WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", view, err)
	}
	found, err := pgx.CollectRows(rows, t.Scan)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", view, err)
	}
	return found, nil
}

func one[R any](found []R, err error) (R, bool, error) {
	if err != nil || len(found) == 0 {
		var none R
		return none, false, err
	}
	return found[0], true, nil
}

// ErrNoUser means that no user has this id.
var ErrNoUser = errors.New("settings: no such user")
