// Package live tells open browser tabs which rows have just changed. It speaks of ids only; whoever is told reads the rows again.
package live

import "errors"

// Change says that a row has changed, and who may care. It mirrors a row of app_data.changes.
type Change struct {
	Position uint64 // in the log, of the last event behind it
	Kind     string // interaction, message, offer, transfer, queue, user, contact, …
	ID       string
	// InteractionID is the interaction a message, offer or transfer belongs to, or the interaction itself.
	InteractionID string

	Queue, Account string
	Agents         []string
	List           string

	// What the scope was before, when that is different: whoever saw the row then must learn that it left.
	QueueBefore, AccountBefore string
	AgentsBefore               []string
	ListBefore                 string
}

// Batch is what a subscriber is told at once.
type Batch struct {
	// Position is opaque. Given to Subscribe later, nothing in between is missed.
	Position string
	// Through is the commit position up to which all changes are told: rows read from now on are as of then, or newer.
	Through uint64
	// Resync says that changes cannot be told one by one: everything on screen must be fetched again.
	Resync bool
	// Changes holds each row once, in the order of the log.
	Changes []Change
	// Watchers are those who look at the watched interaction now; nil when that has not changed.
	Watchers []Watcher
}

// Watcher is somebody who looks at an interaction.
type Watcher struct {
	UserID string
	Typing bool
}

// Interest says which changes a subscriber is told: those found by any of the lists, or all, and for which Match holds.
type Interest struct {
	All          bool
	Agents       []string // a change that names one, now or before
	Queues       []string
	Lists        []string
	Kinds        []string
	Interactions []string // changes of an interaction and of what belongs to it

	// Match is asked last, if there is one. It is called often, must not block and must not call the Hub.
	Match func(*Change) bool
	// Watch is the interaction whose watchers are told.
	Watch string
}

var (
	// ErrSlow says the subscriber did not take its batches and was cut off. It may subscribe again from its last position.
	ErrSlow = errors.New("live: the subscriber was too slow")
	// ErrClosed says the Hub or the subscription has ended.
	ErrClosed = errors.New("live: closed")
)
