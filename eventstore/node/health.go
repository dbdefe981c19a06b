package node

import (
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"
)

// health says once that the database has gone away and once that it is back, however many calls notice.
type health struct {
	log  *slog.Logger
	down atomic.Bool
}

func (h *health) failed(err error) {
	if !h.down.Swap(true) {
		h.log.Warn("event log database does not answer", cause(err))
	}
}

func (h *health) answered() {
	if h.down.Load() && h.down.Swap(false) {
		h.log.Info("event log database answers again")
	}
}

// cause describes an error without repeating what the database says about it, which may hold stored data.
func cause(err error) slog.Attr {
	if answer := new(pgconn.PgError); errors.As(err, &answer) {
		return slog.String("sqlstate", answer.Code)
	}
	return slog.Any("error", err)
}
