// Package bounded caches values within a number of bytes.
package bounded

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// overhead is roughly what the cache itself needs for an entry.
const overhead = 200

// Cache keeps the values that were used last. Safe for concurrent use.
type Cache[K comparable, V any] struct {
	limit, atLeast int
	size           func(V) int

	mu    sync.Mutex
	lru   *simplelru.LRU[K, sized[V]]
	bytes int
}

type sized[V any] struct {
	value V
	bytes int
}

// New returns a cache of so many bytes; size says how many a value takes. It keeps atLeast values in any case, because
// a cache that is too small for what is in use costs more than it saves.
func New[K comparable, V any](limit, atLeast int, size func(V) int) *Cache[K, V] {
	c := &Cache[K, V]{limit: limit, atLeast: max(atLeast, 1), size: size}
	var err error
	c.lru, err = simplelru.NewLRU(math.MaxInt, func(_ K, gone sized[V]) { c.bytes -= gone.bytes })
	if err != nil {
		panic(err) // only for a size below 1
	}
	return c
}

// Get returns a value.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, ok := c.lru.Get(k)
	return found.value, ok
}

// Add caches a value. Call it again when the value has grown.
func (c *Cache[K, V]) Add(k K, v V) {
	now := sized[V]{value: v, bytes: c.size(v) + overhead}
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.lru.Peek(k); ok {
		c.bytes -= before.bytes
	}
	c.lru.Add(k, now)
	c.bytes += now.bytes
	for c.bytes > c.limit && c.lru.Len() > c.atLeast {
		c.lru.RemoveOldest()
	}
}

// Remove forgets a value.
func (c *Cache[K, V]) Remove(k K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(k)
}

// Purge forgets all values.
func (c *Cache[K, V]) Purge() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Purge()
}
