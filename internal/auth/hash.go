package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

// params are the parameters of argon2id: memory in KiB, passes, threads.
type params struct {
	memory, time uint32
	threads      uint8
}

// current takes about 40 ms on a core of 2026. After a change, stored hashes are renewed at the next sign-in.
var current = params{memory: 19 * 1024, time: 2, threads: 1}

// HashCheaply makes New use weak parameters, so that tests spend no time on hashing. It panics outside of tests.
func HashCheaply() {
	if !testing.Testing() {
		panic("auth: weak password hashes are for tests only")
	}
	current = params{memory: 64, time: 1, threads: 1}
}

const (
	saltBytes = 16
	keyBytes  = 32
)

var errHash = errors.New("stored password hash is unreadable")

// hash returns a PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$key, salt and key in base64 without padding.
func (a *Auth) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	key, err := a.derive(ctx, password, salt, a.params, keyBytes)
	if err != nil {
		return "", err
	}
	return encode(a.params, salt, key), nil
}

// verify compares in constant time. outdated reports that the hash was made with parameters other than
// current ones.
func (a *Auth) verify(ctx context.Context, password, phc string) (ok, outdated bool, err error) {
	p, salt, want, err := decode(phc)
	if err != nil {
		return false, false, err
	}
	got, err := a.derive(ctx, password, salt, p, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, p != a.params, nil
}

// derive waits for a free core, so a flood of logins queues up instead of exhausting memory.
func (a *Auth) derive(
	ctx context.Context, password string, salt []byte, p params, length uint32,
) ([]byte, error) {
	select {
	case a.hashes <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-a.hashes }()
	return argon2.IDKey([]byte(password), salt, p.time, p.memory, p.threads, length), nil
}

// decoy returns a hash that matches no password, so an unknown login takes as long as a known one.
func (a *Auth) decoy() string {
	noise := make([]byte, saltBytes+keyBytes)
	rand.Read(noise)
	return encode(a.params, noise[:saltBytes], noise[saltBytes:])
}

func encode(p params, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

func decode(phc string) (p params, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errHash
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil || n != 3 {
		return p, nil, nil, errHash
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(key) < 16 || p.time < 1 || p.threads < 1 || p.memory < 8 ||
		p.memory > 1<<20 {
		return p, nil, nil, errHash
	}
	return p, salt, key, nil
}
