package eventstore

import "context"

// Keys seals and opens personal data under one key per subject. *seal.Keyring satisfies it.
type Keys interface {
	// Ensure makes the keys of subjects that have none yet, durable when it returns.
	Ensure(ctx context.Context, subjects ...string) error
	// Load fetches the keys of many subjects at once, so that Open need not ask for each.
	Load(ctx context.Context, subjects ...string) error
	// Seal encrypts plaintext under the subject's key and binds it to aad.
	Seal(ctx context.Context, subject string, plaintext, aad []byte) ([]byte, error)
	// Open reverses Seal. errors.Is(err, seal.ErrErased) when the subject's key was destroyed.
	Open(ctx context.Context, subject string, sealed, aad []byte) ([]byte, error)
}
