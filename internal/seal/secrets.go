package seal

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrNoSecret means no secret is stored under the name.
var ErrNoSecret = errors.New("secret not found")

// Secrets stores providers' credentials (app secrets, access tokens) in ops.secrets, sealed under the master
// key.
type Secrets struct {
	pool   *pgxpool.Pool
	master MasterKey
}

// NewSecrets returns a store of secrets.
func NewSecrets(pool *pgxpool.Pool, master MasterKey) *Secrets {
	return &Secrets{pool: pool, master: master}
}

// Put stores a secret, replacing one of the same name. It returns the last four characters for display, or
// "" if the secret has fewer than twelve.
func (s *Secrets) Put(ctx context.Context, name, value string) (last4 string, err error) {
	if r := []rune(value); len(r) >= 12 {
		last4 = string(r[len(r)-4:])
	}
	_, err = s.pool.Exec(ctx, `
		INSERT INTO ops.secrets (name, sealed, last4) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, last4 = excluded.last4, updated_at = now()`,
		name, s.master.wrap("secret", name, []byte(value)), last4)
	if err != nil {
		return "", fmt.Errorf("store secret %s: %w", name, err)
	}
	return last4, nil
}

// Get reads a secret, or returns ErrNoSecret.
func (s *Secrets) Get(ctx context.Context, name string) (string, error) {
	var sealed []byte
	err := s.pool.QueryRow(ctx, `SELECT sealed FROM ops.secrets WHERE name = $1`, name).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fmt.Errorf("secret %s: %w", name, ErrNoSecret)
	}
	if err != nil {
		return "", fmt.Errorf("read secret %s: %w", name, err)
	}
	plain, err := s.master.unwrap("secret", name, sealed)
	if err != nil {
		return "", fmt.Errorf("secret %s: %w", name, err)
	}
	return string(plain), nil
}

// Delete deletes a secret. Deleting one that does not exist is not an error.
func (s *Secrets) Delete(ctx context.Context, name string) error {
	if _, err := s.pool.Exec(ctx, `DELETE FROM ops.secrets WHERE name = $1`, name); err != nil {
		return fmt.Errorf("delete secret %s: %w", name, err)
	}
	return nil
}
