package eventstore

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// operation is one use of the client. It must not touch what its caller still uses, for it may outlive the call.
type operation[T any] func(context.Context, *esdb.Client) (T, error)

type result[T any] struct {
	value T
	err   error
}

// call runs one operation on the present connection.
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
	case classify(err) == lost:
		c.retire(err)
	}
	return value, err
}

// run gives the operation a goroutine of its own and leaves it behind when ctx or the connection ends, because the
// client can block without looking at either. The caller has acquired c; run releases it.
func run[T any](ctx context.Context, c *conn, op operation[T]) (T, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan result[T], 1)
	c.gate.workers.run(func() {
		defer c.release()
		var r result[T]
		defer func() {
			if p := recover(); p != nil {
				r.err = recovered(p)
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
	case r := <-done: // it may have ended at the same moment
		return r.value, r.err
	default:
	}
	var none T
	if ctx.Err() != nil {
		return none, outOfTime(ctx, nil)
	}
	return none, errLost
}

// persist repeats an operation whose outcome is unknown until it is known or ctx ends. The operation must be one that
// changes nothing when done twice.
func persist[T any](ctx context.Context, s *Store, op operation[T]) (T, error) {
	p := pause{first: 5 * time.Millisecond, most: time.Second}
	for {
		value, err := call(ctx, s, op)
		if err == nil {
			return value, nil
		}
		if ctx.Err() != nil {
			return value, outOfTime(ctx, err)
		}
		if o := classify(err); o != tryAgain && o != lost {
			return value, err
		}
		if !p.wait(ctx) {
			return value, outOfTime(ctx, err)
		}
	}
}

// pause grows from first to most, each time shortened by chance so that many do not come back at once.
type pause struct {
	first, most, next time.Duration
}

// wait returns false when ctx ended first.
func (p *pause) wait(ctx context.Context) bool {
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

func (p *pause) reset() { p.next = 0 }
