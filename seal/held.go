package seal

import (
	"context"
	"crypto/cipher"
	"fmt"
)

// Held is the key of a subject that is nobody, so it is never destroyed. It is at hand also while the database is away.
type Held struct {
	subject Subject
	aead    cipher.AEAD
}

// Hold makes the key of a subject unless it is there, and keeps it.
func (k *Keyring) Hold(ctx context.Context, subject Subject) (Held, error) {
	if err := k.Ensure(ctx, subject); err != nil {
		return Held{}, err
	}
	aead, err := k.key(ctx, subject)
	return Held{subject, aead}, err
}

// Seal encrypts.
func (h Held) Seal(plaintext []byte) ([]byte, error) {
	return h.aead.Seal([]byte{formatV1}, nil, plaintext, nil), nil
}

// Open decrypts what Seal made, or the keyring without associated data.
func (h Held) Open(sealed []byte) ([]byte, error) {
	plain, err := openV1(h.aead, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("open for subject %s: %w", h.subject, err)
	}
	return plain, nil
}
