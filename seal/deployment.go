package seal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrMasterKey says the master key given is not the one this database was sealed with.
var ErrMasterKey = errors.New("the master key is not the one this database was set up with; give the right one (PARLEY_MASTER_KEY_FILE), or nothing sealed can be read")

// Deployment is what one installation of Parley was born with.
type Deployment struct {
	IDKey       IDKey
	Fingerprint string // of the id key; also in the log, so that log and database are known to belong together
}

// LoadDeployment reads the deployment's keys, making them the first time. ErrMasterKey when they were wrapped by
// another master key.
func LoadDeployment(ctx context.Context, pool *pgxpool.Pool, master MasterKey) (Deployment, error) {
	var fresh IDKey
	rand.Read(fresh[:])
	_, err := pool.Exec(ctx, `INSERT INTO ops.deployment (wrapped_id_key, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		master.wrap("deployment", "id key", fresh[:]), fresh.Fingerprint())
	if err != nil {
		return Deployment{}, fmt.Errorf("store deployment keys: %w", err)
	}
	var wrapped []byte
	var d Deployment
	if err := pool.QueryRow(ctx, `SELECT wrapped_id_key, fingerprint FROM ops.deployment`).Scan(&wrapped, &d.Fingerprint); err != nil {
		return Deployment{}, fmt.Errorf("read deployment keys: %w", err)
	}
	key, err := master.unwrap("deployment", "id key", wrapped)
	if err != nil || len(key) != len(d.IDKey) {
		return Deployment{}, ErrMasterKey
	}
	d.IDKey = IDKey(key)
	if d.IDKey.Fingerprint() != d.Fingerprint {
		return Deployment{}, errors.New("the deployment's id key and its fingerprint do not belong together; restore ops.deployment from a backup")
	}
	return d, nil
}
