// Package live tells open browser tabs which rows have changed. It sends only ids; the receiver reads the
// rows again.
package live

import (
	"errors"

	"parley/projections"
)

// Change names a row that has changed and who may be interested. It mirrors a row of app_data.changes.
type Change struct {
	Position uint64 // commit position of the last event behind the change
	Kind     projections.ChangeKind
	ID       string
	// InteractionID is the interaction a message, offer or transfer belongs to, or the interaction's own id.
	InteractionID string

	Queue, Account string
	Agents         []string
	List           string

	// The scope before the change, where it differs: those who saw the row must learn that it left their
	// view.
	QueueBefore, AccountBefore string
	AgentsBefore               []string
	ListBefore                 string
}

// Batch is what a subscriber receives at once.
type Batch struct {
	// Position is opaque. Subscribing from it later misses nothing.
	Position string
	// Through is the commit position up to which all changes have been sent. Rows read from now on are at
	// least this recent.
	Through uint64
	// Resync means changes cannot be listed one by one: the subscriber must fetch everything again.
	Resync bool
	// Changes contains each row once, in the order of the log.
	Changes []Change
	// Watchers lists who is viewing the watched interaction; nil if unchanged.
	Watchers []Watcher
}

// Watcher is a user who is viewing an interaction.
type Watcher struct {
	UserID string
	Typing bool
}

// Interest selects the changes a subscriber receives: those that match any of the lists, or all of them, and
// pass Match.
type Interest struct {
	All          bool
	Agents       []string // agents named by the change, now or before
	Queues       []string
	Lists        []string
	Kinds        []projections.ChangeKind
	Interactions []string // an interaction and what belongs to it

	// Match filters the selected changes, if set. It is called often, must not block and must not call the
	// Hub.
	Match func(*Change) bool
	// Watch is the interaction whose watchers are reported.
	Watch string
}

var (
	// ErrSlow means the subscriber did not read its batches in time and was cut off. It may resume from its
	// last position.
	ErrSlow = errors.New("live: the subscriber was too slow")
	// ErrClosed means the Hub or the subscription has ended.
	ErrClosed = errors.New("live: closed")
)
