package node

import (
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
)

type persistentService struct {
	persistent.UnimplementedPersistentSubscriptionsServer
	*Node
}

// Read connects a consumer to a group. Messages go one way, acknowledgements the other.
func (s *persistentService) Read(stream persistent.PersistentSubscriptions_ReadServer) error {
	ctx := stream.Context()
	first, err := stream.Recv()
	if err != nil {
		return err
	}
	o := first.GetOptions()
	if o == nil {
		return invalid("the first message must hold the options")
	}
	if o.GetUuidOption().GetContent() == nil {
		return errNoUUID
	}
	key, err := keyFrom(o.GetStreamIdentifier(), o.GetAll(), o.GroupName)
	if err != nil {
		return err
	}
	g, err := s.group(ctx, key)
	if err != nil {
		return s.groupError(ctx, key, err)
	}
	buffer := max(int(o.BufferSize), 1)
	c := &consumer{
		buffer: buffer, messages: make(chan delivery, buffer),
		inFlight: map[[16]byte][]*message{}, dropped: make(chan struct{}),
	}
	if err := g.connect(c); err != nil {
		return s.groupError(ctx, key, err)
	}
	defer g.do(func() { g.disconnect(c) })
	ids := idForm(o.GetUuidOption().GetString_() != nil)
	confirmed := &persistent.ReadResp{Content: &persistent.ReadResp_SubscriptionConfirmation_{
		SubscriptionConfirmation: &persistent.ReadResp_SubscriptionConfirmation{
			SubscriptionId: key.source + "::" + key.name + "/" + uuid.NewString(),
		},
	}}
	if err := stream.Send(confirmed); err != nil {
		return err
	}
	go g.receiveAnswers(stream, c)
	for {
		select {
		case d := <-c.messages:
			if err := stream.Send(persistentEvent(d, ids)); err != nil {
				return err
			}
		case <-c.dropped:
			return s.groupError(ctx, key, c.ended)
		case <-ctx.Done():
			return ctx.Err()
		case <-s.stopping:
			return errStopping
		}
	}
}

func (g *subscriptionGroup) connect(c *consumer) error {
	full := false
	if !g.do(func() {
		limit := int(g.row.settings.MaxSubscribers)
		if full = limit > 0 && len(g.consumers) >= limit; !full {
			g.consumers = append(g.consumers, c)
		}
	}) {
		return errStopping
	}
	if full {
		return errGroupFull
	}
	return nil
}

// disconnect removes a consumer. Its unanswered messages go to others, in the order in which they were sent.
func (g *subscriptionGroup) disconnect(c *consumer) {
	for i, other := range g.consumers {
		if other == c {
			g.consumers = append(g.consumers[:i:i], g.consumers[i+1:]...)
			break
		}
	}
	for _, same := range c.inFlight {
		for _, m := range slices.Clone(same) {
			g.release(m)
			g.retry(m)
		}
	}
}

// receiveAnswers processes a consumer's acks and nacks until it disconnects.
func (g *subscriptionGroup) receiveAnswers(stream persistent.PersistentSubscriptions_ReadServer, c *consumer) {
	for {
		req, err := stream.Recv()
		if err != nil {
			return
		}
		apply := func() {}
		switch content := req.Content.(type) {
		case *persistent.ReadReq_Ack_:
			apply = func() { g.answer(c, content.Ack.Ids, g.settle) }
		case *persistent.ReadReq_Nack_:
			apply = func() { g.answer(c, content.Nack.Ids, g.nackAction(content.Nack)) }
		}
		if !g.do(apply) {
			return
		}
	}
}

// answer calls act for each named message the consumer holds.
func (g *subscriptionGroup) answer(c *consumer, ids []*shared.UUID, act func(*message)) {
	for _, wire := range ids {
		id, err := eventID(wire)
		if err != nil || len(c.inFlight[id]) == 0 {
			continue
		}
		m := c.inFlight[id][0]
		g.release(m)
		act(m)
	}
}

// nackAction returns what to do with a message that the consumer rejects.
func (g *subscriptionGroup) nackAction(nack *persistent.ReadReq_Nack) func(*message) {
	switch nack.Action {
	case persistent.ReadReq_Nack_Park:
		return func(m *message) { g.park(m, nack.Reason) }
	case persistent.ReadReq_Nack_Skip, persistent.ReadReq_Nack_Stop:
		return g.settle
	}
	return g.retry
}

func persistentEvent(d delivery, ids idForm) *persistent.ReadResp {
	e := &persistent.ReadResp_ReadEvent{
		Position: &persistent.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(d.original().position)},
		Count:    &persistent.ReadResp_ReadEvent_RetryCount{RetryCount: d.retries},
	}
	if d.event != nil {
		e.Event = persistentRecord(d.event, ids)
	}
	if d.link != nil {
		e.Link = persistentRecord(d.link, ids)
	}
	return &persistent.ReadResp{Content: &persistent.ReadResp_Event{Event: e}}
}

func persistentRecord(r *record, ids idForm) *persistent.ReadResp_ReadEvent_RecordedEvent {
	e := recordedEvent(r, ids)
	return &persistent.ReadResp_ReadEvent_RecordedEvent{
		Id: e.Id, StreamIdentifier: e.StreamIdentifier, StreamRevision: e.StreamRevision,
		PreparePosition: e.PreparePosition, CommitPosition: e.CommitPosition,
		Metadata: e.Metadata, CustomMetadata: e.CustomMetadata, Data: e.Data,
	}
}
