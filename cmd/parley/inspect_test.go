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
	"parley/verify"
)

// question is what the invariants are held against now.
func (c *crowd) question(t *testing.T) verify.Question {
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
	return verify.Question{Projections: c.p.projectorConfig(), Ledger: ledger, Received: received, Quiet: true, Now: time.Now()}
}

// requireInvariants waits until nothing is under way any more, and holds all of I1 to I7 against what is then.
func (c *crowd) requireInvariants(t *testing.T) []verify.Finding {
	t.Helper()
	var found []verify.Finding
	var err error
	q := c.question(t)
	require.Eventually(t, func() bool {
		found, err = verify.Log(t.Context(), c.p.store, q)
		return err == nil && verify.Violations(found) == 0 && c.unsettled(t.Context()) == 0
	}, 40*time.Second, 50*time.Millisecond, "it does not come to rest: %d unsettled, %v", c.unsettled(t.Context()), found)
	found, err = verify.Run(t.Context(), q)
	require.NoError(t, err)
	require.Zero(t, verify.Violations(found), "%+v", found)
	c.requireWholeFiles(t)
	return found
}

// requireTold: every invariant was held against something; of the ones left out this test has nothing to say.
func requireTold(t *testing.T, found []verify.Finding, leftOut ...string) {
	t.Helper()
	for _, f := range found {
		if !slices.Contains(leftOut, f.Says) {
			require.NotZero(t, f.Checked, "nothing tells about %s, %s", f.ID, f.Says)
		}
		t.Logf("%s %s: %d", f.ID, f.Says, f.Checked)
	}
}

// unsettled is how much the read models still show as under way: files to fetch, and messages the provider took that are
// not on the phone. A message of which nobody knew whether it was taken is matched with its status later (K17, K18).
func (c *crowd) unsettled(ctx context.Context) int {
	var taken []string
	for _, m := range c.sim.Messages() {
		if !m.FromCustomer && len(m.CallbackData) == 73 {
			taken = append(taken, m.CallbackData[37:])
		}
	}
	var left int
	err := c.p.db.Clear.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM media_jobs) + (SELECT count(*) FROM unnest($1::text[]) t
			WHERE NOT EXISTS (SELECT FROM messages m WHERE m.id = t AND m.status IN ('DELIVERED', 'READ')))`, taken).Scan(&left)
	if err != nil {
		return -1
	}
	return left
}

// requireWholeFiles: every file that an event names can be read to its end and is what was sent (K7–K9).
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
