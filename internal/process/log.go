// Package process holds what every Parley process does for itself: logs, the memory limit, profiles.
package process

import (
	"io"
	"log"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// NewLog returns a logger that writes JSON lines. It also receives what libraries log through package log.
func NewLog(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelInfo
	}
	logger := slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l, ReplaceAttr: withoutValues}))
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(logger.Handler(), slog.LevelDebug).Writer())
	return logger
}

// withoutValues replaces the text of a Postgres error with its SQLSTATE, wherever it is wrapped. The text may quote
// stored values, which must not reach the log.
func withoutValues(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindAny {
		return a
	}
	err, ok := a.Value.Any().(error)
	if !ok {
		return a
	}
	causes := postgresErrors(err)
	if len(causes) == 0 {
		return a
	}
	text := err.Error()
	for _, pg := range causes {
		text = strings.ReplaceAll(text, pg.Error(), "SQLSTATE "+pg.Code)
	}
	return slog.String(a.Key, text)
}

// postgresErrors returns every Postgres error in an error's tree.
func postgresErrors(err error) []*pgconn.PgError {
	switch e := err.(type) {
	case *pgconn.PgError:
		return []*pgconn.PgError{e}
	case interface{ Unwrap() error }:
		return postgresErrors(e.Unwrap())
	case interface{ Unwrap() []error }:
		var all []*pgconn.PgError
		for _, inner := range e.Unwrap() {
			all = append(all, postgresErrors(inner)...)
		}
		return all
	}
	return nil
}
