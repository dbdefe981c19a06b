package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/commands"
)

// KeepAfterthought keeps an edit, a revoke or a reaction until its message is known, for seven days. One that comes again is there already.
func (e Early) KeepAfterthought(ctx context.Context, a commands.Afterthought) error {
	plain, err := json.Marshal(a)
	if err != nil {
		return err
	}
	sealed, err := e.Sealer.Seal(ctx, string(a.AddressID), plain, []byte(a.ItemID))
	if err != nil {
		return fmt.Errorf("keep an afterthought: %w", err)
	}
	_, err = e.Pool.Exec(ctx, `INSERT INTO ops.afterthoughts (item_id, address_id, message_id, provider_tag, sealed, received_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (item_id) DO NOTHING`,
		string(a.ItemID), string(a.AddressID), string(a.MessageID), a.ProviderTag, sealed, e.Now())
	if err != nil {
		return fmt.Errorf("keep an afterthought: %w", err)
	}
	return nil
}

// afterthoughts applies edits, revokes and reactions once their message is known.
type afterthoughts struct {
	Config
	aside   *aside
	cleaned time.Time
}

func (s *afterthoughts) loop() loop {
	return loop{name: "afterthoughts", sweep: s.sweep, gap: 250 * time.Millisecond, idle: 30 * time.Second, of: []string{"messages"}}
}

const afterthoughtsAtOnce = 100

type keptAfterthought struct {
	ID        int64
	ItemID    string
	AddressID string
	Sealed    []byte
}

func (s *afterthoughts) sweep(ctx context.Context) (time.Duration, error) {
	found, err := s.each(ctx, s.apply, `EXISTS (SELECT FROM messages m WHERE m.id = a.message_id)
		OR EXISTS (SELECT FROM messages m WHERE m.provider_tag = a.provider_tag AND m.provider_tag <> '')`)
	if err != nil {
		return 0, err
	}
	if now := s.Now(); now.Sub(s.cleaned) > time.Hour {
		// Nobody can read what is sealed for somebody who was erased. Seldom, since it may look through all keys.
		if _, err := s.Pool.Exec(ctx, `DELETE FROM ops.afterthoughts a USING ops.subject_keys k WHERE k.subject = a.address_id AND k.wrapped IS NULL`); err != nil {
			return 0, fmt.Errorf("forget afterthoughts: %w", err)
		}
		ended, err := s.each(ctx, s.Commands.GiveUp, `a.received_at < $1`, now.Add(-earlyFor))
		if err != nil {
			return 0, err
		}
		if found += ended; ended < afterthoughtsAtOnce {
			s.cleaned = now
		}
	}
	if found >= afterthoughtsAtOnce {
		return time.Millisecond, nil // there may be more
	}
	return 0, nil
}

func (s *afterthoughts) apply(ctx context.Context, a commands.Afterthought) error {
	return s.Commands.Receive(ctx, a.AccountID, []commands.Arrival{a.Arrival})
}

// each does something with the oldest of those kept that a condition holds for, in the order they came, and lets go of them. It
// returns with how many.
func (s *afterthoughts) each(ctx context.Context, do func(context.Context, commands.Afterthought) error, condition string, args ...any) (int, error) {
	rows, err := s.Pool.Query(ctx, fmt.Sprintf(`SELECT a.id, a.item_id, a.address_id, a.sealed FROM ops.afterthoughts a WHERE %s ORDER BY a.id LIMIT %d`,
		condition, afterthoughtsAtOnce), args...)
	if err != nil {
		return 0, fmt.Errorf("read afterthoughts: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[keptAfterthought])
	if err != nil {
		return 0, fmt.Errorf("read afterthoughts: %w", err)
	}
	worked := 0
	for _, k := range found {
		if s.aside.holds(k.ItemID) {
			continue
		}
		if err := s.aside.tried(k.ItemID, s.settle(ctx, do, k)); err != nil {
			return 0, err
		}
		worked++
	}
	return worked, nil
}

func (s *afterthoughts) settle(ctx context.Context, do func(context.Context, commands.Afterthought) error, k keptAfterthought) error {
	plain, err := s.Sealer.Open(ctx, k.AddressID, k.Sealed, []byte(k.ItemID))
	if err != nil {
		return fmt.Errorf("open an afterthought: %w", err)
	}
	var a commands.Afterthought
	if err := json.Unmarshal(plain, &a); err != nil {
		return fmt.Errorf("read an afterthought: %w", err)
	}
	err = do(ctx, a)
	if err != nil && !refused(err) {
		return err
	}
	if err != nil {
		s.Log.Error("an edit, a revoke or a reaction was refused for good", "item", k.ItemID, "error", describe(err))
	}
	s.Count("afterthought")
	_, err = s.Pool.Exec(ctx, `DELETE FROM ops.afterthoughts WHERE id = $1`, k.ID)
	return err
}
