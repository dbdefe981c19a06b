package seal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrMasterKey means the master key is not the one this database was sealed with.
var ErrMasterKey = errors.New("the master key is not the one this database was set up with; " +
	"provide the right one (PARLEY_MASTER_KEY_FILE), or nothing sealed can be read")

// Deployment holds what is fixed at the first start of an installation.
type Deployment struct {
	IDKey       IDKey
	Fingerprint string // of the id key; the log holds it too, which shows whether log and database belong together
}

// Fingerprint returns the fingerprint of the id key in a database, or "" if the database is new.
func Fingerprint(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	var f string
	err := pool.QueryRow(ctx, `SELECT fingerprint FROM ops.deployment`).Scan(&f)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("read the deployment's fingerprint: %w", err)
	}
	return f, nil
}

// LoadDeployment reads the deployment's id key, creating it the first time. It returns ErrMasterKey if the key
// was wrapped by another master key.
func LoadDeployment(ctx context.Context, pool *pgxpool.Pool, master MasterKey) (Deployment, error) {
	var fresh IDKey
	rand.Read(fresh[:])
	_, err := pool.Exec(ctx,
		`INSERT INTO ops.deployment (wrapped_id_key, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		master.wrap("deployment", "id key", fresh[:]), fresh.Fingerprint())
	if err != nil {
		return Deployment{}, fmt.Errorf("store deployment keys: %w", err)
	}
	var wrapped []byte
	var d Deployment
	row := pool.QueryRow(ctx, `SELECT wrapped_id_key, fingerprint FROM ops.deployment`)
	if err := row.Scan(&wrapped, &d.Fingerprint); err != nil {
		return Deployment{}, fmt.Errorf("read deployment keys: %w", err)
	}
	return OpenDeployment(master, wrapped, d.Fingerprint)
}

// OpenDeployment unwraps a deployment's id key. It returns ErrMasterKey if another master key wrapped it.
func OpenDeployment(master MasterKey, wrapped []byte, fingerprint string) (Deployment, error) {
	d := Deployment{Fingerprint: fingerprint}
	key, err := master.unwrap("deployment", "id key", wrapped)
	if err != nil || len(key) != len(d.IDKey) {
		return Deployment{}, ErrMasterKey
	}
	d.IDKey = IDKey(key)
	if d.IDKey.Fingerprint() != d.Fingerprint {
		return Deployment{}, errors.New("the deployment's id key and its fingerprint do not belong together; " +
			"restore ops.deployment from a backup")
	}
	return d, nil
}
