package contacts

import (
	"context"
	"fmt"
	"strings"

	"parley/domain/phone"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/plain"
)

// Filter selects contacts. All conditions must hold.
type Filter struct {
	ListID string
	Tags   []string // any of them
	Search string   // part of a name, phone number or email; masked viewers must give a whole one
}

// Cursor is a contact's place in a list.
type Cursor struct{ Name, ID string }

// CursorOf returns the contact's place in a list.
func CursorOf(r Row) Cursor { return Cursor{Name: r.SortName, ID: r.ID} }

// Page is one page of a list.
type Page struct {
	Rows    []Row
	HasNext bool
}

// List returns a page of the contacts in the viewer's lists, by name. Masked viewers get them by id, because
// an order by name would reveal names.
func List(ctx context.Context, q database.Querier, v access.Viewer, f Filter, after *Cursor, first int) (Page, error) {
	var args []any
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	where := []string{"c.merged_into = ''", "NOT c.erased"}
	if len(f.Tags) > 0 {
		where = append(where, "c.tags && "+arg(f.Tags))
	}
	if f.Search != "" {
		where = append(where, search(v, f.Search, arg))
	}
	if after != nil {
		where = append(where, "(c.sort_name, c.id) > ("+arg(after.Name)+", "+arg(after.ID)+")")
	}
	granted := lists(v)
	if f.ListID != "" {
		if !v.Everything && !contains(granted, f.ListID) {
			return Page{}, nil
		}
		granted = []string{f.ListID}
	}
	find := func(extra string) string {
		return fmt.Sprintf("SELECT c.id, c.sort_name FROM contacts c WHERE %s ORDER BY c.sort_name, c.id LIMIT %d",
			strings.Join(append(where, extra), " AND "), first+1)
	}
	sql := find("true")
	if f.ListID != "" || !v.Everything {
		sql = "SELECT found.* FROM unnest(" + arg(granted) + "::text[]) AS each (list) CROSS JOIN LATERAL (" +
			find("c.list_id = each.list") + ") found"
	}
	rows, err := collect(ctx, q, fmt.Sprintf(`
		JOIN (SELECT * FROM (%s) f ORDER BY f.sort_name, f.id LIMIT %d) page ON page.id = c.id
		ORDER BY page.sort_name, page.id`, sql, first+1), args...)
	if err != nil {
		return Page{}, err
	}
	if len(rows) > first {
		return Page{Rows: rows[:first], HasNext: true}, nil
	}
	return Page{Rows: rows}, nil
}

// search returns the condition that a contact matches a text. A text without anything to search for matches
// none.
func search(v access.Viewer, text string, arg func(any) string) string {
	digits := plain.Digits(text)
	if v.Masked {
		return fmt.Sprintf("c.id IN (SELECT m.id FROM match_contacts(%s, %s, %s, %s) AS m (id))",
			arg(plain.Text(text)), arg(phone.Canonical(digits)), arg(lists(v)), arg(v.Everything))
	}
	var found []string
	if names := NamedLike(text, "c.name_text", "c.name_grams", arg); names != "" {
		found = append(found, names, NamedLike(text, "c.email_text", "c.name_grams", arg))
	}
	if digits != "" {
		for _, spelling := range phone.Spellings(digits) {
			found = append(found, "c.phone_text LIKE "+arg("%"+spelling+"%"))
		}
	}
	if len(found) == 0 {
		return "false"
	}
	return "(" + strings.Join(found, " OR ") + ")"
}

// NamedLike returns the condition that a column of plain texts holds every part of a search, or "" if there is nothing
// to search for. The column grams has the plain.Grams of the texts.
func NamedLike(search, column, grams string, arg func(any) string) string {
	var all []string
	for _, part := range plain.Parts(search) {
		all = append(all, column+" LIKE "+arg("%"+like.Replace(part)+"%"))
	}
	if pairs := plain.Pairs(search); len(pairs) > 0 && len(all) > 0 {
		all = append(all, grams+" @> "+arg(pairs))
	}
	if len(all) == 0 {
		return ""
	}
	return "(" + strings.Join(all, " AND ") + ")"
}

var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
