package contacts

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/domain/contact"
	"parley/projections"
)

var columns = func() string {
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = "c." + c.Name
	}
	return strings.Join(names, ", ")
}()

func (r *Row) into() []any {
	targets := make([]any, len(table.Columns))
	for i, c := range table.Columns {
		targets[i] = c.Scan(r)
	}
	return targets
}

// ByIDs is the contacts the viewer may see, by the id that was asked for: one that was merged into another stands for that
// one. One query.
func ByIDs(ctx context.Context, q projections.Querier, v access.Viewer, ids []string) (map[string]Row, error) {
	rows, err := q.Query(ctx, `
		WITH RECURSIVE chain (asked, id, depth) AS (
			SELECT a, a, 0 FROM unnest($1::text[]) a
			UNION ALL
			SELECT chain.asked, n.merged_into, chain.depth + 1 FROM chain JOIN contacts n ON n.id = chain.id WHERE n.merged_into <> '' AND chain.depth < 20)
		SELECT chain.asked, `+columns+` FROM chain JOIN contacts c ON c.id = chain.id AND c.merged_into = ''
		WHERE $2 OR c.list_id = ANY($3)`, ids, v.Everything, lists(v))
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	found := make(map[string]Row, len(ids))
	for rows.Next() {
		var asked string
		var r Row
		if err := rows.Scan(append([]any{&asked}, r.into()...)...); err != nil {
			return nil, fmt.Errorf("read contacts: %w", err)
		}
		found[asked] = r
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	return found, nil
}

// ByID is one contact; false when there is none within the viewer's lists.
func ByID(ctx context.Context, q projections.Querier, v access.Viewer, id string) (Row, bool, error) {
	found, err := ByIDs(ctx, q, v, []string{id})
	r, ok := found[id]
	return r, ok, err
}

// BehindMasks is how masked viewers see a contact's numbers and mail addresses and how they are stored, of one moment: what
// stands in a place of the one hides what stands in that place of the other. It asks as the program, not as the viewer.
func BehindMasks(ctx context.Context, clear projections.Querier, id string) (shown, stored Row, err error) {
	err = clear.QueryRow(ctx, `
		SELECT m.phones, m.mails, c.phones, c.mails FROM masked.contacts m JOIN app.contacts c ON c.id = m.id WHERE m.id = $1`, id).
		Scan(&shown.Phones, &shown.Mails, &stored.Phones, &stored.Mails)
	if err != nil {
		err = fmt.Errorf("read what masks hide: %w", err)
	}
	return shown, stored, err
}

// Related is the ids under which a contact's interactions may stand: its own, and those of the contacts merged into it.
func Related(ctx context.Context, q projections.Querier, id string) ([]string, error) {
	rows, err := q.Query(ctx, `
		WITH RECURSIVE family (id, depth) AS (
			SELECT $1::text, 0 UNION ALL
			SELECT n.id, family.depth + 1 FROM family JOIN contacts n ON n.merged_into = family.id AND n.merged_into <> '' WHERE family.depth < 20)
		SELECT DISTINCT id FROM family`, id)
	if err != nil {
		return nil, fmt.Errorf("read merged contacts: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Known is how a customer may be recognised; empty parts do not count.
type Known struct {
	AddressID string
	Phones    []string // digits, in all their spellings
	Mail      string
	UserID    string
}

// Find is the contacts a customer may be, oldest first, in whatever list (R20). It reads the clear views.
func Find(ctx context.Context, q projections.Querier, k Known) ([]Row, error) {
	phones := k.Phones
	if phones == nil {
		phones = []string{}
	}
	return collect(ctx, q, `WHERE c.merged_into = '' AND NOT c.erased AND (
		c.address_id = $1 AND c.address_id <> '' OR c.phones && $2 OR $3 <> '' AND c.mails @> ARRAY[$3] OR $4 <> '' AND c.user_ids @> ARRAY[$4])
		ORDER BY c.created_at, c.id`, k.AddressID, phones, strings.ToLower(k.Mail), k.UserID)
}

// Mine is the contact as an agent keeps it since he managed it.
type Mine struct {
	ID        string
	ListID    string
	Details   contact.Details // phones, mails and names; masked for masked viewers
	ManagedBy string
}

// MyContacts is what an agent has managed, by name, after a contact or from the beginning (R39–R43).
func MyContacts(ctx context.Context, q projections.Querier, agentID, afterID string, first int) (found []Mine, hasNext bool, err error) {
	rows, err := q.Query(ctx, `SELECT id, list_id, coalesce(first_name, ''), coalesce(last_name, ''), phones, mails, fields FROM my_contacts
		WHERE agent_id = $1 AND managed_by @> ARRAY[$1::text] AND id > $2 ORDER BY id LIMIT $3`, agentID, afterID, first+1)
	if err != nil {
		return nil, false, fmt.Errorf("read my contacts: %w", err)
	}
	found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Mine, error) {
		m := Mine{ManagedBy: agentID}
		d := &m.Details
		return m, row.Scan(&m.ID, &m.ListID, &d.FirstName, &d.LastName, &d.Phones, &d.Mails, &d.Fields)
	})
	if err != nil {
		return nil, false, fmt.Errorf("read my contacts: %w", err)
	}
	if len(found) > first {
		return found[:first], true, nil
	}
	return found, false, nil
}

func collect(ctx context.Context, q projections.Querier, rest string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM contacts c "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		return r, row.Scan(r.into()...)
	})
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	return found, nil
}

func lists(v access.Viewer) []string {
	ids := make([]string, len(v.Lists))
	for i, id := range v.Lists {
		ids[i] = string(id)
	}
	return ids
}
