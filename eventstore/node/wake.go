package node

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	channelName   = "eventlog"
	notifyPause   = time.Millisecond       // at least this long between two notifications
	pollInterval  = time.Second            // a lost notification costs no more than this
	reconnectWait = 100 * time.Millisecond // between attempts to reach a database that is away
	foreignLimit  = 2048                   // events of another process loaded into the tail; more are left in the database
)

// waker tells other processes on the same database that the log has grown, and hears it from them.
type waker struct {
	config *pgx.ConnConfig
	pages  pages
	tail   *tail
	health *health
}

// listen keeps the tail level with what other processes commit, until ctx ends.
func (w *waker) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.listenOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		w.health.failed(err)
		pause(ctx, reconnectWait)
	}
}

func (w *waker) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, w.config)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	if _, err := conn.Exec(ctx, "LISTEN "+channelName); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		if err := w.level(ctx); err != nil {
			return err
		}
		w.health.answered()
		if err := waitForNews(ctx, conn, w.tail); err != nil {
			return err
		}
	}
}

// waitForNews returns when the log is said to have grown beyond the tail, or it is time to look anyway.
func waitForNews(ctx context.Context, conn *pgx.Conn, t *tail) error {
	wait, cancel := context.WithTimeout(ctx, pollInterval)
	defer cancel()
	for {
		n, err := conn.WaitForNotification(wait)
		if wait.Err() != nil && ctx.Err() == nil && !conn.IsClosed() {
			return nil
		}
		if err != nil {
			return err
		}
		known, _ := t.watch()
		if head, err := strconv.ParseInt(n.Payload, 10, 64); err != nil || head > known {
			return nil
		}
	}
}

// level brings the tail up to the committed head of the log.
func (w *waker) level(ctx context.Context) error {
	head, err := w.pages.head(ctx)
	if err != nil {
		return err
	}
	known, _ := w.tail.watch()
	switch {
	case head <= known:
		return nil
	case head-known > foreignLimit:
		w.tail.skip(head)
		return nil
	}
	records, err := w.pages.after(ctx, known, foreignLimit)
	if err != nil {
		return err
	}
	w.tail.publish(records)
	return nil
}

// notify announces each new head soon after its commit. Failures are not retried: the other side also looks by itself.
func (w *waker) notify(ctx context.Context) {
	var conn *pgx.Conn
	defer func() { closeQuietly(conn) }()
	announced, _ := w.tail.watch()
	for {
		head, grown := w.tail.watch()
		if head == announced {
			select {
			case <-grown:
				continue
			case <-ctx.Done():
				return
			}
		}
		announced = head
		conn = w.announce(ctx, conn, head)
		if !pause(ctx, notifyPause) {
			return
		}
	}
}

func (w *waker) announce(ctx context.Context, conn *pgx.Conn, head int64) *pgx.Conn {
	if conn == nil {
		var err error
		if conn, err = pgx.ConnectConfig(ctx, w.config); err != nil {
			return nil
		}
	}
	if _, err := conn.Exec(ctx, "SELECT pg_notify($1, $2)", channelName, strconv.FormatInt(head, 10)); err != nil {
		closeQuietly(conn)
		return nil
	}
	return conn
}

func closeQuietly(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// pause waits and says whether ctx still goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
