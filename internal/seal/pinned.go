package seal

import (
	"context"
	"crypto/cipher"
	"fmt"
)

// PinnedKey seals with a key held in memory, so it works while the database is unavailable. Its subject is
// not a person, and the key is never destroyed.
type PinnedKey struct {
	subject Subject
	aead    cipher.AEAD
}

// Pin returns the key of a subject, creating it if necessary.
func (k *Keyring) Pin(ctx context.Context, subject Subject) (PinnedKey, error) {
	if err := k.Ensure(ctx, subject); err != nil {
		return PinnedKey{}, err
	}
	aead, err := k.key(ctx, subject)
	return PinnedKey{subject, aead}, err
}

// Seal encrypts plaintext.
func (k PinnedKey) Seal(plaintext []byte) ([]byte, error) {
	return k.aead.Seal([]byte{formatV1}, nil, plaintext, nil), nil
}

// Open decrypts what Seal, or the keyring without associated data, has sealed.
func (k PinnedKey) Open(sealed []byte) ([]byte, error) {
	plain, err := openV1(k.aead, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("open for subject %s: %w", k.subject, err)
	}
	return plain, nil
}
