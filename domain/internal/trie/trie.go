// Package trie implements an immutable map. Adding a key returns a new map that shares most of its memory
// with the old one. So a cached state stays unchanged while the next one is computed from it, and a session
// of ten thousand messages is folded quickly.
package trie

import "math/bits"

// Map is a hash trie with string keys. Nil is the empty map.
type Map[V any] struct {
	bits  uint32 // the slots in use, out of 32
	items []item[V]
}

// item holds one key and its value, or the next level if several keys share the slot.
type item[V any] struct {
	key string
	val V
	sub *Map[V]
}

const depth = 60 // bits of the hash used, five per level; the deepest level compares keys one by one

// Get returns the value of a key and whether the key exists.
func (m *Map[V]) Get(key string) (V, bool) {
	h := hash(key)
	for shift := 0; m != nil && shift < depth; shift += 5 {
		bit := uint32(1) << (h >> shift & 31)
		if m.bits&bit == 0 {
			break
		}
		it := m.items[onesBelow(m.bits, bit)]
		if it.sub == nil {
			if it.key == key {
				return it.val, true
			}
			break
		}
		m = it.sub
		if shift+5 >= depth {
			for _, it := range m.items {
				if it.key == key {
					return it.val, true
				}
			}
		}
	}
	var none V
	return none, false
}

// With returns a copy of the map in which the key has this value.
func (m *Map[V]) With(key string, val V) *Map[V] { return m.set(hash(key), 0, key, val) }

func (m *Map[V]) set(h uint64, shift int, key string, val V) *Map[V] {
	next := &Map[V]{}
	if m != nil {
		next.bits = m.bits
		next.items = append(make([]item[V], 0, len(m.items)+1), m.items...)
	}
	if shift >= depth {
		for i := range next.items {
			if next.items[i].key == key {
				next.items[i].val = val
				return next
			}
		}
		next.items = append(next.items, item[V]{key: key, val: val})
		return next
	}
	bit := uint32(1) << (h >> shift & 31)
	at := onesBelow(next.bits, bit)
	if next.bits&bit == 0 {
		next.bits |= bit
		next.items = append(next.items, item[V]{})
		copy(next.items[at+1:], next.items[at:])
		next.items[at] = item[V]{key: key, val: val}
		return next
	}
	it := &next.items[at]
	switch {
	case it.sub != nil:
		it.sub = it.sub.set(h, shift+5, key, val)
	case it.key == key:
		it.val = val
	default:
		var sub *Map[V]
		sub = sub.set(hash(it.key), shift+5, it.key, it.val)
		*it = item[V]{sub: sub.set(h, shift+5, key, val)}
	}
	return next
}

// Each calls do for every key and value, in no particular order.
func (m *Map[V]) Each(do func(key string, val V)) {
	if m == nil {
		return
	}
	for _, it := range m.items {
		if it.sub != nil {
			it.sub.Each(do)
		} else {
			do(it.key, it.val)
		}
	}
}

// hash returns the FNV-1a hash of a key.
func hash(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}

// onesBelow counts the bits of set below this one.
func onesBelow(set, bit uint32) int { return bits.OnesCount32(set & (bit - 1)) }
