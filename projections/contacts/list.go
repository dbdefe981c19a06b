package contacts

import (
	"context"
	"fmt"
	"strings"

	"parley/domain/phone"
	"parley/internal/access"
	"parley/internal/database"
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

func search(v access.Viewer, text string, arg func(any) string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	digits := Digits(text)
	if v.Masked {
		return fmt.Sprintf("c.id IN (SELECT m.id FROM match_contacts(%s, %s, %s, %s) AS m (id))",
			arg(text), arg(phone.Canonical(digits)), arg(lists(v)), arg(v.Everything))
	}
	part := arg("%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%")
	found := []string{"c.name LIKE " + part, "c.email_text LIKE " + part}
	if digits != "" {
		for _, spelling := range phone.Spellings(digits) {
			found = append(found, "c.phone_text LIKE "+arg("%"+spelling+"%"))
		}
	}
	return "(" + strings.Join(found, " OR ") + ")"
}

// Digits returns the number in a text that holds only a phone number in any spelling, without leading zeros.
// It returns "" for other texts.
func Digits(s string) string {
	var digits strings.Builder
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		case !strings.ContainsRune("+-()./ ", c):
			return ""
		}
	}
	return strings.TrimLeft(digits.String(), "0")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
