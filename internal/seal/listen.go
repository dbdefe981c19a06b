package seal

import (
	"context"
	"fmt"
	"time"
)

// Run listens for keys destroyed by other processes until ctx ends. When its connection breaks, it empties
// the cache, since it may have missed a destroyed key, and reconnects.
func (k *Keyring) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := k.listen(ctx); err != nil && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (k *Keyring) listen(ctx context.Context) error {
	defer func() {
		k.drops.Add(1)
		k.cache.Purge()
	}()
	acquired, err := k.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("listen for destroyed keys: %w", err)
	}
	conn := acquired.Hijack() // not returned to the pool: others must not receive its notifications
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `LISTEN subject_destroyed`); err != nil {
		return fmt.Errorf("listen for destroyed keys: %w", err)
	}
	k.drops.Add(1)
	k.cache.Purge() // some may have been destroyed before we listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listen for destroyed keys: %w", err)
		}
		k.forget(n.Payload)
	}
}
