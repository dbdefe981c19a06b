package interaction

import "math/bits"

// trie is a map from ids that is never changed in place: with returns a new one that shares what it can. So a state
// kept in a cache stays what it was while the next one is folded, and a session of ten thousand messages folds fast.
type trie[V any] struct {
	bits  uint32 // which of the 32 places are taken
	items []trieItem[V]
}

type trieItem[V any] struct {
	key string
	val V
	sub *trie[V] // instead of key and val, when several keys share the place
}

const trieDepth = 60 // bits of the hash that are used; deeper than that keys are compared one by one

func hashOf(key string) uint64 { // FNV-1a
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return h
}

func (t *trie[V]) get(key string) (V, bool) {
	h := hashOf(key)
	for shift := 0; t != nil && shift < trieDepth; shift += 5 {
		bit := uint32(1) << (h >> shift & 31)
		if t.bits&bit == 0 {
			break
		}
		it := t.items[onesBelow(t.bits, bit)]
		if it.sub == nil {
			if it.key == key {
				return it.val, true
			}
			break
		}
		t = it.sub
		if shift+5 >= trieDepth {
			for _, it := range t.items {
				if it.key == key {
					return it.val, true
				}
			}
		}
	}
	var none V
	return none, false
}

func (t *trie[V]) with(key string, val V) *trie[V] { return t.set(hashOf(key), 0, key, val) }

func (t *trie[V]) set(h uint64, shift int, key string, val V) *trie[V] {
	next := &trie[V]{}
	if t != nil {
		next.bits = t.bits
		next.items = append(make([]trieItem[V], 0, len(t.items)+1), t.items...)
	}
	if shift >= trieDepth {
		for i := range next.items {
			if next.items[i].key == key {
				next.items[i].val = val
				return next
			}
		}
		next.items = append(next.items, trieItem[V]{key: key, val: val})
		return next
	}
	bit := uint32(1) << (h >> shift & 31)
	at := onesBelow(next.bits, bit)
	if next.bits&bit == 0 {
		next.bits |= bit
		next.items = append(next.items, trieItem[V]{})
		copy(next.items[at+1:], next.items[at:])
		next.items[at] = trieItem[V]{key: key, val: val}
		return next
	}
	it := &next.items[at]
	switch {
	case it.sub != nil:
		it.sub = it.sub.set(h, shift+5, key, val)
	case it.key == key:
		it.val = val
	default:
		var sub *trie[V]
		sub = sub.set(hashOf(it.key), shift+5, it.key, it.val)
		*it = trieItem[V]{sub: sub.set(h, shift+5, key, val)}
	}
	return next
}

func (t *trie[V]) each(do func(key string, val V)) {
	if t == nil {
		return
	}
	for _, it := range t.items {
		if it.sub != nil {
			it.sub.each(do)
		} else {
			do(it.key, it.val)
		}
	}
}

func onesBelow(set, bit uint32) int { return bits.OnesCount32(set & (bit - 1)) }
