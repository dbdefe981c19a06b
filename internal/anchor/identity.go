package anchor

import (
	"context"
	"fmt"
)

// identityNote names the note that says which deployment a place belongs to.
const identityNote = "deployment.json"

type identity struct {
	Fingerprint string `json:"fingerprint"`
}

// The codes of a Mismatch.
const (
	CodeOtherDeployment   = "DEPLOYMENT_MISMATCH"
	CodeUnknownDeployment = "DEPLOYMENT_UNKNOWN"
)

// Mismatch says that a place and the database do not belong together. The program must not start: it would use
// another deployment's files, or quarantine them as orphans.
type Mismatch struct {
	Code     string
	Place    string
	Has      string // fingerprint found in the place; empty if it has none
	Database string // fingerprint of the database; empty if it is new
}

// Error says what disagrees and what to do.
func (m *Mismatch) Error() string {
	what := fmt.Sprintf("%s belongs to deployment %s", m.Place, m.Has)
	if m.Has == "" {
		what = m.Place + " holds data of an unknown deployment"
	}
	database := "belongs to deployment " + m.Database
	if m.Database == "" {
		database = "is new"
	}
	return fmt.Sprintf("%s: %s, but the database %s. Set DATABASE_URL to the right database or restore it from its "+
		"backup, or choose an empty folder (PARLEY_DATA_DIR) or bucket (PARLEY_S3_BUCKET). "+
		"To assign the existing files to this database, run: parley files adopt", m.Code, what, database)
}

// check compares the deployment that a place belongs to with the database's fingerprint, which is empty if the
// database is new. A place without an identity is accepted, unless it is occupied and the database is new.
func check(ctx context.Context, fingerprint string, place Place) error {
	var found identity
	known, err := read(ctx, place, identityNote, &found)
	if err != nil {
		return err
	}
	if known {
		if found.Fingerprint == fingerprint {
			return nil
		}
		return &Mismatch{Code: CodeOtherDeployment, Place: place.String(), Has: found.Fingerprint,
			Database: fingerprint}
	}
	if fingerprint != "" {
		return nil
	}
	used, err := place.Occupied(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	if used {
		return &Mismatch{Code: CodeUnknownDeployment, Place: place.String()}
	}
	return nil
}

// mark records that a place belongs to a deployment.
func mark(ctx context.Context, fingerprint string, place Place) error {
	var found identity
	if known, err := read(ctx, place, identityNote, &found); known && err == nil && found.Fingerprint == fingerprint {
		return nil
	}
	return write(ctx, place, identityNote, identity{Fingerprint: fingerprint})
}
