package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrOtherLog reports that the read models were filled from another event log, so their positions mean
// nothing in this one.
var ErrOtherLog = errors.New("the read models belong to another event log")

// LogOf returns the identity of the event log that the read models' positions refer to, or "" if there is none yet.
func LogOf(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	p, err := readProgress(ctx, pool)
	if err != nil {
		return "", fmt.Errorf("read which log the read models belong to: %w", err)
	}
	return p.eventLog, nil
}

// BindLog makes the read models of a new database belong to an event log. It returns ErrOtherLog if they
// belong to another one. Only Reset, which drops every position, and a Relocation give them to another log.
func BindLog(ctx context.Context, pool *pgxpool.Pool, logID string) error {
	_, err := pool.Exec(ctx, `UPDATE app_data.progress SET event_log = $1 WHERE event_log IS NULL`, logID)
	if err != nil {
		return fmt.Errorf("record which log the read models belong to: %w", err)
	}
	bound, err := LogOf(ctx, pool)
	if err == nil && bound != logID {
		err = ErrOtherLog
	}
	return err
}
