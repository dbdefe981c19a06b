package contacts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/phone"
	"parley/internal/access"
	"parley/internal/database"
)

var columns = table.Select("c")

// ByIDs returns the contacts the viewer may see, by requested id, in one query. A merged contact's id leads
// to the contact it was merged into.
func ByIDs(ctx context.Context, q database.Querier, v access.Viewer, ids []string) (map[string]Row, error) {
	rows, err := q.Query(ctx, `
		WITH RECURSIVE chain (asked, id, depth) AS (
			SELECT a, a, 0 FROM unnest($1::text[]) a
			UNION ALL
			SELECT chain.asked, n.merged_into, chain.depth + 1 FROM chain JOIN contacts n ON n.id = chain.id
			WHERE n.merged_into <> '' AND chain.depth < 20)
		SELECT chain.asked, `+columns+` FROM chain JOIN contacts c ON c.id = chain.id AND c.merged_into = ''
		WHERE $2 OR c.list_id = ANY($3)`, ids, v.Everything, lists(v))
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	found := make(map[string]Row, len(ids))
	for rows.Next() {
		var asked string
		var r Row
		if err := rows.Scan(append([]any{&asked}, table.Into(&r)...)...); err != nil {
			return nil, fmt.Errorf("read contacts: %w", err)
		}
		found[asked] = r
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	return found, nil
}

// ByID returns one contact, or false if the viewer's lists have none with this id.
func ByID(ctx context.Context, q database.Querier, v access.Viewer, id string) (Row, bool, error) {
	found, err := ByIDs(ctx, q, v, []string{id})
	r, ok := found[id]
	return r, ok, err
}

// BehindMasks returns a contact's numbers and email addresses, both as masked viewers see them and as
// stored, read at the same moment. Values at the same place belong together. It reads as the program, not as
// the viewer.
func BehindMasks(ctx context.Context, clear database.Querier, id string) (shown, stored Row, err error) {
	err = clear.QueryRow(ctx, `
		SELECT m.phones, m.emails, c.phones, c.emails
		FROM masked.contacts m JOIN app.contacts c ON c.id = m.id WHERE m.id = $1`, id).
		Scan(&shown.Phones, &shown.Emails, &stored.Phones, &stored.Emails)
	if err != nil {
		err = fmt.Errorf("read what masks hide: %w", err)
	}
	return shown, stored, err
}

// MergedInto returns the contacts in the viewer's lists that were merged into this one, as they were, oldest
// first.
func MergedInto(ctx context.Context, q database.Querier, v access.Viewer, id string) ([]Row, error) {
	return collect(ctx, q, `WHERE c.merged_into = $1 AND c.merged_into <> '' AND ($2 OR c.list_id = ANY($3))
		ORDER BY c.created_at, c.id`, id, v.Everything, lists(v))
}

// Itself returns one contact in the viewer's lists without following a merge.
func Itself(ctx context.Context, q database.Querier, v access.Viewer, id string) (Row, bool, error) {
	found, err := collect(ctx, q, `WHERE c.id = $1 AND ($2 OR c.list_id = ANY($3))`, id, v.Everything, lists(v))
	if err != nil || len(found) == 0 {
		return Row{}, false, err
	}
	return found[0], true, nil
}

// NoMarketing returns since when a contact and those merged into it want no marketing messages: the earliest
// time of any of them, or nil.
func NoMarketing(ctx context.Context, q database.Querier, r Row) (*time.Time, error) {
	if len(r.Family) == 0 {
		return r.NoMarketing, nil
	}
	var since *time.Time
	err := q.QueryRow(ctx, `SELECT min(no_marketing_since) FROM contacts WHERE id = ANY($1)`, append(slices.Clip(r.Family), r.ID)).Scan(&since)
	if err != nil {
		return nil, fmt.Errorf("read preferences of merged contacts: %w", err)
	}
	return since, nil
}

// Known holds what may identify a customer. Empty fields do not count.
type Known struct {
	AddressID  domain.AddressID // the one they write from
	AddressIDs []domain.AddressID
	Strangers  []domain.AddressID // others who have held the number; their contacts are not the customer's
	Phone      string             // in any spelling
	Email      string
	UserID     string
}

// Find returns the contacts that may be this customer in any list, oldest first, merged ones among them. It reads the
// clear views.
func Find(ctx context.Context, q database.Querier, k Known) ([]Row, error) {
	args := []any{k.AddressIDs, phone.Canonical(k.Phone), strings.ToLower(k.Email), k.UserID}
	ours := ""
	if len(k.Strangers) > 0 {
		args = append(args, k.Strangers)
		ours = ` AND c.address_id <> ALL($5) AND NOT EXISTS (
			SELECT FROM interaction_customers o WHERE o.contact_id = c.id AND o.address_id = ANY($5))`
	}
	return collect(ctx, q, `WHERE NOT c.erased AND (
		c.address_id = ANY($1) AND c.address_id <> '' OR $2 <> '' AND c.phone_keys @> ARRAY[$2]`+ours+`
			OR $3 <> '' AND c.emails @> ARRAY[$3] OR $4 <> '' AND c.user_ids @> ARRAY[$4])
		ORDER BY c.created_at, c.id`, args...)
}

// Of returns the oldest contact that may be this customer, preferring one in this list, or false if there is none. Of
// merged contacts it returns the one that the customer's address or number belongs to, not the survivor.
func Of(ctx context.Context, q database.Querier, list string, k Known) (domain.ContactID, bool, error) {
	found, err := Find(ctx, q, k)
	if err != nil {
		return "", false, err
	}
	found, survivors, err := withSurvivors(ctx, q, found)
	if err != nil || len(found) == 0 {
		return "", false, err
	}
	own := max(0, slices.IndexFunc(found, func(r Row) bool { return survivors[r.ID].ListID == list }))
	best := found[own]
	for _, r := range found {
		if r.AddressID != "" && r.AddressID == string(k.AddressID) && survivors[r.ID].ID == survivors[best.ID].ID {
			best = r
			break
		}
		if slices.Contains(best.Family, r.ID) {
			best = r
		}
	}
	return domain.ContactID(best.ID), true, nil
}

// withSurvivors returns the last survivor of each contact. It leaves out contacts whose survivor was erased.
func withSurvivors(ctx context.Context, q database.Querier, found []Row) ([]Row, map[string]Row, error) {
	survivors := make(map[string]Row, len(found))
	var merged []string
	for _, r := range found {
		survivors[r.ID] = Row{ID: r.ID, ListID: r.ListID}
		if r.MergedInto != "" {
			merged = append(merged, r.ID)
		}
	}
	if len(merged) == 0 {
		return found, survivors, nil
	}
	rows, err := q.Query(ctx, `
		WITH RECURSIVE chain (asked, id, depth) AS (
			SELECT a, a, 0 FROM unnest($1::text[]) a
			UNION ALL
			SELECT chain.asked, n.merged_into, chain.depth + 1 FROM chain JOIN contacts n ON n.id = chain.id
			WHERE n.merged_into <> '' AND chain.depth < 20)
		SELECT chain.asked, c.id, c.list_id, c.erased FROM chain JOIN contacts c ON c.id = chain.id AND c.merged_into = ''`, merged)
	if err != nil {
		return nil, nil, fmt.Errorf("read survivors: %w", err)
	}
	var asked string
	var s Row
	_, err = pgx.ForEachRow(rows, []any{&asked, &s.ID, &s.ListID, &s.Erased}, func() error {
		survivors[asked] = s
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read survivors: %w", err)
	}
	return slices.DeleteFunc(found, func(r Row) bool { return survivors[r.ID].Erased }), survivors, nil
}

// Mine is an agent's own copy of a contact, taken when they handled it.
type Mine struct {
	ID        string
	ListID    string
	Details   contact.Details // phone numbers, email addresses and names; masked for masked viewers
	ManagedBy string
}

// MyContacts returns the contacts an agent has handled, by name. An afterID continues a list.
func MyContacts(
	ctx context.Context, q database.Querier, agentID, afterID string, first int,
) (found []Mine, hasNext bool, err error) {
	rows, err := q.Query(ctx, `
		SELECT id, list_id, coalesce(first_name, ''), coalesce(last_name, ''), phones, emails, fields
		FROM my_contacts
		WHERE agent_id = $1 AND managed_by @> ARRAY[$1::text] AND id > $2 ORDER BY id LIMIT $3`, agentID, afterID, first+1)
	if err != nil {
		return nil, false, fmt.Errorf("read my contacts: %w", err)
	}
	found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Mine, error) {
		m := Mine{ManagedBy: agentID}
		d := &m.Details
		return m, row.Scan(&m.ID, &m.ListID, &d.FirstName, &d.LastName, &d.Phones, &d.Emails, &d.Fields)
	})
	if err != nil {
		return nil, false, fmt.Errorf("read my contacts: %w", err)
	}
	if len(found) > first {
		return found[:first], true, nil
	}
	return found, false, nil
}

func collect(ctx context.Context, q database.Querier, rest string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM contacts c "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	found, err := pgx.CollectRows(rows, table.Scan)
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
