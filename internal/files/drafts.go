package files

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/domain/interaction"
	"parley/internal/seal"
)

// Drafts stores unsent texts of agents, sealed under the agent's own key.
type Drafts struct {
	Pool    *pgxpool.Pool // of ops
	Keyring *seal.Keyring
	Now     func() time.Time
}

// Drafts returns a user's drafts by interaction. Interactions without one are left out.
func (d *Drafts) Drafts(ctx context.Context, user string, interactionIDs []string) (map[string]string, error) {
	rows, err := d.Pool.Query(ctx,
		`SELECT interaction_id, sealed FROM ops.drafts WHERE user_id = $1 AND interaction_id = ANY($2)`,
		user, interactionIDs)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	type draft struct {
		ID     string
		Sealed []byte
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[draft])
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	texts := make(map[string]string, len(found))
	for _, f := range found {
		text, err := d.Keyring.Open(ctx, user, f.Sealed, binding(f.ID))
		if errors.Is(err, seal.ErrErased) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open draft: %w", err)
		}
		texts[f.ID] = string(text)
	}
	return texts, nil
}

// SaveDraft replaces the draft of an interaction, up to interaction.MaxText characters. An empty text deletes
// it.
func (d *Drafts) SaveDraft(ctx context.Context, user, interactionID, text string) error {
	if n := utf8.RuneCountInString(text); n > interaction.MaxText {
		return interaction.ErrTextTooLong.With("max", interaction.MaxText).With("length", n)
	}
	if text == "" {
		_, err := d.Pool.Exec(ctx,
			`DELETE FROM ops.drafts WHERE user_id = $1 AND interaction_id = $2`, user, interactionID)
		if err != nil {
			return fmt.Errorf("delete draft: %w", err)
		}
		return nil
	}
	sealed, err := d.Keyring.Seal(ctx, user, []byte(text), binding(interactionID))
	if err != nil {
		return fmt.Errorf("seal draft: %w", err)
	}
	_, err = d.Pool.Exec(ctx, `
		INSERT INTO ops.drafts (user_id, interaction_id, sealed, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, interaction_id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`,
		user, interactionID, sealed, d.Now())
	if err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

// binding ties a sealed draft to its interaction, so that rows cannot be swapped.
func binding(interactionID string) []byte { return []byte("draft " + interactionID) }
