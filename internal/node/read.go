package node

import (
	"context"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// reader serves one Read call.
type reader struct {
	*Node
	ctx          context.Context
	out          streams.Streams_ReadServer
	resolveLinks bool
}

// Read serves all four kinds of read: a number of events, or a subscription, of one stream or of $all.
func (s *streamsService) Read(req *streams.ReadReq, out streams.Streams_ReadServer) error {
	o := req.GetOptions()
	if o.GetUuidOption().GetContent() == nil {
		return errNoUUID
	}
	r := &reader{Node: s.Node, ctx: out.Context(), out: out, resolveLinks: o.ResolveLinks}
	backwards := o.ReadDirection == streams.ReadReq_Options_Backwards
	filterOptions := o.GetFilter()
	_, subscribe := o.CountOption.(*streams.ReadReq_Options_Subscription)
	if subscribe && backwards {
		return invalid("a subscription reads forwards")
	}
	switch from := o.StreamOption.(type) {
	case *streams.ReadReq_Options_Stream:
		if filterOptions != nil {
			return invalid("a filter applies to $all only")
		}
		return r.stream(from.Stream, subscribe, backwards, o.GetCount())
	case *streams.ReadReq_Options_All:
		var f *filter
		if filterOptions != nil {
			var err error
			if f, err = newFilter(filterOptions); err != nil {
				return err
			}
		}
		return r.all(from.All, f, subscribe, backwards, o.GetCount())
	}
	return invalid("the call names neither a stream nor $all")
}

func (r *reader) stream(o *streams.ReadReq_Options_StreamOptions, subscribe, backwards bool, count uint64) error {
	name, err := streamName(o.StreamIdentifier)
	if err != nil {
		return err
	}
	from, err := revisionFrom(o)
	if err != nil {
		return err
	}
	if subscribe {
		return r.subscribeStream(name, from)
	}
	if count == 0 {
		return invalid("the count must be positive")
	}
	if backwards {
		return r.streamBackward(name, from, count)
	}
	return r.streamForward(name, from, count)
}

// Where a read starts if not at a number.
const (
	fromStart = -1
	fromEnd   = -2
)

func revisionFrom(o *streams.ReadReq_Options_StreamOptions) (int64, error) {
	switch v := o.RevisionOption.(type) {
	case *streams.ReadReq_Options_StreamOptions_Revision:
		switch {
		case v.Revision == math.MaxUint64:
			return fromEnd, nil
		case v.Revision > math.MaxInt64:
			return 0, invalid("the revision is out of range")
		}
		return int64(v.Revision), nil
	case *streams.ReadReq_Options_StreamOptions_End:
		return fromEnd, nil
	case *streams.ReadReq_Options_StreamOptions_Start:
		return fromStart, nil
	}
	return 0, invalid("the call does not say where to start")
}

// view looks up the stream for a counted read. It returns false if the reply has been sent already.
func (r *reader) view(name string) (streamView, bool, error) {
	v, err := r.pages.stream(r.ctx, name)
	switch {
	case err != nil:
		return v, false, r.fault(err)
	case v.tombstoned:
		return v, false, streamDeleted(r.ctx, name)
	case !v.exists():
		return v, false, r.out.Send(streamNotFound(name))
	}
	return v, true, nil
}

func (r *reader) streamForward(name string, from int64, count uint64) error {
	v, ok, err := r.view(name)
	if !ok || from == fromEnd {
		return err
	}
	next := max(from, 0)
	return r.sendPages(count, func(limit int) ([]*record, error) {
		records, err := r.pages.forward(r.ctx, v, next, limit)
		if n := len(records); n > 0 {
			next = records[n-1].revision + 1
		}
		return records, err
	})
}

func (r *reader) streamBackward(name string, from int64, count uint64) error {
	v, ok, err := r.view(name)
	if !ok {
		return err
	}
	next := from
	switch from {
	case fromEnd:
		next = v.revision
	case fromStart:
		next = 0
	}
	return r.sendPages(count, func(limit int) ([]*record, error) {
		records, err := r.pages.backward(r.ctx, v, next, limit)
		if n := len(records); n > 0 {
			next = records[n-1].revision - 1
		}
		return records, err
	})
}

func (r *reader) all(o *streams.ReadReq_Options_AllOptions, f *filter, subscribe, backwards bool, count uint64) error {
	from, err := positionFrom(o)
	if err != nil {
		return err
	}
	if subscribe {
		return r.subscribeAll(from, f)
	}
	if count == 0 {
		return invalid("the count must be positive")
	}
	if backwards {
		return r.allBackward(from, f, count)
	}
	return r.allForward(from, f, count)
}

func positionFrom(o *streams.ReadReq_Options_AllOptions) (int64, error) {
	switch v := o.AllOption.(type) {
	case *streams.ReadReq_Options_AllOptions_Position:
		return position(v.Position.GetCommitPosition(), v.Position.GetPreparePosition())
	case *streams.ReadReq_Options_AllOptions_End:
		return fromEnd, nil
	case *streams.ReadReq_Options_AllOptions_Start:
		return fromStart, nil
	}
	return 0, invalid("the call does not say where to start")
}

func position(commit, prepare uint64) (int64, error) {
	switch {
	case commit == math.MaxUint64 && prepare == math.MaxUint64:
		return fromEnd, nil
	case commit > math.MaxInt64 || prepare > commit:
		return 0, invalid("the position is out of range")
	}
	return int64(commit), nil
}

// allForward starts with the event at the position itself.
func (r *reader) allForward(from int64, f *filter, count uint64) error {
	if from == fromEnd {
		return nil
	}
	cursor := max(from-1, 0)
	return r.sendPages(count, func(limit int) ([]*record, error) {
		return r.visible(f, limit, func(limit int) ([]*record, error) {
			records, err := r.pages.after(r.ctx, cursor, limit)
			if n := len(records); n > 0 {
				cursor = records[n-1].position
			}
			return records, err
		})
	})
}

// allBackward starts with the event before the position.
func (r *reader) allBackward(from int64, f *filter, count uint64) error {
	cursor := from
	switch from {
	case fromEnd:
		cursor = math.MaxInt64
	case fromStart:
		return nil
	}
	return r.sendPages(count, func(limit int) ([]*record, error) {
		return r.visible(f, limit, func(limit int) ([]*record, error) {
			records, err := r.pages.before(r.ctx, cursor, limit)
			if n := len(records); n > 0 {
				cursor = records[n-1].position
			}
			return records, err
		})
	})
}

// visible reads pages until one contains an event the client may see, or the log ends.
func (r *reader) visible(f *filter, limit int, page func(limit int) ([]*record, error)) ([]*record, error) {
	for {
		records, err := page(limit)
		if err != nil || len(records) == 0 {
			return nil, err
		}
		shown := records[:0]
		for _, record := range records {
			if !hiddenFromAll(record.stream) && f.admits(record) {
				shown = append(shown, record)
			}
		}
		if len(shown) > 0 {
			return shown, nil
		}
	}
}

// sendPages sends pages until count events are sent or none are left.
func (r *reader) sendPages(count uint64, page func(limit int) ([]*record, error)) error {
	limit := firstPage
	for count > 0 {
		if count < uint64(limit) {
			limit = int(count)
		}
		records, err := page(limit)
		if err != nil {
			return r.fault(err)
		}
		if len(records) == 0 {
			return nil
		}
		for _, record := range records {
			if err := r.send(record); err != nil {
				return err
			}
		}
		count -= uint64(len(records))
		limit = nextPage(limit, records)
	}
	return nil
}

func (r *reader) send(record *record) error {
	shown := resolved{event: record}
	if r.resolveLinks && record.kind == typeLink {
		var err error
		if shown, err = r.pages.resolve(r.ctx, record); err != nil {
			return r.fault(err)
		}
	}
	return r.out.Send(readEvent(shown))
}

// fault reports a database error to health and returns the error for the client.
func (r *reader) fault(err error) error {
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	r.health.failed(err)
	return unavailable(err)
}
