package files

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain/interaction"
	"parley/internal/access"
	"parley/internal/blobs"
	"parley/internal/seal"
)

const (
	unusedAge = 24 * time.Hour     // how long an uploaded file waits to be sent
	usedAge   = 7 * 24 * time.Hour // how long a file given to a send can be sent again
)

// upload is the sealed description of an uploaded file.
type upload struct {
	Kind  interaction.MessageKind `json:"kind"`
	Media interaction.Media       `json:"media"`
}

// arrival is what an upload says about its file, and the limits for it.
type arrival struct {
	name     string
	recorded bool // by the browser's microphone
	limits   limits
}

// register records a stored file in the index, or deletes it if that fails.
func (u *Uploads) register(
	ctx context.Context, v access.Viewer, interactionID string, stored blobs.Blob, a arrival,
) (Uploaded, error) {
	done, err := u.index(ctx, v, interactionID, stored, a)
	if err != nil {
		return Uploaded{}, errors.Join(err, u.Store.Delete(context.WithoutCancel(ctx), stored.ID))
	}
	return done, nil
}

func (u *Uploads) index(
	ctx context.Context, v access.Viewer, interactionID string, stored blobs.Blob, a arrival,
) (Uploaded, error) {
	file, err := u.Store.Open(ctx, stored.ID, stored.Key)
	if err != nil {
		return Uploaded{}, err
	}
	defer file.Close()
	s, err := inspect(file)
	if err != nil {
		return Uploaded{}, err
	}
	kind, mime := kindOf(s, stored.Size, a.recorded, a.limits)
	sum := hex.EncodeToString(stored.SHA256)
	up := upload{Kind: kind, Media: interaction.Media{
		BlobID: stored.ID, BlobKey: stored.Key, MimeType: mime, FileName: named(a.name, string(kind), mime),
		SHA256: sum, Size: stored.Size, Animated: s.animated,
	}}
	plain, err := json.Marshal(up)
	if err != nil {
		return Uploaded{}, err
	}
	sealed, err := u.Keyring.Seal(ctx, string(v.User), plain, []byte("upload "+stored.ID))
	if err != nil {
		return Uploaded{}, fmt.Errorf("seal upload: %w", err)
	}
	_, err = u.Pool.Exec(ctx, `
		WITH entry AS (
			INSERT INTO ops.blobs (id, subject, sealed, size, mime, sha256, created_at) VALUES ($1, $2, true, $3, $4, $5, $6)
			RETURNING id)
		INSERT INTO ops.uploads (id, user_id, interaction_id, sealed, created_at) SELECT id, $2, $7, $8, $6 FROM entry`,
		stored.ID, string(v.User), stored.Size, mime, stored.SHA256, u.Now(), interactionID, sealed)
	if err != nil {
		return Uploaded{}, fmt.Errorf("record upload: %w", err)
	}
	return Uploaded{ID: "fil_" + stored.ID, Kind: kind, MimeType: mime, FileName: up.Media.FileName,
		Size: stored.Size}, nil
}

// Find returns a file the user has uploaded, by its API id, and marks it as used. It can be sent again for a
// week. It returns ErrUnknown if there is no such file, or another user uploaded it.
func (u *Uploads) Find(
	ctx context.Context, user, id string,
) (interaction.MessageKind, interaction.Media, error) {
	local, ok := localID("fil", id)
	if !ok {
		return "", interaction.Media{}, ErrUnknown
	}
	var sealed []byte
	err := u.Pool.QueryRow(ctx,
		`UPDATE ops.uploads SET used_at = $3 WHERE id = $1 AND user_id = $2 RETURNING sealed`,
		local, user, u.Now()).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", interaction.Media{}, ErrUnknown
	}
	if err != nil {
		return "", interaction.Media{}, fmt.Errorf("find upload: %w", err)
	}
	plain, err := u.Keyring.Open(ctx, user, sealed, []byte("upload "+local))
	if errors.Is(err, seal.ErrErased) {
		return "", interaction.Media{}, ErrUnknown
	}
	if err != nil {
		return "", interaction.Media{}, fmt.Errorf("open upload: %w", err)
	}
	var up upload
	if err := json.Unmarshal(plain, &up); err != nil {
		return "", interaction.Media{}, fmt.Errorf("read upload: %w", err)
	}
	return up.Kind, up.Media, nil
}

// Run calls Sweep every hour until ctx ends.
func (u *Uploads) Run(ctx context.Context) error { return everyHour(ctx, u.Log, "uploads", u.Sweep) }

func everyHour(ctx context.Context, log *slog.Logger, what string, sweep func(context.Context) error) error {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	for {
		if err := sweep(ctx); err != nil && ctx.Err() == nil {
			log.Warn("a sweep failed", "of", what, "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Sweep drops uploads from the index: those never used after a day, and the others a week after their last use. The
// files themselves stay, since only the log knows whether a message has one; the sweep of orphans takes care of them.
func (u *Uploads) Sweep(ctx context.Context) error {
	now := u.Now()
	_, err := u.Pool.Exec(ctx, `
		DELETE FROM ops.blobs b USING ops.uploads u
		WHERE u.id = b.id AND (u.used_at < $2 OR u.used_at IS NULL AND u.created_at < $1)`,
		now.Add(-unusedAge), now.Add(-usedAge))
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	return nil
}
