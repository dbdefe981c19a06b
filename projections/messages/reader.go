package messages

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/interactions"
)

// Page holds some messages of an interaction in display order.
type Page struct {
	Rows        []Row
	HasPrevious bool
	HasNext     bool
}

// Last returns the last messages of an interaction and of those joined into it, or with before, the last ones before
// that position. It returns none if the viewer may not see the interaction.
func Last(
	ctx context.Context, q database.Querier, v access.Viewer, interactionID string, joined []string, before *int64,
	last int,
) (Page, error) {
	s := &sql{}
	where := s.within(interactionID, joined)
	if before != nil {
		where += " AND m.position < " + s.arg(*before)
	}
	rows, err := s.collect(ctx, q, v, where+visibleIn(v, s, func() string { return s.arg(interactionID) }),
		fmt.Sprintf("ORDER BY m.position DESC FETCH FIRST %d ROWS WITH TIES", last+1))
	if err != nil {
		return Page{}, fmt.Errorf("read messages: %w", err)
	}
	page := Page{Rows: rows, HasNext: before != nil}
	page.HasPrevious = len(rows) > last
	for n := max(last, 1); n < len(rows); n++ { // messages at the same position stay together
		if rows[n].Position != rows[n-1].Position {
			page.Rows = rows[:n]
			break
		}
	}
	slices.Reverse(page.Rows)
	return page, nil
}

// ByIDs returns the messages the viewer may see, in display order within each interaction, in one query.
func ByIDs(ctx context.Context, q database.Querier, v access.Viewer, ids []string) ([]Row, error) {
	s := &sql{}
	where := "m.id = ANY(" + s.arg(ids) + ")" + visible(v, s)
	rows, err := s.collect(ctx, q, v, where, "ORDER BY m.interaction_id, m.position")
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return rows, nil
}

// Unknown returns the viewer's messages of unknown delivery that were not retried, oldest first.
func Unknown(ctx context.Context, q database.Querier, v access.Viewer, limit int) ([]Row, error) {
	s := &sql{}
	where := "m.status = 'UNKNOWN' AND m.retried_by = '' AND EXISTS (SELECT FROM interactions mine" +
		" WHERE mine.id = m.interaction_id AND mine.owner_id = " + s.arg(string(v.User)) + ")" + visible(v, s)
	rows, err := s.collect(ctx, q, v, where, fmt.Sprintf("ORDER BY m.recorded_at, m.id LIMIT %d", limit))
	if err != nil {
		return nil, fmt.Errorf("read messages of unknown delivery: %w", err)
	}
	return rows, nil
}

// ByID returns one message, or false if the viewer may see none with this id.
func ByID(ctx context.Context, q database.Querier, v access.Viewer, id string) (Row, bool, error) {
	rows, err := ByIDs(ctx, q, v, []string{id})
	if err != nil || len(rows) == 0 {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// Of returns the interaction a message belongs to, or "" if the message is unknown. It finds streams and
// does not check a viewer's rights.
func Of(ctx context.Context, q database.Querier, messageID string) (interactionID string, err error) {
	return lookUp(ctx, q, "SELECT interaction_id FROM messages WHERE id = $1", messageID)
}

// OfProviderTag finds a sent message by the tag derived from the provider's id, for statuses without a
// reference of ours. Both results are "" if the message is unknown. It reads the clear views.
func OfProviderTag(ctx context.Context, q database.Querier, tag string) (interactionID, messageID string, err error) {
	err = q.QueryRow(ctx,
		"SELECT interaction_id, id FROM messages WHERE provider_tag = $1 AND provider_tag <> '' LIMIT 1", tag).
		Scan(&interactionID, &messageID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("look up a status: %w", err)
	}
	return interactionID, messageID, nil
}

// visible excludes interactions outside the viewer's scope, and whispers unless the viewer is the owner or a
// supervisor. Who sees an interaction also sees what was joined into it.
func visible(v access.Viewer, s *sql) string {
	return visibleIn(v, s, func() string {
		return "m.interaction_id, (SELECT j.joined_into FROM interactions j WHERE j.id = m.interaction_id)"
	})
}

// visibleIn is visible for messages that are read in one of these interactions.
func visibleIn(v access.Viewer, s *sql, homes func() string) string {
	condition := ""
	if !v.Everything {
		condition = " AND EXISTS (SELECT FROM interactions i WHERE i.id IN (" + homes() + ") AND " +
			interactions.Scope(v, "i", s.arg) + ")"
	}
	if !v.May(access.Supervise) && v.Role != "AUDITOR" {
		condition += " AND (m.author <> 'WHISPER' OR EXISTS (SELECT FROM interactions o" +
			" WHERE o.id IN (" + homes() + ") AND o.owner_id = " + s.arg(string(v.User)) + "))"
	}
	return condition
}

// within selects the messages of an interaction and of those joined into it.
func (s *sql) within(interactionID string, joined []string) string {
	if len(joined) == 0 {
		return "m.interaction_id = " + s.arg(interactionID)
	}
	return "m.interaction_id = ANY(" + s.arg(append([]string{interactionID}, joined...)) + ")"
}

var columns = table.Select("m")

type sql struct{ args []any }

func (s *sql) arg(value any) string {
	s.args = append(s.args, value)
	return fmt.Sprintf("$%d", len(s.args))
}

func (s *sql) collect(ctx context.Context, q database.Querier, v access.Viewer, where, order string) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+`, quoted.author, quoted.kind, quoted.text FROM messages m
		LEFT JOIN messages quoted ON quoted.id = m.quoted_id AND m.quoted_id <> '' AND quoted.author NOT IN ('NOTE', 'WHISPER')
		WHERE `+where+" "+order, s.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		var author, kind, text *string
		if err := row.Scan(append(table.Into(&r), &author, &kind, &text)...); err != nil {
			return r, err
		}
		if author != nil {
			r.Quoted = &Quoted{ID: r.QuotedID, Author: *author, Kind: *kind, Text: *text}
		}
		return r, nil
	})
}

func lookUp(ctx context.Context, q database.Querier, query string, args ...any) (found string, err error) {
	err = q.QueryRow(ctx, query, args...).Scan(&found)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up a message: %w", err)
	}
	return found, nil
}
