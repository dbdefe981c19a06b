// Package seal encrypts personal data: one key per person, wrapped by a master key. Destroying a person's key
// erases everything sealed under it, even in an event log that never changes.
package seal

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Subject identifies the person the data belongs to: an opaque pseudonym, never a name or number.
type Subject = string

var (
	// ErrErased means the subject's key was destroyed: nothing sealed under it can be read again, and nothing
	// more can be sealed.
	ErrErased = errors.New("the person was erased")
	// ErrNoKey means the subject never had a key here, for example after restoring a backup of the log
	// without the keys.
	ErrNoKey = errors.New("no key for the subject")
)

// Keyring holds the data keys of subjects, in ops.subject_keys and in a cache of recently used ones. Safe for
// concurrent use.
type Keyring struct {
	pool   *pgxpool.Pool
	master MasterKey
	cache  *lru.Cache[Subject, cipher.AEAD]
	create *keyBatcher
	drops  atomic.Uint64 // counts destroyed keys; a key that was read before an increase must not be cached
}

// NewKeyring returns a keyring that caches cacheSize unwrapped keys (about 1 kB each). It learns of keys
// destroyed by other processes only while Run runs.
func NewKeyring(pool *pgxpool.Pool, master MasterKey, cacheSize int) *Keyring {
	cache, err := lru.New[Subject, cipher.AEAD](max(cacheSize, 1))
	if err != nil {
		panic(err) // cannot happen: the size is positive
	}
	return &Keyring{pool: pool, master: master, cache: cache, create: newKeyBatcher()}
}

// Ensure creates missing keys in one round trip; they are on disk when it returns. It returns ErrErased if
// the key of a subject was destroyed; the keys of the others are created anyway.
func (k *Keyring) Ensure(ctx context.Context, subjects ...Subject) error {
	missing := k.uncached(subjects)
	if len(missing) == 0 {
		return nil
	}
	k.create.join(ctx, missing, func(ctx context.Context, all []Subject) { _ = k.insert(ctx, k.uncached(all)) })
	missing = k.uncached(missing)
	if len(missing) == 0 {
		return nil
	}
	return k.insert(ctx, missing) // a subject was erased, or the cache is too small for the batch
}

// insert creates the keys of subjects that are not cached, in one statement.
func (k *Keyring) insert(ctx context.Context, missing []Subject) error {
	if len(missing) == 0 {
		return nil
	}
	wrapped := make([][]byte, len(missing))
	for i, s := range missing {
		var key [32]byte
		rand.Read(key[:])
		wrapped[i] = k.master.wrap("subject", s, key[:])
	}
	// Keys must be on disk before anything is sealed under them, whatever the connection's setting. A row
	// that a concurrent writer has just committed is in neither half of the result; the Load below finds it.
	const query = `
		WITH wanted AS (SELECT * FROM unnest($1::text[], $2::bytea[]) AS w (subject, wrapped)),
		made AS (
			INSERT INTO ops.subject_keys (subject, wrapped)
			SELECT subject, wrapped FROM wanted
			WHERE set_config('synchronous_commit', 'on', true) = 'on' ORDER BY subject
			ON CONFLICT (subject) DO NOTHING
			RETURNING subject, wrapped)
		SELECT subject, wrapped FROM made
		UNION ALL
		SELECT subject, k.wrapped FROM ops.subject_keys k JOIN wanted USING (subject)`
	_, err := k.fetch(ctx, missing, query, missing, wrapped)
	if errors.Is(err, ErrNoKey) {
		return k.Load(ctx, missing...)
	}
	return err
}

// Load reads the keys of a batch into the cache, with one query for those that are missing. It returns
// ErrErased or ErrNoKey for the first subject without a key; the keys of the others are loaded anyway.
func (k *Keyring) Load(ctx context.Context, subjects ...Subject) error {
	missing := k.uncached(subjects)
	if len(missing) == 0 {
		return nil
	}
	_, err := k.fetch(ctx, missing, `SELECT subject, wrapped FROM ops.subject_keys WHERE subject = ANY($1)`,
		missing)
	return err
}

// Seal encrypts under the subject's key, creating it if necessary. Open needs the same aad.
func (k *Keyring) Seal(ctx context.Context, subject Subject, plaintext, aad []byte) ([]byte, error) {
	aead, ok := k.cache.Get(subject)
	for range 2 { // a very small cache may evict a key before it is used
		if ok {
			return aead.Seal([]byte{formatV1}, nil, plaintext, aad), nil
		}
		if err := k.Ensure(ctx, subject); err != nil {
			return nil, err
		}
		aead, ok = k.cache.Get(subject)
	}
	aead, err := k.key(ctx, subject)
	if err != nil {
		return nil, err
	}
	return aead.Seal([]byte{formatV1}, nil, plaintext, aad), nil
}

// Open decrypts what Seal has sealed. It returns ErrErased if the key was destroyed.
func (k *Keyring) Open(ctx context.Context, subject Subject, sealed, aad []byte) ([]byte, error) {
	aead, err := k.key(ctx, subject)
	if err != nil {
		return nil, err
	}
	plain, err := openV1(aead, sealed, aad)
	if err != nil {
		return nil, fmt.Errorf("open for subject %s: %w", subject, err)
	}
	return plain, nil
}

// Destroy erases a person: it removes the key from the row, and every process in which Run runs drops it from
// its cache. If the person never had a key, none can be created afterwards.
func (k *Keyring) Destroy(ctx context.Context, subject Subject) error {
	_, err := k.pool.Exec(ctx, `
		WITH gone AS (
			INSERT INTO ops.subject_keys (subject, destroyed_at)
			SELECT $1, now() WHERE set_config('synchronous_commit', 'on', true) = 'on'
			ON CONFLICT (subject) DO UPDATE
			SET wrapped = NULL, destroyed_at = coalesce(subject_keys.destroyed_at, excluded.destroyed_at)
			RETURNING subject)
		SELECT pg_notify('subject_destroyed', subject) FROM gone`, subject)
	if err != nil {
		return fmt.Errorf("destroy key of %s: %w", subject, err)
	}
	k.forget(subject)
	return nil
}

func (k *Keyring) forget(subject Subject) {
	k.drops.Add(1)
	k.cache.Remove(subject)
}

func (k *Keyring) key(ctx context.Context, subject Subject) (cipher.AEAD, error) {
	if aead, ok := k.cache.Get(subject); ok {
		return aead, nil
	}
	found, err := k.fetch(ctx, []Subject{subject},
		`SELECT subject, wrapped FROM ops.subject_keys WHERE subject = ANY($1)`, []Subject{subject})
	return found[subject], err
}

// fetch unwraps and caches the keys found by a query of (subject, wrapped), and reports the first wanted one
// that is missing.
func (k *Keyring) fetch(
	ctx context.Context, wanted []Subject, query string, args ...any,
) (map[Subject]cipher.AEAD, error) {
	before := k.drops.Load()
	rows, err := k.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read subject keys: %w", err)
	}
	found := make(map[Subject]cipher.AEAD, len(wanted))
	var subject Subject
	var wrapped []byte
	var erased, broken error
	_, err = pgx.ForEachRow(rows, []any{&subject, &wrapped}, func() error {
		found[subject] = nil
		if wrapped == nil {
			erased = fmt.Errorf("subject %s: %w", subject, ErrErased)
			return nil
		}
		key, err := k.master.unwrap("subject", subject, wrapped)
		if err != nil || len(key) != 32 {
			broken = fmt.Errorf("key of subject %s: %w", subject, ErrUnreadable)
			return nil
		}
		found[subject] = newAEAD([32]byte(key))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read subject keys: %w", err)
	}
	for s, aead := range found {
		if aead != nil {
			k.cache.Add(s, aead)
		}
	}
	if k.drops.Load() != before { // one of these keys may have been destroyed since it was read
		for s := range found {
			k.cache.Remove(s)
		}
	}
	for _, s := range wanted {
		if _, ok := found[s]; !ok {
			return found, fmt.Errorf("subject %s: %w", s, ErrNoKey)
		}
	}
	return found, errors.Join(broken, erased)
}

func (k *Keyring) uncached(subjects []Subject) []Subject {
	var missing []Subject
	seen := make(map[Subject]bool, len(subjects))
	for _, s := range subjects {
		if !seen[s] && !k.cache.Contains(s) {
			seen[s] = true
			missing = append(missing, s)
		}
	}
	return missing
}
