package auth

import (
	"testing"

	"golang.org/x/crypto/argon2"
)

// HashWith makes a stored hash with parameters of the test's choice.
func HashWith(t *testing.T, password string, memory, time uint32, threads uint8) string {
	t.Helper()
	salt := []byte("0123456789abcdef")
	return encode(params{memory: memory, time: time, threads: threads}, salt, argon2.IDKey([]byte(password), salt, time, memory, threads, keyBytes))
}
