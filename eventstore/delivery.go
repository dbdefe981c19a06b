package eventstore

import (
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// remembered is how many of the events delivered last a subscription can tell from others.
const remembered = 4096

// delivery is how far the consumer of a subscription has got, across connections. An event store may repeat events, and
// a faulty one may send an event after a checkpoint that lies behind it. Only the event's id tells the two apart.
type delivery struct {
	through Position   // resume after it
	high    Position   // the highest position ever delivered or passed
	late    Position   // of an event that came too late; until it comes again, checkpoints are not believed
	start   Position   // events up to here are not remembered
	recent  []Landmark // the events delivered since, by position
}

func newDelivery(from Checkpoint) *delivery {
	d := &delivery{through: from.Through, high: from.Through, start: from.Through}
	if !from.Last.IsZero() {
		d.start, d.recent = from.Last.Position, []Landmark{from.Last}
	}
	return d
}

// last returns the event with the highest position among those delivered, or zero.
func (d *delivery) last() Landmark {
	if len(d.recent) == 0 {
		return Landmark{}
	}
	return d.recent[len(d.recent)-1]
}

// batch is what a number of items amounts to for the consumer.
type batch struct {
	events  []*esdb.RecordedEvent
	through Position
	reached bool  // the end of the log
	late    *item // an event that came too late; nothing after it was looked at
}

// sort decides which of the items the consumer has not had yet.
func (d *delivery) sort(items []item) batch {
	b := batch{through: d.through, events: make([]*esdb.RecordedEvent, 0, len(items))}
	awaited := d.late
	for i, it := range items {
		switch {
		case it.caughtUp:
			b.reached = true
			continue
		case it.event == nil && !awaited.IsZero():
			continue
		case it.event == nil:
			b.through = later(b.through, it.position)
			continue
		case !it.position.After(d.high) && slices.Contains(d.recent, landmark(it.event)):
			b.through = later(b.through, it.position) // a repetition
		case it.position.After(b.through):
			b.events, b.through = append(b.events, it.event), it.position
		case slices.ContainsFunc(b.events, func(e *esdb.RecordedEvent) bool { return landmark(e) == landmark(it.event) }):
		case !it.position.After(d.start):
			// It is older than all that are remembered, so it was delivered long ago.
		default:
			b.late = &items[i]
			return b
		}
		if !awaited.After(it.position) {
			awaited = Position{}
		}
	}
	return b
}

// delivered records that the consumer has taken a batch.
func (d *delivery) delivered(b batch) {
	d.through, d.high = b.through, later(d.high, b.through)
	for _, e := range b.events {
		d.recent = append(d.recent, landmark(e))
	}
	if !d.late.IsZero() && !d.late.After(b.through) {
		d.late = Position{}
		slices.SortFunc(d.recent, func(a, b Landmark) int { return compare(a.Position, b.Position) })
	}
	if forgotten := len(d.recent) - remembered; forgotten > remembered {
		d.start = d.recent[forgotten-1].Position
		d.recent = slices.Clone(d.recent[forgotten:])
	}
}

// rewind makes the subscription begin again before an event that came too late.
func (d *delivery) rewind(late Position) {
	d.through, d.late = d.start, late
	for _, l := range d.recent {
		if late.After(l.Position) {
			d.through = later(d.through, l.Position)
		}
	}
}

// later returns the later of two positions.
func later(a, b Position) Position {
	if b.After(a) {
		return b
	}
	return a
}

func compare(a, b Position) int {
	switch {
	case a.After(b):
		return 1
	case b.After(a):
		return -1
	}
	return 0
}
