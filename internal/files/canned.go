package files

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain/interaction"
	"parley/internal/access"
	"parley/internal/blobs"
	"parley/internal/seal"
	"parley/projections/settings"
)

// Secrets stores values that must not appear in events.
type Secrets interface {
	Put(ctx context.Context, name, value string) (last4 string, err error)
	Get(ctx context.Context, name string) (string, error)
}

// keyName names the secret that holds the key of a canned answer's file.
func keyName(blobID string) string { return "cannedanswer/" + blobID }

// allowedCanned returns the limits for files of canned answers: the size limit of the most generous account,
// and kinds that every provider accepts. Accounts with a lower limit refuse such a file when it is sent.
func (u *Uploads) allowedCanned(ctx context.Context, v access.Viewer) (limits, error) {
	if !v.May(access.Administer) {
		return limits{}, ErrForbidden
	}
	accounts, err := settings.Accounts(ctx, u.DB.For(v), v)
	if err != nil {
		return limits{}, err
	}
	accounts = slices.DeleteFunc(accounts, func(a settings.Account) bool { return !a.Settings.Attachments || a.Archived })
	if len(accounts) == 0 {
		return limits{}, interaction.ErrNoAttachments
	}
	return u.limits(accounts...), nil
}

// Keep turns a user's upload into the file of a canned answer. Its key is stored outside the log, so that
// everyone in the answer's scope can read the file, even after the uploader was erased.
func (u *Uploads) Keep(ctx context.Context, user, id string) (interaction.Media, error) {
	_, media, err := u.Find(ctx, user, id)
	if err != nil {
		return interaction.Media{}, err
	}
	if _, err := u.Secrets.Put(ctx, keyName(media.BlobID),
		base64.StdEncoding.EncodeToString(media.BlobKey)); err != nil {
		return interaction.Media{}, fmt.Errorf("store key of file: %w", err)
	}
	return media, nil
}

// Keys returns the canned answers' files that have a key, except those whose upload was used since a time: their
// answers may not be in the log yet.
func (u *Uploads) Keys(ctx context.Context, before time.Time) ([]string, error) {
	rows, err := u.Pool.Query(ctx, `
		SELECT substr(s.name, length($1) + 1) FROM ops.secrets s WHERE starts_with(s.name, $1)
			AND NOT EXISTS (SELECT FROM ops.uploads u WHERE $1 || u.id::text = s.name AND u.used_at >= $2)
		ORDER BY s.name`, keyName(""), before)
	if err != nil {
		return nil, fmt.Errorf("list keys of files: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// DestroyKeys destroys the keys of canned answers' files.
func (u *Uploads) DestroyKeys(ctx context.Context, ids []string) (destroyed int64, err error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = keyName(id)
	}
	done, err := u.Pool.Exec(ctx, `DELETE FROM ops.secrets WHERE name = ANY($1)`, names)
	if err != nil {
		return 0, fmt.Errorf("destroy keys of files: %w", err)
	}
	return done.RowsAffected(), nil
}

// canned opens the file of a canned answer. Everyone who may use the answer may read its file.
func (d *Download) canned(ctx context.Context, v access.Viewer, id string) (served, error) {
	found, err := settings.CannedAnswersByID(ctx, d.DB.ClearFor(v.User), []string{id})
	if err != nil {
		return served{}, err
	}
	if len(found) == 0 || !seesAnswer(v, found[0]) || found[0].Settings.BlobID == "" ||
		found[0].Settings.File == nil {
		return served{}, ErrNotFound
	}
	s := found[0].Settings
	encoded, err := d.Secrets.Get(ctx, keyName(string(s.BlobID)))
	if errors.Is(err, seal.ErrNoSecret) {
		return served{}, ErrNotFound
	}
	if err != nil {
		return served{}, err
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return served{}, fmt.Errorf("read key of file: %w", err)
	}
	file, err := d.Store.Open(ctx, string(s.BlobID), key)
	if errors.Is(err, blobs.ErrNotFound) {
		return served{}, ErrNotFound
	}
	return served{file: file, name: named(s.File.FileName, "", s.File.MimeType)}, err
}

func seesAnswer(v access.Viewer, c settings.CannedAnswer) bool {
	return c.Settings.AccountID == "" || v.SeesAccount(c.Settings.AccountID)
}
