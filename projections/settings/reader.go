package settings

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/domain/policy"
	"parley/projections"
)

// Accounts is the accounts within the viewer's scope, by name; archived ones too.
func Accounts(ctx context.Context, q projections.Querier, v access.Viewer) ([]Account, error) {
	return read(ctx, q, accounts, "$1 OR id = ANY($2) ORDER BY lower(name), id", v.Everything, strs(v.Accounts))
}

// AccountsByID is the accounts with these ids, in no particular order, whoever asks: names are shown beside what may be seen.
func AccountsByID(ctx context.Context, q projections.Querier, ids []string) ([]Account, error) {
	return read(ctx, q, accounts, "id = ANY($1)", ids)
}

// AccountsOfNumber is the accounts that a provider's phone number id belongs to; normally one.
func AccountsOfNumber(ctx context.Context, q projections.Querier, phoneNumberID string) ([]Account, error) {
	return read(ctx, q, accounts, "phone_number_id = $1 AND NOT archived ORDER BY id", phoneNumberID)
}

// AllAccounts is every account, for those who work for the whole organisation: webhooks, the outbox.
func AllAccounts(ctx context.Context, q projections.Querier) ([]Account, error) {
	return read(ctx, q, accounts, "true ORDER BY id")
}

// Queues is the queues within the viewer's scope, by name; archived ones too.
func Queues(ctx context.Context, q projections.Querier, v access.Viewer) ([]Queue, error) {
	return read(ctx, q, queues, "$1 OR id = ANY($2) ORDER BY lower(name), id", v.Everything, strs(v.Queues))
}

// Dashboard is the queues in use of the viewer's scope that new interactions of an active account can reach (R3, R5).
// Members receive from theirs, also when they might see others.
func Dashboard(ctx context.Context, q projections.Querier, v access.Viewer) ([]Queue, error) {
	return read(ctx, q, queues, `NOT archived AND ($1 OR id = ANY($2)) AND id IN (
		SELECT u.id FROM accounts a CROSS JOIN LATERAL (
			SELECT a.settings->>'queueId' AS id UNION ALL
			SELECT jsonb_array_elements_text(CASE jsonb_typeof(a.settings->'queues') WHEN 'array' THEN a.settings->'queues' ELSE '[]' END)) u
		WHERE NOT a.disabled AND NOT a.archived)
		ORDER BY lower(name), id`, v.Everything, strs(v.Queues))
}

// QueuesByID is the queues with these ids, in no particular order.
func QueuesByID(ctx context.Context, q projections.Querier, ids []string) ([]Queue, error) {
	return read(ctx, q, queues, "id = ANY($1)", ids)
}

// AllQueues is every queue that is in use, for the router.
func AllQueues(ctx context.Context, q projections.Querier) ([]Queue, error) {
	return read(ctx, q, queues, "NOT archived ORDER BY weight DESC, id")
}

// Users is the viewer and his colleagues by name: everybody, or those who share one of his queues.
func Users(ctx context.Context, q projections.Querier, v access.Viewer) ([]User, error) {
	return read(ctx, q, users, `NOT archived AND ($1 OR id = $2 OR id IN (SELECT unnest(members) FROM queues WHERE id = ANY($3)))
		ORDER BY lower(name), id`, v.Everything, string(v.User), strs(v.Queues))
}

// UsersByID is the users with these ids, in no particular order.
func UsersByID(ctx context.Context, q projections.Querier, ids []string) ([]User, error) {
	return read(ctx, q, users, "id = ANY($1)", ids)
}

// UserOfLogin is the user who signs in with this name, in whatever case; false when there is none. A name that was given
// twice belongs to the user in use.
func UserOfLogin(ctx context.Context, q projections.Querier, login string) (User, bool, error) {
	found, err := read(ctx, q, users, "login = $1 ORDER BY archived, disabled, id LIMIT 1", strings.ToLower(login))
	return one(found, err)
}

// Lists is the contact lists granted to the viewer, by name.
func Lists(ctx context.Context, q projections.Querier, v access.Viewer) ([]List, error) {
	return read(ctx, q, lists, "($1 OR id = ANY($2)) AND NOT archived ORDER BY lower(name), id", v.Everything, strs(v.Lists))
}

// ListsByID is the lists with these ids, in no particular order.
func ListsByID(ctx context.Context, q projections.Querier, ids []string) ([]List, error) {
	return read(ctx, q, lists, "id = ANY($1)", ids)
}

// Dispositions is every disposition, archived ones too, parents before children.
func Dispositions(ctx context.Context, q projections.Querier) ([]Disposition, error) {
	return read(ctx, q, dispositions, "true ORDER BY level, sort_order, lower(label), id")
}

// DispositionsByID is the dispositions with these ids.
func DispositionsByID(ctx context.Context, q projections.Querier, ids []string) ([]Disposition, error) {
	return read(ctx, q, dispositions, "id = ANY($1)", ids)
}

// DispositionsFor is the outcomes in use for an interaction: global ones, and those of its contact's list, its account and its
// queue. Empty ids match nothing. What is below an archived one is out of use with it.
func DispositionsFor(ctx context.Context, q projections.Querier, listID, accountID, queueID string) ([]Disposition, error) {
	return read(ctx, q, dispositions, `NOT archived AND (scope = 'GLOBAL' OR scope_id <> '' AND
		(scope = 'LIST' AND scope_id = $1 OR scope = 'ACCOUNT' AND scope_id = $2 OR scope = 'QUEUE' AND scope_id = $3))
		AND NOT EXISTS (SELECT FROM dispositions p LEFT JOIN dispositions first ON first.id = p.settings->>'parentId'
			WHERE p.id = dispositions.settings->>'parentId' AND (p.archived OR first.archived))
		ORDER BY level, sort_order, lower(label), id`, listID, accountID, queueID)
}

// CannedAnswers is the answers in use for an account, and those for all; without an account, every one there is.
func CannedAnswers(ctx context.Context, q projections.Querier, accountID string) ([]CannedAnswer, error) {
	return read(ctx, q, cannedAnswers, "NOT archived AND ($1 = '' OR account_id = '' OR account_id = $1) ORDER BY lower(shortcut), id", accountID)
}

// CannedAnswersByID is the canned answers with these ids.
func CannedAnswersByID(ctx context.Context, q projections.Querier, ids []string) ([]CannedAnswer, error) {
	return read(ctx, q, cannedAnswers, "id = ANY($1)", ids)
}

// Tags is the tags in use, by name.
func Tags(ctx context.Context, q projections.Querier) ([]Tag, error) {
	return read(ctx, q, tags, "NOT archived ORDER BY lower(name), id")
}

// TagsByID is the tags with these ids.
func TagsByID(ctx context.Context, q projections.Querier, ids []string) ([]Tag, error) {
	return read(ctx, q, tags, "id = ANY($1)", ids)
}

// ThePolicy is the policy: what was set, or what holds while nothing was.
func ThePolicy(ctx context.Context, q projections.Querier) (policy.Settings, error) {
	p, set, err := one(read(ctx, q, policies, "true LIMIT 1"))
	if err != nil || set {
		return p.Settings, err
	}
	return policy.Default(), nil
}

// read is the rows of a table where a condition holds, which may end in an order.
func read[R any](ctx context.Context, q projections.Querier, t projections.Table[string, R], where string, args ...any) ([]R, error) {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	view := strings.TrimSuffix(t.Name, "_v1")
	rows, err := q.Query(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+view+" WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", view, err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (R, error) {
		var r R
		into := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			into[i] = c.Scan(&r)
		}
		return r, row.Scan(into...)
	})
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

// ErrNoUser says there is no user with this id.
var ErrNoUser = errors.New("settings: no such user")
