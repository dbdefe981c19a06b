package auth

import (
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/argon2"
)

// strong are the parameters of the program itself.
var strong = current

// HashStrongly makes a hash passwords as the program does.
func HashStrongly(a *Auth) { a.params = strong }

// HashWith returns a stored hash made with the given parameters.
func HashWith(t *testing.T, password string, memory, time uint32, threads uint8) string {
	t.Helper()
	salt := []byte("0123456789abcdef")
	return encode(params{memory: memory, time: time, threads: threads}, salt,
		argon2.IDKey([]byte(password), salt, time, memory, threads, keyBytes))
}

// CountHashes counts the passwords hashed from now on.
func CountHashes(t *testing.T, a *Auth) *atomic.Int64 {
	t.Helper()
	var n atomic.Int64
	places, done := make(chan struct{}), make(chan struct{})
	a.hashes = places
	go func() {
		for {
			select {
			case <-places:
				n.Add(1)
				places <- struct{}{}
			case <-done:
				return
			}
		}
	}()
	t.Cleanup(func() { close(done) })
	return &n
}
