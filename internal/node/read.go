package node

import (
	"context"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/status"
)

// reader serves one Read call.
type reader struct {
	*Node
	ctx          context.Context
	out          streams.Streams_ReadServer
	ids          idForm
	positions    bool // the client understands the messages about a stream's first and last revision
	resolveLinks bool
}

// Read serves all four kinds of read: a number of events, or a subscription, of one stream or of $all.
func (s *streamsService) Read(req *streams.ReadReq, out streams.Streams_ReadServer) error {
	o := req.GetOptions()
	if o.GetUuidOption().GetContent() == nil {
		return errNoUUID
	}
	r := &reader{
		Node: s.Node, ctx: out.Context(), out: out, ids: o.GetUuidOption().GetString_() != nil,
		positions: o.GetControlOption().GetCompatibility() >= 1, resolveLinks: o.ResolveLinks,
	}
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
			if f, err = newFilter(filterOptions, subscribe); err != nil {
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

// streamForward sends events of a stream, oldest first. If the stream has lost the first events that the
// client asked for, it names the first one left beforehand. If the read reaches the end, it names the last
// one afterwards.
func (r *reader) streamForward(name string, from int64, count uint64) error {
	if from == fromEnd {
		return invalid("a forward read of a stream cannot start at its end")
	}
	v, ok, err := r.view(name)
	if !ok {
		return err
	}
	next, last, started := max(from, 0), v.revision, false
	ended, err := r.sendPages(count, func(limit int) ([]*record, error) {
		asked := next
		records, err := r.pages.forward(r.ctx, v, next, limit)
		if n := len(records); n > 0 {
			next = records[n-1].revision + 1
			last = max(last, next-1)
		}
		if err != nil || started {
			return records, err
		}
		started = true
		return records, r.sendFirst(v, asked, records)
	})
	if err != nil || !ended && next <= last {
		return err
	}
	return r.sendLast(last)
}

// streamBackward sends events of a stream, newest first. If the read reaches the beginning, it then names the
// stream's last event.
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
	ended, err := r.sendPages(count, func(limit int) ([]*record, error) {
		records, err := r.pages.backward(r.ctx, v, next, limit)
		if n := len(records); n > 0 {
			next = records[n-1].revision - 1
		}
		return records, err
	})
	if err != nil || !ended && next >= v.lowest {
		return err
	}
	return r.sendLast(v.revision)
}

// sendFirst names the first revision left in the stream if the client asked for an earlier one. records is
// the first page.
func (r *reader) sendFirst(v streamView, asked int64, records []*record) error {
	first := v.revision + 1
	if len(records) > 0 {
		first = records[0].revision
	}
	if !r.positions || first <= asked {
		return nil
	}
	return r.out.Send(firstPosition(first))
}

func (r *reader) sendLast(revision int64) error {
	if !r.positions {
		return nil
	}
	return r.out.Send(lastPosition(revision))
}

func (r *reader) all(o *streams.ReadReq_Options_AllOptions, f *filter, subscribe, backwards bool, count uint64) error {
	from, err := positionFrom(o)
	if err != nil {
		return err
	}
	if err := r.checkPosition(from); err != nil {
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
	_, err := r.sendPages(count, func(limit int) ([]*record, error) {
		return r.visible(f, limit, func(limit int) ([]*record, error) {
			records, err := r.pages.after(r.ctx, cursor, limit)
			if n := len(records); n > 0 {
				cursor = records[n-1].position
			}
			return records, err
		})
	})
	return err
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
	_, err := r.sendPages(count, func(limit int) ([]*record, error) {
		return r.visible(f, limit, func(limit int) ([]*record, error) {
			records, err := r.pages.before(r.ctx, cursor, limit)
			if n := len(records); n > 0 {
				cursor = records[n-1].position
			}
			return records, err
		})
	})
	return err
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
			if hiddenFromAll(record.stream) {
				continue
			}
			admitted, err := f.admits(record)
			if err != nil {
				return nil, err
			}
			if admitted {
				shown = append(shown, record)
			}
		}
		if len(shown) > 0 {
			return shown, nil
		}
	}
}

// sendPages sends pages until count events are sent or none are left. It returns true if none are left.
func (r *reader) sendPages(count uint64, page func(limit int) ([]*record, error)) (ended bool, err error) {
	limit := firstPage
	for count > 0 {
		if count < uint64(limit) {
			limit = int(count)
		}
		records, err := page(limit)
		if err != nil {
			return false, r.fault(err)
		}
		if len(records) == 0 {
			return true, nil
		}
		for _, record := range records {
			if err := r.send(record); err != nil {
				return false, err
			}
		}
		count -= uint64(len(records))
		limit = nextPage(limit, records)
	}
	return false, nil
}

func (r *reader) send(record *record) error {
	shown := resolved{event: record}
	if r.resolveLinks && record.kind == typeLink {
		var err error
		if shown, err = r.pages.resolve(r.ctx, record); err != nil {
			return r.fault(err)
		}
	}
	return r.out.Send(readEvent(shown, r.ids))
}

// fault reports a database error to health and returns the error for the client. Errors that are meant for the client
// already pass through.
func (r *reader) fault(err error) error {
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	if _, known := status.FromError(err); known {
		return err
	}
	r.health.failed(err)
	return unavailable(err)
}
