package files

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"parley/access"
	"parley/blobs"
	"parley/domain/interaction"
	"parley/projections/settings"
	"parley/seal"
)

// Secrets keeps what events must not say.
type Secrets interface {
	Put(ctx context.Context, name, value string) (last4 string, err error)
	Get(ctx context.Context, name string) (string, error)
}

// keyName is what the key of a canned answer's file is kept under.
func keyName(blobID string) string { return "cannedanswer/" + blobID }

// allowedCanned says how many bytes a file of a canned answer may have: what the most generous account takes. An account
// that takes less refuses it when it is sent.
func (u *Uploads) allowedCanned(ctx context.Context, v access.Viewer) (limit int64, err error) {
	if !v.May(access.Administer) {
		return 0, ErrForbidden
	}
	accounts, err := settings.Accounts(ctx, u.DB.For(v), v)
	if err != nil {
		return 0, err
	}
	for _, a := range accounts {
		if a.Settings.Attachments && !a.Archived {
			limit = max(limit, mostBytes(a))
		}
	}
	if limit == 0 {
		return 0, interaction.ErrNoAttachments
	}
	return limit, nil
}

// Keep is a file that this user uploaded, to stay with a canned answer. Its key is kept apart from the log, so that the
// answer can be read by whoever is in its scope and outlives whoever uploaded it.
func (u *Uploads) Keep(ctx context.Context, user, id string) (interaction.Media, error) {
	_, media, err := u.Find(ctx, user, id)
	if err != nil {
		return interaction.Media{}, err
	}
	if _, err := u.Secrets.Put(ctx, keyName(media.BlobID), base64.StdEncoding.EncodeToString(media.BlobKey)); err != nil {
		return interaction.Media{}, fmt.Errorf("keep key of file: %w", err)
	}
	return media, nil
}

// KeepKeys destroys the keys of canned answers' files but those of the files named. A key put just now stays too: its upload was
// used after before, and the answer that is to have it may not be in the log yet.
func (u *Uploads) KeepKeys(ctx context.Context, ids []string, before time.Time) (destroyed int64, err error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = keyName(id)
	}
	done, err := u.Pool.Exec(ctx, `
		DELETE FROM ops.secrets s WHERE starts_with(s.name, $1) AND NOT s.name = ANY($2)
			AND NOT EXISTS (SELECT FROM ops.uploads u WHERE $1 || u.id::text = s.name AND u.used_at >= $3)`, keyName(""), names, before)
	if err != nil {
		return 0, fmt.Errorf("destroy keys of files: %w", err)
	}
	return done.RowsAffected(), nil
}

// canned opens the file of a canned answer: who may use the answer may have its file.
func (d *Download) canned(ctx context.Context, v access.Viewer, id string) (served, error) {
	found, err := settings.CannedAnswersByID(ctx, d.DB.Clear, []string{id})
	if err != nil {
		return served{}, err
	}
	if len(found) == 0 || !seesAnswer(v, found[0]) || found[0].Settings.BlobID == "" || found[0].Settings.File == nil {
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
