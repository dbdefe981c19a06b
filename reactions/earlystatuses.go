package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/commands"
	"parley/domain"
)

const (
	keepFor      = 7 * 24 * time.Hour
	earlySubject = "early-statuses" // one key for all, since the customer is not known yet; rows are deleted after a week
)

// EarlyUpdates stores what providers report about messages that are not known yet.
type EarlyUpdates struct {
	Pool   *pgxpool.Pool
	Sealer Sealer
	Now    func() time.Time
}

// KeepStatus stores a status under the message's derived tag for seven days.
func (e EarlyUpdates) KeepStatus(ctx context.Context, s commands.EarlyStatus) error {
	plain, err := json.Marshal(s)
	if err != nil {
		return err
	}
	sealed, err := e.Sealer.Seal(ctx, earlySubject, plain, []byte(s.ProviderTag))
	if err != nil {
		return fmt.Errorf("keep a status: %w", err)
	}
	_, err = e.Pool.Exec(ctx,
		`INSERT INTO ops.early_statuses (account_id, provider_tag, sealed, received_at) VALUES ($1, $2, $3, $4)`,
		string(s.AccountID), s.ProviderTag, sealed, e.Now())
	if err != nil {
		return fmt.Errorf("keep a status: %w", err)
	}
	return nil
}

// statuses applies early statuses once their message is known.
type statuses struct {
	Config
	retries *retries
	cleaned time.Time
}

func (s *statuses) loop() loop {
	return loop{name: "early statuses", sweep: s.sweep, gap: 250 * time.Millisecond, idle: 30 * time.Second,
		watches: []string{"messages"}}
}

type earlyStatus struct {
	id            int64
	tag           string
	sealed        []byte
	home, message string
}

func (s *statuses) sweep(ctx context.Context) (time.Duration, error) {
	if _, err := s.each(ctx, s.deliver, `
		SELECT e.id, e.provider_tag, e.sealed, m.interaction_id, m.id
		FROM ops.early_statuses e JOIN messages m ON m.provider_tag = e.provider_tag
		WHERE e.provider_tag <> '' ORDER BY e.id LIMIT $1`); err != nil {
		return 0, err
	}
	now := s.Now()
	if now.Sub(s.cleaned) <= time.Hour {
		return 0, nil
	}
	ended, err := s.each(ctx, s.giveUp, `SELECT id, provider_tag, sealed, '', '' FROM ops.early_statuses
		WHERE received_at < $2 ORDER BY id LIMIT $1`, now.Add(-keepFor))
	switch {
	case err != nil:
		return 0, err
	case ended == statusesAtOnce:
		return time.Millisecond, nil // there may be more
	}
	s.cleaned = now
	return 0, nil
}

const statusesAtOnce = 500

// each calls do for the early statuses that a query with the limit $1 finds, and returns how many it handled.
func (s *statuses) each(
	ctx context.Context, do func(context.Context, earlyStatus, commands.EarlyStatus) error, query string, args ...any,
) (int, error) {
	rows, err := s.Pool.Query(ctx, query, append([]any{statusesAtOnce}, args...)...)
	if err != nil {
		return 0, fmt.Errorf("read early statuses: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (earlyStatus, error) {
		var e earlyStatus
		return e, row.Scan(&e.id, &e.tag, &e.sealed, &e.home, &e.message)
	})
	if err != nil {
		return 0, fmt.Errorf("read early statuses: %w", err)
	}
	handled := 0
	for _, e := range found {
		row := strconv.FormatInt(e.id, 10)
		if s.retries.delayed(row) {
			continue
		}
		if err := s.retries.record(row, s.settle(ctx, do, e)); err != nil {
			return 0, err
		}
		handled++
	}
	return handled, nil
}

func (s *statuses) deliver(ctx context.Context, e earlyStatus, kept commands.EarlyStatus) error {
	kept.Status.At = s.Now()
	_, err := s.Commands.RecordStatus(ctx, domain.InteractionID(e.home), domain.MessageID(e.message), kept.Status)
	return err
}

func (s *statuses) giveUp(ctx context.Context, _ earlyStatus, kept commands.EarlyStatus) error {
	return s.Commands.GiveUpStatus(ctx, kept)
}

// settle calls do for an early status and deletes it.
func (s *statuses) settle(
	ctx context.Context, do func(context.Context, earlyStatus, commands.EarlyStatus) error, e earlyStatus,
) error {
	plain, err := s.Sealer.Open(ctx, earlySubject, e.sealed, []byte(e.tag))
	if err != nil {
		return fmt.Errorf("open an early status: %w", err)
	}
	var kept commands.EarlyStatus
	if err := json.Unmarshal(plain, &kept); err != nil {
		return fmt.Errorf("read an early status: %w", err)
	}
	err = do(ctx, e, kept)
	if err != nil && !refused(err) {
		return err
	}
	if err != nil {
		s.Log.Error("an early status was refused for good", "status", e.id, "error", describe(err))
	}
	s.Count("early status")
	_, err = s.Pool.Exec(ctx, `DELETE FROM ops.early_statuses WHERE id = $1`, e.id)
	return err
}
