package messages

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/projections"
	"parley/projections/interactions"
)

// Page is some messages of an interaction in the order they are shown.
type Page struct {
	Rows        []Row
	HasPrevious bool
	HasNext     bool
}

// Last is the last messages of an interaction, or with before, the last ones before that position. Without a right to
// see the interaction there are none.
func Last(ctx context.Context, q projections.Querier, v access.Viewer, interactionID string, before *int64, last int) (Page, error) {
	s := &sql{}
	where := "m.interaction_id = " + s.arg(interactionID)
	if before != nil {
		where += " AND m.position < " + s.arg(*before)
	}
	rows, err := s.collect(ctx, q, v, where+visible(v, s), fmt.Sprintf("ORDER BY m.position DESC LIMIT %d", last+1))
	if err != nil {
		return Page{}, fmt.Errorf("read messages: %w", err)
	}
	page := Page{Rows: rows, HasNext: before != nil}
	if len(rows) > last {
		page.Rows, page.HasPrevious = rows[:last], true
	}
	slices.Reverse(page.Rows)
	return page, nil
}

// All is every message of an interaction in order, for transcripts; with notes and whispers if asked for.
func All(ctx context.Context, q projections.Querier, v access.Viewer, interactionID string, notes bool) ([]Row, error) {
	s := &sql{}
	where := "m.interaction_id = " + s.arg(interactionID) + visible(v, s)
	if !notes {
		where += " AND m.author NOT IN ('NOTE', 'WHISPER')"
	}
	rows, err := s.collect(ctx, q, v, where, "ORDER BY m.position")
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return rows, nil
}

// ByIDs is those of the messages the viewer may see, in the order they are shown within each interaction, in one query.
func ByIDs(ctx context.Context, q projections.Querier, v access.Viewer, ids []string) ([]Row, error) {
	s := &sql{}
	where := "m.id = ANY(" + s.arg(ids) + ")" + visible(v, s)
	rows, err := s.collect(ctx, q, v, where, "ORDER BY m.interaction_id, m.position")
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return rows, nil
}

// ByID is one message; false when there is none the viewer may see.
func ByID(ctx context.Context, q projections.Querier, v access.Viewer, id string) (Row, bool, error) {
	rows, err := ByIDs(ctx, q, v, []string{id})
	if err != nil || len(rows) == 0 {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// Of says which interaction a message belongs to; empty when it is not known. For finding streams, so whoever asks.
func Of(ctx context.Context, q projections.Querier, messageID string) (interactionID string, err error) {
	return lookUp(ctx, q, "SELECT interaction_id FROM messages WHERE id = $1", messageID)
}

// OfProviderTag finds the message we sent by what derives from the provider's id of it, for statuses that do not say where
// they belong. Both are empty when it is not known. It reads the clear views.
func OfProviderTag(ctx context.Context, q projections.Querier, tag string) (interactionID, messageID string, err error) {
	err = q.QueryRow(ctx, "SELECT interaction_id, id FROM messages WHERE provider_tag = $1 AND provider_tag <> '' LIMIT 1", tag).Scan(&interactionID, &messageID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("look up a status: %w", err)
	}
	return interactionID, messageID, nil
}

// Known is those of the messages that were taken in before, whatever session they are in.
func Known(ctx context.Context, q projections.Querier, ids []string) ([]string, error) {
	rows, err := q.Query(ctx, "SELECT id FROM messages WHERE id = ANY($1)", ids)
	if err != nil {
		return nil, fmt.Errorf("look up messages: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// visible leaves out what is not for the viewer: interactions beyond his scope, and whispers but for the owner and
// supervisors (A22).
func visible(v access.Viewer, s *sql) string {
	condition := ""
	if !v.Everything {
		condition = " AND EXISTS (SELECT FROM interactions i WHERE i.id = m.interaction_id AND " + interactions.Scope(v, "i", s.arg) + ")"
	}
	if !v.May(access.Supervise) && v.Role != "AUDITOR" {
		condition += " AND (m.author <> 'WHISPER' OR EXISTS (SELECT FROM interactions o WHERE o.id = m.interaction_id AND o.owner_id = " + s.arg(string(v.User)) + "))"
	}
	return condition
}

var columns = func() string {
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = "m." + c.Name
	}
	return strings.Join(names, ", ")
}()

type sql struct{ args []any }

func (s *sql) arg(value any) string {
	s.args = append(s.args, value)
	return fmt.Sprintf("$%d", len(s.args))
}

func (s *sql) collect(ctx context.Context, q projections.Querier, v access.Viewer, where, order string) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+`, quoted.author, quoted.kind, quoted.text FROM messages m
		LEFT JOIN messages quoted ON quoted.id = m.quoted_id AND m.quoted_id <> '' AND quoted.author NOT IN ('NOTE', 'WHISPER')
		WHERE `+where+" "+order, s.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		var author, kind, text *string
		into := make([]any, 0, len(table.Columns)+3)
		for _, c := range table.Columns {
			into = append(into, c.Scan(&r))
		}
		if err := row.Scan(append(into, &author, &kind, &text)...); err != nil {
			return r, err
		}
		if author != nil {
			r.Quoted = &Quoted{ID: r.QuotedID, Author: *author, Kind: *kind, Text: *text}
		}
		return r, nil
	})
}

func lookUp(ctx context.Context, q projections.Querier, query string, args ...any) (found string, err error) {
	err = q.QueryRow(ctx, query, args...).Scan(&found)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up a message: %w", err)
	}
	return found, nil
}
