package files

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/blobs"
	"parley/domain/interaction"
	"parley/seal"
)

const (
	unused = 24 * time.Hour     // how long a file waits to be sent
	known  = 7 * 24 * time.Hour // how long one that was given to a send may be sent again
)

// upload is what is sealed about a file that may be sent.
type upload struct {
	Kind  interaction.MessageKind `json:"kind"`
	Media interaction.Media       `json:"media"`
}

// enter puts a kept file into the index. When that fails the file goes again.
func (u *Uploads) enter(ctx context.Context, v access.Viewer, interactionID string, kept blobs.Blob, name string, recorded bool) (Uploaded, error) {
	done, err := u.index(ctx, v, interactionID, kept, name, recorded)
	if err != nil {
		return Uploaded{}, errors.Join(err, u.Store.Delete(context.WithoutCancel(ctx), kept.ID))
	}
	return done, nil
}

func (u *Uploads) index(ctx context.Context, v access.Viewer, interactionID string, kept blobs.Blob, name string, recorded bool) (Uploaded, error) {
	file, err := u.Store.Open(ctx, kept.ID, kept.Key)
	if err != nil {
		return Uploaded{}, err
	}
	defer file.Close()
	s, err := look(file)
	if err != nil {
		return Uploaded{}, err
	}
	kind, mime := kindOf(s, kept.Size, recorded)
	sum := hex.EncodeToString(kept.SHA256)
	up := upload{Kind: kind, Media: interaction.Media{
		BlobID: kept.ID, BlobKey: kept.Key, MimeType: mime, FileName: named(name, string(kind), mime), SHA256: sum, Size: kept.Size, Animated: s.animated,
	}}
	plain, err := json.Marshal(up)
	if err != nil {
		return Uploaded{}, err
	}
	sealed, err := u.Keyring.Seal(ctx, string(v.User), plain, []byte("upload "+kept.ID))
	if err != nil {
		return Uploaded{}, fmt.Errorf("seal upload: %w", err)
	}
	_, err = u.Pool.Exec(ctx, `
		WITH entry AS (
			INSERT INTO ops.blobs (id, subject, sealed, size, mime, sha256, created_at) VALUES ($1, $2, true, $3, $4, $5, $6)
			RETURNING id)
		INSERT INTO ops.uploads (id, user_id, interaction_id, sealed, created_at) SELECT id, $2, $7, $8, $6 FROM entry`,
		kept.ID, string(v.User), kept.Size, mime, kept.SHA256, u.Now(), interactionID, sealed)
	if err != nil {
		return Uploaded{}, fmt.Errorf("enter upload: %w", err)
	}
	return Uploaded{ID: "fil_" + kept.ID, Kind: kind, MimeType: mime, FileName: up.Media.FileName, Size: kept.Size}, nil
}

// Find is a file that this user uploaded, by its id in the API, to be sent now; it may be asked for again for a week.
// ErrUnknown when there is none, or it is somebody else's.
func (u *Uploads) Find(ctx context.Context, user, id string) (interaction.MessageKind, interaction.Media, error) {
	local, ok := localID("fil", id)
	if !ok {
		return "", interaction.Media{}, ErrUnknown
	}
	var sealed []byte
	err := u.Pool.QueryRow(ctx, `UPDATE ops.uploads SET used_at = $3 WHERE id = $1 AND user_id = $2 RETURNING sealed`,
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

// Sweep deletes the files that were uploaded a day ago and never given to a send, also those an earlier sweep could not
// remove. One that was given to a send a week ago leaves the index only: whether a message has it, the log knows.
func (u *Uploads) Sweep(ctx context.Context) error {
	_, err := u.Pool.Exec(ctx, `
		WITH gone AS (DELETE FROM ops.uploads WHERE used_at IS NULL AND created_at < $1 RETURNING id)
		UPDATE ops.blobs b SET deleted_at = $2 FROM gone WHERE b.id = gone.id`, u.Now().Add(-unused), u.Now())
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	if _, err = u.Pool.Exec(ctx, `DELETE FROM ops.blobs b USING ops.uploads u WHERE u.id = b.id AND u.used_at < $1`, u.Now().Add(-known)); err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	rows, err := u.Pool.Query(ctx, `SELECT id::text FROM ops.blobs WHERE deleted_at IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("sweep uploads: %w", err)
	}
	for _, id := range ids {
		if err := u.Store.Delete(ctx, id); err != nil {
			return err
		}
		if _, err := u.Pool.Exec(ctx, `DELETE FROM ops.blobs WHERE id = $1`, id); err != nil {
			return fmt.Errorf("sweep uploads: %w", err)
		}
	}
	return nil
}
