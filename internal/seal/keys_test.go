package seal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/opstest"
	"parley/internal/seal"
)

func TestAMasterKeyIsCreatedOnceAndReadableOnlyByItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "master.key")
	made, err := seal.EnsureMasterKey(path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	again, err := seal.EnsureMasterKey(path)
	require.NoError(t, err)
	require.Equal(t, made, again)
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1)

	require.NoError(t, os.Chmod(path, 0o644))
	_, err = seal.LoadMasterKey(path)
	require.ErrorContains(t, err, "chmod 600")
}

func TestABadMasterKeyIsRefusedWithoutBeingShown(t *testing.T) {
	for _, bad := range []string{"", "abc", strings.Repeat("z", 64), strings.Repeat("a", 62),
		strings.Repeat("a", 66)} {
		_, err := seal.ParseMasterKey(bad)
		require.ErrorContains(t, err, "64 hexadecimal digits")
		if bad != "" && bad != "abc" {
			require.NotContains(t, err.Error(), bad)
		}
	}
	k, err := seal.ParseMasterKey(" " + strings.Repeat("0a", 32) + "\n")
	require.NoError(t, err)
	require.Equal(t, byte(10), k[31])
}

func TestKeysAreNeverPrinted(t *testing.T) {
	var k seal.MasterKey
	var id seal.IDKey
	copy(k[:], "0123456789abcdef0123456789abcdef")
	copy(id[:], k[:])
	var log bytes.Buffer
	withoutTime := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	slog.New(slog.NewJSONHandler(&log, withoutTime)).Info("keys", "master", k, "id", id)
	dump, err := json.Marshal([]any{k, id})
	require.NoError(t, err)
	for _, text := range []string{log.String(), string(dump), fmt.Sprint(k, id),
		fmt.Sprintf("%v %+v %#v %s", k, id, k, id)} {
		require.NotContains(t, text, "48", text)
		require.NotContains(t, text, "0123")
		require.NotContains(t, text, "30313233")
	}
}

func TestDerivedIDsAreStableAndDependOnTheBoundariesOfTheParts(t *testing.T) {
	var k seal.IDKey
	id := k.UUID("address", "491701234567")
	require.Equal(t, id, k.UUID("address", "491701234567"))
	require.Equal(t, "3f"+id[2:], k.UUIDInShard("3f", "address", "491701234567"))
	require.NotEqual(t, k.UUID("ab", "c"), k.UUID("a", "bc"))
	require.NotEqual(t, k.UUID("ab"), k.UUID("ab", ""))
	parsed, err := uuid.Parse(id)
	require.NoError(t, err)
	require.Equal(t, uuid.Version(8), parsed.Version())
	require.Equal(t, uuid.RFC4122, parsed.Variant())
	require.NotEqual(t, id, seal.IDKey{1}.UUID("address", "491701234567"),
		"ids cannot be guessed without the key")
	require.Len(t, k.Tag8("wamid.1"), 11)
	require.NotEqual(t, k.Tag8("wamid.1"), k.Tag8("wamid.2"))
	// Ids in the log must never change.
	require.Equal(t, "c5244856-5950-8011-a980-54b3eb7f0667", id)
	require.Equal(t, "RGxsFX1WYFI", k.Tag8("wamid.1"))
}

func TestADeploymentKeepsItsIDKeyAndRefusesAnotherMasterKey(t *testing.T) {
	p, master := pool(t, opstest.Database(t)), seal.NewMasterKey()
	first, err := seal.LoadDeployment(t.Context(), p, master)
	require.NoError(t, err)
	second, err := seal.LoadDeployment(t.Context(), p, master)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Equal(t, first.IDKey.Fingerprint(), first.Fingerprint)
	_, err = seal.LoadDeployment(t.Context(), p, seal.NewMasterKey())
	require.ErrorIs(t, err, seal.ErrMasterKey)
}

func TestSecretsAreStoredSealed(t *testing.T) {
	p, master := pool(t, opstest.Database(t)), seal.NewMasterKey()
	s := seal.NewSecrets(p, master)
	last4, err := s.Put(t.Context(), "account-1/app-secret", "0123456789abcdef")
	require.NoError(t, err)
	require.Equal(t, "cdef", last4)
	value, err := s.Get(t.Context(), "account-1/app-secret")
	require.NoError(t, err)
	require.Equal(t, "0123456789abcdef", value)
	require.Equal(t, 0, rowCount(t, p,
		`SELECT count(*) FROM ops.secrets WHERE position($1::bytea in sealed) > 0`, []byte("0123456789")))

	last4, err = s.Put(t.Context(), "account-1/app-secret", "short")
	require.NoError(t, err)
	require.Empty(t, last4, "four of five characters would reveal nearly all of it")
	value, err = s.Get(t.Context(), "account-1/app-secret")
	require.NoError(t, err)
	require.Equal(t, "short", value)

	_, err = seal.NewSecrets(p, seal.NewMasterKey()).Get(t.Context(), "account-1/app-secret")
	require.Error(t, err)
	require.NoError(t, s.Delete(t.Context(), "account-1/app-secret"))
	_, err = s.Get(t.Context(), "account-1/app-secret")
	require.ErrorIs(t, err, seal.ErrNoSecret)
}

func TestACursorIsUnreadableAndCannotBeForged(t *testing.T) {
	c := seal.NewCursorSealer(seal.IDKey{7})
	cursor := c.Seal([]byte("Anna Kowalska"))
	plain, err := seal.NewCursorSealer(seal.IDKey{7}).Open(cursor)
	require.NoError(t, err)
	require.Equal(t, "Anna Kowalska", string(plain))
	require.NotEqual(t, cursor, c.Seal([]byte("Anna Kowalska")))
	for _, bad := range []string{
		"", "!", "QW5uYQ", cursor[1:], cursor + "AA", cursor[:len(cursor)-4],
		seal.NewCursorSealer(seal.IDKey{8}).Seal([]byte("x")),
	} {
		_, err := c.Open(bad)
		require.ErrorIs(t, err, seal.ErrCursor, bad)
	}
}
