package node

import (
	"context"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"google.golang.org/protobuf/proto"
)

// Create creates a group. It resolves the start at once: "end" means after the last event at this moment.
func (s *persistentService) Create(ctx context.Context, req *persistent.CreateReq) (*persistent.CreateResp, error) {
	o := normalized(req.GetOptions())
	key, err := keyFrom(o.GetStream().GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	row := groupRow{key: key, settings: settingsFrom(o.GetSettings())}
	if err := row.settings.check(ctx, key); err != nil {
		return nil, err
	}
	from, err := groupStart(o.GetStream(), o.GetAll())
	if err != nil {
		return nil, err
	}
	row.settings.StartFrom = startText(key.source, from)
	if options := o.GetAll().GetFilter(); options != nil {
		if row.settings.Filter, err = proto.Marshal(options); err != nil {
			return nil, err
		}
		if _, err := row.settings.filter(); err != nil {
			return nil, err
		}
	}
	if row.checkpoint, err = s.checkpointBefore(ctx, key, from); err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	if err := s.groups.rows.create(ctx, row); err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	s.publishGroups(ctx)
	return &persistent.CreateResp{}, nil
}

// checkpointBefore returns the checkpoint of a group that starts at from, inclusive.
func (s *persistentService) checkpointBefore(ctx context.Context, key groupKey, from int64) (int64, error) {
	switch {
	case from == fromStart && key.source == sourceAll:
		return 0, nil
	case from == fromStart:
		return -1, nil
	case from == fromEnd && key.source == sourceAll:
		return s.pages.head(ctx)
	case from == fromEnd:
		view, err := s.pages.stream(ctx, key.source)
		return view.revision, err
	}
	return from - 1, nil
}

// Update changes a group's settings and drops its consumers, who get the new settings when they reconnect.
// Settled messages stay settled.
func (s *persistentService) Update(ctx context.Context, req *persistent.UpdateReq) (*persistent.UpdateResp, error) {
	o, err := updateAsCreate(req.GetOptions())
	if err != nil {
		return nil, err
	}
	key, err := keyFrom(o.GetStream().GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	settings := settingsFrom(o.GetSettings())
	if err := settings.check(ctx, key); err != nil {
		return nil, err
	}
	from, err := groupStart(o.GetStream(), o.GetAll())
	if err != nil {
		return nil, err
	}
	settings.StartFrom = startText(key.source, from)
	err = s.groups.rows.update(ctx, key, func(old groupSettings) groupSettings {
		settings.Filter = old.Filter
		return settings
	})
	if err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	s.dropGroup(key)
	s.publishGroups(ctx)
	return &persistent.UpdateResp{}, nil
}

// Delete removes a group, drops its consumers and deletes its checkpoints and parked messages.
func (s *persistentService) Delete(ctx context.Context, req *persistent.DeleteReq) (*persistent.DeleteResp, error) {
	o := req.GetOptions()
	key, err := keyFrom(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	if err := s.groups.rows.delete(ctx, key); err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	s.dropGroup(key)
	for _, stream := range []string{key.parkedStream(), key.checkpointStream()} {
		if _, err := s.writer.submit(ctx, &proposal{action: actionDelete, stream: stream, expected: expectAny}); err != nil {
			return nil, err
		}
	}
	s.publishGroups(ctx)
	return &persistent.DeleteResp{}, nil
}

// ReplayParked makes a group retry its parked messages, starting the group if it is not running.
func (s *persistentService) ReplayParked(
	ctx context.Context, req *persistent.ReplayParkedReq,
) (*persistent.ReplayParkedResp, error) {
	o := req.GetOptions()
	key, err := keyFrom(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	limit := int64(math.MaxInt64)
	if stop, ok := o.GetStopAtOption().(*persistent.ReplayParkedReq_Options_StopAt); ok {
		if limit = stop.StopAt; limit < 1 {
			return nil, invalid("stop_at must be positive")
		}
	}
	g, err := s.group(ctx, key)
	if err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	var from int64
	if !g.do(func() { from = g.replay.from }) {
		return nil, errStopping
	}
	until, err := s.parkedEnd(ctx, key, from, limit)
	if err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	if !g.do(func() { g.replayParked(g.running, until) }) {
		return nil, errStopping
	}
	return &persistent.ReplayParkedResp{}, nil
}

// RestartSubsystem does nothing, because groups start and end with their consumers.
func (s *persistentService) RestartSubsystem(context.Context, *shared.Empty) (*shared.Empty, error) {
	return &shared.Empty{}, nil
}

// keyFrom returns the group a request is about. All requests name the stream, or $all, in the same two ways.
func keyFrom[All any](id *shared.StreamIdentifier, all *All, group string) (groupKey, error) {
	if group == "" || !storable(group) {
		return groupKey{}, invalid("the group name is empty, too long or not text")
	}
	if all != nil {
		return groupKey{sourceAll, group}, nil
	}
	name, err := streamName(id)
	return groupKey{name, group}, err
}

// groupStart returns where a group starts: a place, inclusive, or fromStart or fromEnd.
func groupStart(stream *persistent.CreateReq_StreamOptions, all *persistent.CreateReq_AllOptions) (int64, error) {
	if all == nil {
		switch v := stream.GetRevisionOption().(type) {
		case *persistent.CreateReq_StreamOptions_Revision:
			at, err := exactRevision(v.Revision)
			return int64(at), err
		case *persistent.CreateReq_StreamOptions_End:
			return fromEnd, nil
		}
		return fromStart, nil
	}
	switch v := all.GetAllOption().(type) {
	case *persistent.CreateReq_AllOptions_Position:
		return position(v.Position.GetCommitPosition(), v.Position.GetPreparePosition())
	case *persistent.CreateReq_AllOptions_End:
		return fromEnd, nil
	}
	return fromStart, nil
}

// updateAsCreate converts an update to the create request with the same wire format.
func updateAsCreate(o *persistent.UpdateReq_Options) (*persistent.CreateReq_Options, error) {
	wire, err := proto.Marshal(o)
	if err != nil {
		return nil, err
	}
	same := &persistent.CreateReq_Options{}
	if err := proto.Unmarshal(wire, same); err != nil {
		return nil, err
	}
	return normalized(same), nil
}

// normalized moves the stream and the revision from their deprecated fields to the current ones. The Node.js
// clients still send the deprecated ones.
func normalized(o *persistent.CreateReq_Options) *persistent.CreateReq_Options {
	//lint:ignore SA1019 the Node.js clients send these fields
	id, revision := o.GetStreamIdentifier(), o.GetSettings().GetRevision()
	if o.GetStreamOption() != nil || id == nil {
		return o
	}
	stream := &persistent.CreateReq_StreamOptions{
		StreamIdentifier: id, RevisionOption: &persistent.CreateReq_StreamOptions_Revision{Revision: revision},
	}
	if revision == math.MaxUint64 {
		stream.RevisionOption = &persistent.CreateReq_StreamOptions_End{}
	}
	o.StreamOption = &persistent.CreateReq_Options_Stream{Stream: stream}
	return o
}
