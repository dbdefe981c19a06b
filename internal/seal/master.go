package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// MasterKey wraps all other keys and secrets. It comes from a file or the environment and is never stored in
// the database.
type MasterKey [32]byte

// String hides the key, so that no log or dump shows it.
func (MasterKey) String() string { return "***" }

// GoString hides the key from %#v.
func (MasterKey) GoString() string { return "***" }

// LogValue hides the key from slog.
func (MasterKey) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalText hides the key from encoders.
func (MasterKey) MarshalText() ([]byte, error) { return []byte("***"), nil }

// NewMasterKey returns a random key.
func NewMasterKey() MasterKey {
	var k MasterKey
	rand.Read(k[:])
	return k
}

// ParseMasterKey parses 64 hexadecimal digits, ignoring surrounding white space.
func ParseMasterKey(text string) (MasterKey, error) {
	var k MasterKey
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != len(k) {
		return k, fmt.Errorf("a master key is %d hexadecimal digits", 2*len(k)) // err would quote the key
	}
	copy(k[:], raw)
	return k, nil
}

// LoadMasterKey reads the key from a file. It refuses a file that others than its owner and group can read.
func LoadMasterKey(path string) (MasterKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return MasterKey{}, fmt.Errorf("master key: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return MasterKey{}, fmt.Errorf("master key: %s is readable by everyone on this machine; run chmod 600 on it", path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return MasterKey{}, fmt.Errorf("master key: %w", err)
	}
	k, err := ParseMasterKey(string(raw))
	if err != nil {
		return k, fmt.Errorf("%s: %w", path, err)
	}
	return k, nil
}

// EnsureMasterKey loads the key, or on the first start creates a random one and stores it in path with mode
// 0600. The file is on disk before EnsureMasterKey returns: what is sealed under a lost key is lost.
func EnsureMasterKey(path string) (MasterKey, error) {
	k, err := LoadMasterKey(path)
	if !errors.Is(err, os.ErrNotExist) {
		return k, err
	}
	k = NewMasterKey()
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return k, fmt.Errorf("master key: %w", err)
	}
	f, err := os.CreateTemp(dir, ".master-key-*") // mode 0600
	if err != nil {
		return k, fmt.Errorf("master key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(k[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return k, fmt.Errorf("master key: %w", err)
	}
	// A link, unlike a rename, never replaces a key that another process has just created.
	if err := os.Link(f.Name(), path); errors.Is(err, os.ErrExist) {
		return LoadMasterKey(path)
	} else if err != nil {
		return k, fmt.Errorf("master key: %w", err)
	}
	return k, syncFolder(dir)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// wrap encrypts a key or secret and binds it to its purpose and name, so that rows of the database cannot be
// swapped.
func (k MasterKey) wrap(purpose, name string, plain []byte) []byte {
	return newAEAD(k).Seal([]byte{formatV1}, nil, plain, []byte(purpose+"\x00"+name))
}

func (k MasterKey) unwrap(purpose, name string, wrapped []byte) ([]byte, error) {
	return openV1(newAEAD(k), wrapped, []byte(purpose+"\x00"+name))
}

// formatV1 is the first byte of everything sealed. Under AES-256-GCM it is followed by nonce (12 bytes),
// ciphertext and tag (16 bytes).
const formatV1 = 1

// ErrUnreadable means sealed bytes cannot be opened: they were altered, moved, or sealed under another key.
var ErrUnreadable = errors.New("sealed data is damaged or was sealed under another key")

func openV1(aead cipher.AEAD, sealed, aad []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != formatV1 {
		return nil, ErrUnreadable
	}
	plain, err := aead.Open(nil, nil, sealed[1:], aad)
	if err != nil {
		return nil, ErrUnreadable
	}
	return plain, nil
}

func newAEAD(key [32]byte) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // cannot happen: the key has 32 bytes
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // cannot happen: the block is AES
	}
	return aead
}
