package main

import (
	"io"
	"log"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// newLog writes JSON lines, and takes what libraries say through package log along.
func newLog(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelInfo
	}
	logger := slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l, ReplaceAttr: withoutValues}))
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(logger.Handler(), slog.LevelDebug).Writer())
	return logger
}

// withoutValues puts the database's code where an error repeats its words, which may quote what is stored. Whoever logs an error
// need not think of it.
func withoutValues(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindAny {
		return a
	}
	err, ok := a.Value.Any().(error)
	if !ok {
		return a
	}
	answers := saidByPostgres(err)
	if len(answers) == 0 {
		return a
	}
	text := err.Error()
	for _, pg := range answers {
		text = strings.ReplaceAll(text, pg.Error(), "SQLSTATE "+pg.Code)
	}
	return slog.String(a.Key, text)
}

// saidByPostgres is every answer of the database that an error is made of.
func saidByPostgres(err error) []*pgconn.PgError {
	switch e := err.(type) {
	case *pgconn.PgError:
		return []*pgconn.PgError{e}
	case interface{ Unwrap() error }:
		return saidByPostgres(e.Unwrap())
	case interface{ Unwrap() []error }:
		var all []*pgconn.PgError
		for _, inner := range e.Unwrap() {
			all = append(all, saidByPostgres(inner)...)
		}
		return all
	}
	return nil
}
