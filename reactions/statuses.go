package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/domain"
	"parley/domain/interaction"
)

const (
	earlyFor     = 7 * 24 * time.Hour
	earlySubject = "early-statuses" // whose they are is not known yet; they are gone after a week at the latest
)

// Early keeps what is said about messages that are not known yet.
type Early struct {
	Pool   *pgxpool.Pool
	Sealer Sealer
	Now    func() time.Time
}

// KeepStatus keeps a report under the message's derived tag, for seven days.
func (e Early) KeepStatus(ctx context.Context, tag string, status interaction.RecordStatus) error {
	plain, err := json.Marshal(status)
	if err != nil {
		return err
	}
	sealed, err := e.Sealer.Seal(ctx, earlySubject, plain, []byte(tag))
	if err != nil {
		return fmt.Errorf("keep a status: %w", err)
	}
	_, err = e.Pool.Exec(ctx, `INSERT INTO ops.early_statuses (account_id, provider_tag, sealed, received_at) VALUES ('', $1, $2, $3)`, tag, sealed, e.Now())
	if err != nil {
		return fmt.Errorf("keep a status: %w", err)
	}
	return nil
}

// statuses delivers early reports once their message is known.
type statuses struct {
	Config
	aside   *aside
	cleaned time.Time
}

func (s *statuses) loop() loop {
	return loop{name: "early statuses", sweep: s.sweep, gap: 250 * time.Millisecond, idle: 30 * time.Second, of: []string{"messages"}}
}

type earlyStatus struct {
	id            int64
	tag           string
	sealed        []byte
	home, message string
}

func (s *statuses) sweep(ctx context.Context) (time.Duration, error) {
	if now := s.Now(); now.Sub(s.cleaned) > time.Hour {
		if _, err := s.Pool.Exec(ctx, `DELETE FROM ops.early_statuses WHERE received_at < $1`, now.Add(-earlyFor)); err != nil {
			return 0, fmt.Errorf("forget early statuses: %w", err)
		}
		s.cleaned = now
	}
	rows, err := s.Pool.Query(ctx, `
		SELECT e.id, e.provider_tag, e.sealed, m.interaction_id, m.id
		FROM ops.early_statuses e JOIN messages m ON m.provider_tag = e.provider_tag
		WHERE e.provider_tag <> '' ORDER BY e.id LIMIT 500`)
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
	for _, e := range found {
		row := strconv.FormatInt(e.id, 10)
		if s.aside.holds(row) {
			continue
		}
		if err := s.aside.tried(row, s.deliver(ctx, e)); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func (s *statuses) deliver(ctx context.Context, e earlyStatus) error {
	plain, err := s.Sealer.Open(ctx, earlySubject, e.sealed, []byte(e.tag))
	if err != nil {
		return fmt.Errorf("open an early status: %w", err)
	}
	var status interaction.RecordStatus
	if err := json.Unmarshal(plain, &status); err != nil {
		return fmt.Errorf("read an early status: %w", err)
	}
	status.At = s.Now()
	if err := s.Commands.RecordStatus(ctx, domain.InteractionID(e.home), domain.MessageID(e.message), status); err != nil {
		return err
	}
	s.Count("early status")
	_, err = s.Pool.Exec(ctx, `DELETE FROM ops.early_statuses WHERE id = $1`, e.id)
	return err
}
