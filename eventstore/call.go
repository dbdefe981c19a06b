package eventstore

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// operation is one use of the client. It may outlive the call, so it must not share state with its caller.
type operation[T any] func(context.Context, *esdb.Client) (T, error)

type result[T any] struct {
	value T
	err   error
}

// call runs an operation once, on the current connection.
func call[T any](ctx context.Context, s *Store, op operation[T]) (T, error) {
	c, err := s.gate.acquire(ctx)
	if err != nil {
		var none T
		return none, err
	}
	value, err := run(ctx, c, op)
	switch {
	case err == nil:
		c.succeeded()
	case classify(err) == connectionLost, denied(err): // the next connection finds out which right is missing
		c.retire(err)
	}
	return value, err
}

// run executes the operation on a worker goroutine and abandons it when ctx or the connection ends, because
// the client can block without watching either. The caller has acquired c; run releases it.
func run[T any](ctx context.Context, c *conn, op operation[T]) (T, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan result[T], 1)
	c.gate.workers.run(func() {
		defer c.release()
		var r result[T]
		defer func() {
			if p := recover(); p != nil {
				r.err = panicError(p)
			}
			done <- r
		}()
		select {
		case <-c.retired:
			r.err = errLost
		default:
			r.value, r.err = op(ctx, c.client)
		}
	})
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	case <-c.retired:
	}
	select {
	case r := <-done: // it may have finished at the same moment
		return r.value, r.err
	default:
	}
	var none T
	if ctx.Err() != nil {
		return none, contextError(ctx, nil)
	}
	return none, errLost
}

// retry repeats an operation until its outcome is known or ctx ends. The operation must be idempotent.
func retry[T any](ctx context.Context, s *Store, op operation[T]) (T, error) {
	return retryOn(ctx, s, always{}, op)
}

// readiness says when an attempt makes sense, and learns from those that fail with an unknown outcome.
type readiness interface {
	await(ctx context.Context) error
	failed(err error)
}

// always is the readiness for reads, which need no more than a connection.
type always struct{}

func (always) await(context.Context) error { return nil }
func (always) failed(error)                {}

func retryOn[T any](ctx context.Context, s *Store, r readiness, op operation[T]) (T, error) {
	p := backoff{first: 5 * time.Millisecond, most: time.Second}
	for {
		if err := r.await(ctx); err != nil {
			var none T
			return none, err
		}
		value, err := call(ctx, s, op)
		if err == nil {
			return value, nil
		}
		if ctx.Err() != nil {
			return value, contextError(ctx, err)
		}
		if o := classify(err); o != retryable && o != connectionLost {
			return value, err
		}
		r.failed(err)
		if !p.wait(ctx) {
			return value, contextError(ctx, err)
		}
	}
}

// backoff waits longer each time, from first to most, with random jitter so that callers do not retry together.
type backoff struct {
	first, most, next time.Duration
}

// wait returns false if ctx ended first.
func (p *backoff) wait(ctx context.Context) bool {
	p.next = min(max(p.next*2, p.first), p.most)
	timer := time.NewTimer(p.next/2 + rand.N(p.next/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *backoff) reset() { p.next = 0 }
