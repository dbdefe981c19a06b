package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/commands"
)

// KeepEarlyUpdate stores an edit, deletion or reaction for up to seven days, until its message is known.
// Storing it again changes nothing.
func (e EarlyUpdates) KeepEarlyUpdate(ctx context.Context, a commands.EarlyUpdate) error {
	plain, err := json.Marshal(a)
	if err != nil {
		return err
	}
	sealed, err := e.Sealer.Seal(ctx, string(a.AddressID), plain, []byte(a.ItemID))
	if err != nil {
		return fmt.Errorf("keep an early update: %w", err)
	}
	_, err = e.Pool.Exec(ctx, `INSERT INTO ops.early_updates (item_id, address_id, message_id, provider_tag, sealed, received_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (item_id) DO NOTHING`,
		string(a.ItemID), string(a.AddressID), string(a.MessageID), a.ProviderTag, sealed, e.Now())
	if err != nil {
		return fmt.Errorf("keep an early update: %w", err)
	}
	return nil
}

// earlyUpdates applies early edits, deletions and reactions once their message is known.
type earlyUpdates struct {
	Config
	retries *retries
	cleaned time.Time
}

func (s *earlyUpdates) loop() loop {
	return loop{name: "early updates", sweep: s.sweep, gap: 250 * time.Millisecond, idle: 30 * time.Second,
		watches: []string{"messages"}}
}

const updatesAtOnce = 100

type storedUpdate struct {
	ID        int64
	ItemID    string
	AddressID string
	Sealed    []byte
}

func (s *earlyUpdates) sweep(ctx context.Context) (time.Duration, error) {
	found, err := s.each(ctx, s.apply, `EXISTS (SELECT FROM messages m WHERE m.id = a.message_id)
		OR EXISTS (SELECT FROM messages m WHERE m.provider_tag = a.provider_tag AND m.provider_tag <> '')`)
	if err != nil {
		return 0, err
	}
	if now := s.Now(); now.Sub(s.cleaned) > time.Hour {
		// What was sealed for an erased person cannot be decrypted. This runs rarely, since it may scan all keys.
		if _, err := s.Pool.Exec(ctx,
			`DELETE FROM ops.early_updates a USING ops.subject_keys k WHERE k.subject = a.address_id AND k.wrapped IS NULL`); err != nil {
			return 0, fmt.Errorf("delete early updates of erased people: %w", err)
		}
		ended, err := s.each(ctx, s.Commands.GiveUp, `a.received_at < $1`, now.Add(-keepFor))
		if err != nil {
			return 0, err
		}
		if found += ended; ended < updatesAtOnce {
			s.cleaned = now
		}
	}
	if found >= updatesAtOnce {
		return time.Millisecond, nil // there may be more
	}
	return 0, nil
}

func (s *earlyUpdates) apply(ctx context.Context, a commands.EarlyUpdate) error {
	return s.Commands.Receive(ctx, a.AccountID, []commands.Arrival{a.Arrival})
}

// each calls do for the oldest stored updates that meet a condition, in order of arrival, and deletes them. It
// returns how many it handled.
func (s *earlyUpdates) each(
	ctx context.Context, do func(context.Context, commands.EarlyUpdate) error, condition string, args ...any,
) (int, error) {
	rows, err := s.Pool.Query(ctx,
		fmt.Sprintf(`SELECT a.id, a.item_id, a.address_id, a.sealed FROM ops.early_updates a WHERE %s ORDER BY a.id LIMIT %d`,
			condition, updatesAtOnce), args...)
	if err != nil {
		return 0, fmt.Errorf("read early updates: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[storedUpdate])
	if err != nil {
		return 0, fmt.Errorf("read early updates: %w", err)
	}
	handled := 0
	for _, k := range found {
		if s.retries.delayed(k.ItemID) {
			continue
		}
		if err := s.retries.record(k.ItemID, s.settle(ctx, do, k)); err != nil {
			return 0, err
		}
		handled++
	}
	return handled, nil
}

func (s *earlyUpdates) settle(
	ctx context.Context, do func(context.Context, commands.EarlyUpdate) error, k storedUpdate,
) error {
	plain, err := s.Sealer.Open(ctx, k.AddressID, k.Sealed, []byte(k.ItemID))
	if err != nil {
		return fmt.Errorf("open an early update: %w", err)
	}
	var a commands.EarlyUpdate
	if err := json.Unmarshal(plain, &a); err != nil {
		return fmt.Errorf("read an early update: %w", err)
	}
	err = do(ctx, a)
	if err != nil && !refused(err) {
		return err
	}
	if err != nil {
		s.Log.Error("an early update was refused for good", "item", k.ItemID, "error", describe(err))
	}
	s.Count("early update")
	_, err = s.Pool.Exec(ctx, `DELETE FROM ops.early_updates WHERE id = $1`, k.ID)
	return err
}
