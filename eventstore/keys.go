package eventstore

import "context"

// Keys encrypts and decrypts personal data, with one key per subject. *seal.Keyring implements it.
type Keys interface {
	// Ensure creates missing keys. They are durable when it returns.
	Ensure(ctx context.Context, subjects ...string) error
	// Load fetches the keys of many subjects at once, which saves Open a query each.
	Load(ctx context.Context, subjects ...string) error
	// Seal encrypts plaintext under the subject's key and binds it to aad.
	Seal(ctx context.Context, subject string, plaintext, aad []byte) ([]byte, error)
	// Open decrypts what Seal produced. It returns seal.ErrErased if the subject's key was destroyed.
	Open(ctx context.Context, subject string, sealed, aad []byte) ([]byte, error)
}
