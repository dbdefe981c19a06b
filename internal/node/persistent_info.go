package node

import (
	"context"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
)

// GetInfo describes one group.
func (s *persistentService) GetInfo(ctx context.Context, req *persistent.GetInfoReq) (*persistent.GetInfoResp, error) {
	o := req.GetOptions()
	key, err := keyFrom(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err != nil {
		return nil, err
	}
	row, err := s.groups.rows.load(ctx, key)
	if err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	info, err := s.info(ctx, row)
	if err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	return &persistent.GetInfoResp{SubscriptionInfo: info}, nil
}

// List describes all groups, or those of one stream or of $all. For a stream without groups it returns not
// found.
func (s *persistentService) List(ctx context.Context, req *persistent.ListReq) (*persistent.ListResp, error) {
	var key groupKey
	if one := req.GetOptions().GetListForStream(); one != nil {
		if key.source = sourceAll; one.GetAll() == nil {
			name, err := streamName(one.GetStream())
			if err != nil {
				return nil, err
			}
			key.source = name
		}
	}
	rows, err := s.groups.rows.list(ctx, key.source)
	if err == nil && len(rows) == 0 && key.source != "" {
		err = errGroupMissing
	}
	if err != nil {
		return nil, s.groupError(ctx, key, err)
	}
	reply := &persistent.ListResp{}
	for _, row := range rows {
		info, err := s.info(ctx, row)
		if err != nil {
			return nil, s.groupError(ctx, row.key, err)
		}
		reply.Subscriptions = append(reply.Subscriptions, info)
	}
	return reply, nil
}

func (s *persistentService) info(ctx context.Context, row groupRow) (*persistent.SubscriptionInfo, error) {
	set := row.settings
	info := &persistent.SubscriptionInfo{
		EventSource: row.key.source, GroupName: row.key.name, Status: "Live", StartFrom: set.StartFrom,
		ResolveLinkTos: set.ResolveLinks, ExtraStatistics: set.ExtraStatistics,
		MessageTimeoutMilliseconds: set.MessageTimeout, MaxRetryCount: set.MaxRetries,
		LiveBufferSize: set.LiveBuffer, BufferSize: set.HistoryBuffer, ReadBatchSize: set.ReadBatch,
		CheckPointAfterMilliseconds: set.CheckpointAfter, MinCheckPointCount: set.MinCheckpoint,
		MaxCheckPointCount:    set.MaxCheckpoint,
		NamedConsumerStrategy: set.Strategy, MaxSubscriberCount: set.MaxSubscribers,
		LastCheckpointedEventPosition: checkpointText(row.key, row.checkpoint),
	}
	var replayed int64
	if g, ok := s.runningGroup(row.key); ok {
		g.do(func() { g.describe(info); replayed = g.replay.from })
	}
	var err error
	info.ParkedMessageCount, err = s.parkedCount(ctx, row.key, replayed)
	return info, err
}

// describe adds what only the running group knows.
func (g *subscriptionGroup) describe(info *persistent.SubscriptionInfo) {
	info.LastCheckpointedEventPosition = checkpointText(g.row.key, g.saved)
	info.LastKnownEventPosition = checkpointText(g.row.key, g.fed)
	info.TotalItems = g.sent
	info.ReadBufferCount, info.RetryBufferCount = int32(len(g.waiting)), int32(len(g.again))
	for _, c := range g.consumers {
		info.TotalInFlightMessages += int32(c.count)
		info.Connections = append(info.Connections, &persistent.SubscriptionInfo_ConnectionInfo{
			Username: "anonymous", AvailableSlots: int32(c.buffer - c.count), InFlightMessages: int32(c.count),
		})
	}
	info.OutstandingMessagesCount = info.TotalInFlightMessages
}

// checkpointText formats a checkpoint for clients. It is empty before the first one.
func checkpointText(key groupKey, at int64) string {
	switch {
	case key.source == sourceAll && at > 0:
		return positionText(at)
	case key.source == sourceAll || at < 0:
		return ""
	}
	return strconv.FormatInt(at, 10)
}
