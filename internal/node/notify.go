package node

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	channelName    = "eventlog"
	notifyDelay    = time.Millisecond       // minimum time between two notifications
	pollInterval   = time.Second            // between checks for notifications that were lost
	reconnectDelay = 100 * time.Millisecond // between attempts to reach the database
	maxForeign     = 2048                   // most events of other nodes loaded into the tail at once; with more, readers query the database
)

// notifier tells other processes on the same database that the log has grown, and listens for theirs.
type notifier struct {
	config *pgx.ConnConfig
	pages  pages
	tail   *tail
	health *health
	poll   time.Duration // longest delay after a lost notification
}

// listen keeps the tail up to date with what other processes commit, until ctx ends.
func (w *notifier) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.listenOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		w.health.failed(err)
		sleep(ctx, reconnectDelay)
	}
}

func (w *notifier) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, w.config)
	if err != nil {
		return err
	}
	defer closeQuietly(conn)
	if _, err := conn.Exec(ctx, "LISTEN "+channelName); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	for {
		if err := w.catchUp(ctx); err != nil {
			return err
		}
		w.health.succeeded()
		if err := w.waitForNews(ctx, conn); err != nil {
			return err
		}
	}
}

// waitForNews waits for a notification that the log has grown beyond the tail, but no longer than w.poll.
func (w *notifier) waitForNews(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, w.poll)
	defer cancel()
	for {
		n, err := conn.WaitForNotification(wait)
		if wait.Err() != nil && ctx.Err() == nil && !conn.IsClosed() {
			return nil
		}
		if err != nil {
			return err
		}
		known, _ := w.tail.watch()
		if head, err := strconv.ParseInt(n.Payload, 10, 64); err != nil || head > known {
			return nil
		}
	}
}

// catchUp brings the tail up to the committed head of the log.
func (w *notifier) catchUp(ctx context.Context) error {
	for {
		head, err := w.pages.head(ctx)
		if err != nil {
			return err
		}
		known, _ := w.tail.watch()
		if head <= known {
			return nil
		}
		records, err := w.pages.after(ctx, known, maxForeign+1)
		if err != nil {
			return err
		}
		if len(records) > maxForeign {
			w.tail.skip(head)
		} else {
			w.tail.publish(known, records)
		}
	}
}

// notify announces each new head shortly after its commit. It does not retry a failed notification,
// because the other processes also poll.
func (w *notifier) notify(ctx context.Context) {
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
		if !sleep(ctx, notifyDelay) {
			return
		}
	}
}

func (w *notifier) announce(ctx context.Context, conn *pgx.Conn, head int64) *pgx.Conn {
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

// sleep waits and returns false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
