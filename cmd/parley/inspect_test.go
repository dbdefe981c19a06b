package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/internal/verify"
)

// question is what the invariants are checked against.
func (c *crowd) question(t *testing.T) verify.Options {
	t.Helper()
	file, err := os.Open(c.book.path)
	require.NoError(t, err)
	defer file.Close()
	ledger, err := verify.ReadLedger(file)
	require.NoError(t, err)
	var received []string
	for _, m := range c.sim.Messages() {
		if !m.FromCustomer {
			received = append(received, m.CallbackData)
		}
	}
	return verify.Options{Projections: c.p.projectorConfig(), Ledger: ledger, Received: received, Quiet: true,
		Now: time.Now()}
}

// requireInvariants waits until nothing is in progress, and then checks all invariants.
func (c *crowd) requireInvariants(t *testing.T) []verify.Finding {
	t.Helper()
	q := c.comesToRest(t)
	found, err := verify.Run(t.Context(), q)
	require.NoError(t, err)
	require.Zero(t, verify.Violations(found), "%+v", found)
	c.requireWholeFiles(t)
	return found
}

// comesToRest waits until nothing is in progress and the log keeps every invariant. It returns what was checked.
func (c *crowd) comesToRest(t *testing.T) verify.Options {
	t.Helper()
	var found []verify.Finding
	var err error
	q := c.question(t)
	require.Eventually(t, func() bool {
		if c.unsettled(t.Context()) != 0 {
			return false // reading the whole log takes longer
		}
		found, err = verify.Log(t.Context(), c.p.store, q)
		return err == nil && verify.Violations(found) == 0
	}, patience, 50*time.Millisecond, "it does not come to rest: %d unsettled, %v", c.unsettled(t.Context()), found)
	return q
}

// The crowd never exercises these invariants, because each of its customers has one address.
const (
	joins  = "both interactions of a join know of it"
	merges = "both contacts of a merge know of it"
)

// requireTold requires that every invariant was checked at least once, except those this test says nothing
// about.
func requireTold(t *testing.T, found []verify.Finding, leftOut ...string) {
	t.Helper()
	for _, f := range found {
		if !slices.Contains(leftOut, f.Invariant) {
			require.NotZero(t, f.Checked, "nothing was checked: %s", f.Invariant)
		}
		t.Logf("%s: %d", f.Invariant, f.Checked)
	}
}

// unsettled counts what the read models still show as in progress: files to fetch, and accepted messages
// that are not on the phone yet. A message with an unknown outcome is matched with its status later.
func (c *crowd) unsettled(ctx context.Context) int {
	var taken []string
	for _, m := range c.sim.Messages() {
		if !m.FromCustomer && len(m.CallbackData) == 73 {
			taken = append(taken, m.CallbackData[37:])
		}
	}
	var unsent int
	err := c.p.db.Clear.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM media_jobs) + (SELECT count(*) FROM unnest($1::text[]) t
			WHERE NOT EXISTS (SELECT FROM messages m WHERE m.id = t AND m.status IN ('DELIVERED', 'READ')))`, taken).Scan(&unsent)
	if err != nil {
		return -1
	}
	return unsent
}

// requireWholeFiles requires that every file named by an event can be read to its end and is what was sent.
func (c *crowd) requireWholeFiles(t *testing.T) {
	t.Helper()
	for _, e := range c.events(t) {
		m, ok := e.Event.(interaction.MediaStored)
		if !ok {
			continue
		}
		file, err := c.p.blobs.Open(t.Context(), string(m.BlobID), m.Key)
		require.NoError(t, err)
		sum := sha256.New()
		_, err = io.Copy(sum, file)
		require.NoError(t, err)
		require.NoError(t, file.Close())
		require.Equal(t, m.SHA256, hex.EncodeToString(sum.Sum(nil)))
	}
}
