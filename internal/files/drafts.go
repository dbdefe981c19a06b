package files

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/domain/interaction"
	"parley/internal/seal"
)

// Drafts stores what users have written and neither sent nor saved, sealed under the user's own key. A draft
// belongs to a user, a subject (an interaction or a contact) and a part of it, such as the reply or a note.
type Drafts struct {
	Pool    *pgxpool.Pool // of ops
	Keyring *seal.Keyring
	Now     func() time.Time
	Log     *slog.Logger
}

const (
	draftAge = 7 * 24 * time.Hour      // since the last change
	maxDraft = 8 * interaction.MaxText // bytes; a contact has more than one text
)

// Drafts returns a user's drafts by subject and part. Subjects without one are left out.
func (d *Drafts) Drafts(
	ctx context.Context, user string, subjects []string,
) (map[string]map[string]string, error) {
	rows, err := d.Pool.Query(ctx, `
		SELECT subject_id, part, sealed FROM ops.drafts
		WHERE user_id = $1 AND subject_id = ANY($2) AND updated_at > $3 ORDER BY updated_at`,
		user, subjects, d.Now().Add(-draftAge))
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	type draft struct {
		Subject, Part string
		Sealed        []byte
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[draft])
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	drafts := make(map[string]map[string]string, len(found))
	for _, f := range found {
		text, err := d.Keyring.Open(ctx, user, f.Sealed, binding(f.Subject, f.Part))
		if errors.Is(err, seal.ErrErased) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open draft: %w", err)
		}
		if drafts[f.Subject] == nil {
			drafts[f.Subject] = make(map[string]string)
		}
		drafts[f.Subject][f.Part] = string(text)
	}
	return drafts, nil
}

// SaveDraft replaces a part of a draft. An empty text deletes it.
func (d *Drafts) SaveDraft(ctx context.Context, user, subject, part, text string) error {
	if len(text) > maxDraft {
		return interaction.ErrTextTooLong.With("max", maxDraft).With("length", len(text))
	}
	if text == "" {
		_, err := d.Pool.Exec(ctx,
			`DELETE FROM ops.drafts WHERE user_id = $1 AND subject_id = $2 AND part = $3`, user, subject, part)
		if err != nil {
			return fmt.Errorf("delete draft: %w", err)
		}
		return nil
	}
	sealed, err := d.Keyring.Seal(ctx, user, []byte(text), binding(subject, part))
	if err != nil {
		return fmt.Errorf("seal draft: %w", err)
	}
	_, err = d.Pool.Exec(ctx, `
		INSERT INTO ops.drafts (user_id, subject_id, part, sealed, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (user_id, subject_id, part)
		DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
		user, subject, part, sealed, d.Now())
	if err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

// Run calls Sweep every hour until ctx ends.
func (d *Drafts) Run(ctx context.Context) error { return everyHour(ctx, d.Log, "drafts", d.Sweep) }

// Sweep deletes the drafts that nobody has changed for a week.
func (d *Drafts) Sweep(ctx context.Context) error {
	if _, err := d.Pool.Exec(ctx, `DELETE FROM ops.drafts WHERE updated_at <= $1`, d.Now().Add(-draftAge)); err != nil {
		return fmt.Errorf("sweep drafts: %w", err)
	}
	return nil
}

// binding ties a sealed draft to its place, so that rows cannot be swapped.
func binding(subject, part string) []byte { return []byte("draft " + subject + " " + part) }
