package node

import (
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// searchWindow is the number of events considered at a time if the client does not say.
const searchWindow = 32

// filter selects events of $all by type or by stream.
type filter struct {
	byStream bool
	pattern  pattern  // either this
	prefixes []string // or these
	interval int      // events considered between two checkpoints of a subscription
}

// newFilter reads a filter. It checks window and checkpoint interval only for a subscription: with a read,
// the .NET client sends an interval of 0.
func newFilter(o *streams.ReadReq_Options_FilterOptions, subscription bool) (*filter, error) {
	f := &filter{}
	var expression *streams.ReadReq_Options_FilterOptions_Expression
	switch by := o.Filter.(type) {
	case *streams.ReadReq_Options_FilterOptions_StreamIdentifier:
		f.byStream, expression = true, by.StreamIdentifier
	case *streams.ReadReq_Options_FilterOptions_EventType:
		expression = by.EventType
	default:
		return nil, invalid("the filter names neither event types nor streams")
	}
	if err := f.match(expression.GetRegex(), expression.GetPrefix()); err != nil {
		return nil, err
	}
	if !subscription {
		return f, nil
	}
	window := searchWindow
	if v, ok := o.Window.(*streams.ReadReq_Options_FilterOptions_Max); ok {
		window = int(v.Max)
	}
	if window < 1 || o.CheckpointIntervalMultiplier < 1 {
		return nil, invalid("the filter's window and checkpoint interval must be positive")
	}
	f.interval = window * int(o.CheckpointIntervalMultiplier)
	return f, nil
}

func (f *filter) match(pattern string, prefixes []string) error {
	if pattern == "" && len(prefixes) == 0 {
		return invalid("the filter has neither a pattern nor prefixes")
	}
	f.prefixes = prefixes
	if pattern == "" {
		return nil
	}
	var err error
	f.pattern, err = newPattern(pattern)
	return err
}

// admits reports whether the filter lets the event through. A nil filter admits everything.
func (f *filter) admits(r *record) (bool, error) {
	if f == nil {
		return true, nil
	}
	name := r.kind
	if f.byStream {
		name = r.stream
	}
	if f.pattern != nil {
		return f.pattern(name)
	}
	for _, prefix := range f.prefixes {
		if strings.HasPrefix(name, prefix) {
			return true, nil
		}
	}
	return false, nil
}
