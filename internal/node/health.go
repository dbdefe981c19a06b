package node

import (
	"errors"
	"log/slog"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgconn"
)

// health logs once when the database becomes unreachable and once when it is back, however many calls notice.
type health struct {
	log  *slog.Logger
	down atomic.Bool
}

func (h *health) failed(err error) {
	if !h.down.Swap(true) {
		h.log.Warn("event log database unreachable", cause(err))
	}
}

func (h *health) succeeded() {
	if h.down.Load() && h.down.Swap(false) {
		h.log.Info("event log database is back")
	}
}

// cause describes an error without the database's message, which may contain stored data.
func cause(err error) slog.Attr {
	if answer := new(pgconn.PgError); errors.As(err, &answer) {
		return slog.String("sqlstate", answer.Code)
	}
	return slog.Any("error", err)
}
