package node_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"parley/internal/testwait"
)

// group creates a group on a stream, from its first event.
func (r *raw) group(t *testing.T, stream string, change ...func(*persistent.CreateReq_Settings)) string {
	t.Helper()
	settings := &persistent.CreateReq_Settings{
		MaxRetryCount: 5, MinCheckpointCount: 1, MaxCheckpointCount: 100, LiveBufferSize: 50, ReadBatchSize: 20,
		HistoryBufferSize: 50, ConsumerStrategy: "RoundRobin", ResolveLinks: true,
		CheckpointAfter: &persistent.CreateReq_Settings_CheckpointAfterMs{CheckpointAfterMs: 100},
	}
	for _, c := range change {
		c(settings)
	}
	group := unique("group")
	_, err := r.groups.Create(withTimeout(t), &persistent.CreateReq{Options: &persistent.CreateReq_Options{
		StreamOption: &persistent.CreateReq_Options_Stream{Stream: &persistent.CreateReq_StreamOptions{
			StreamIdentifier: named(stream), RevisionOption: &persistent.CreateReq_StreamOptions_Start{Start: empty},
		}},
		GroupName: group, Settings: settings,
	}})
	require.NoError(t, err)
	return group
}

// consumer is one connection to a group.
type consumer struct {
	t    *testing.T
	call persistent.PersistentSubscriptions_ReadClient
	end  context.CancelFunc
}

func (r *raw) dialGroup(t *testing.T, stream, group string, buffer int32) consumer {
	t.Helper()
	ctx, cancel := context.WithCancel(withTimeout(t))
	t.Cleanup(cancel)
	call, err := r.groups.Read(ctx)
	require.NoError(t, err)
	o := &persistent.ReadReq_Options{
		GroupName: group, BufferSize: buffer, UuidOption: &persistent.ReadReq_Options_UUIDOption{
			Content: &persistent.ReadReq_Options_UUIDOption_String_{String_: empty},
		},
		StreamOption: &persistent.ReadReq_Options_StreamIdentifier{StreamIdentifier: named(stream)},
	}
	if stream == "$all" {
		o.StreamOption = &persistent.ReadReq_Options_All{All: empty}
	}
	require.NoError(t, call.Send(&persistent.ReadReq{Content: &persistent.ReadReq_Options_{Options: o}}))
	return consumer{t, call, cancel}
}

// consume connects to a group and receives the confirmation.
func (r *raw) consume(t *testing.T, stream, group string, buffer int32) consumer {
	t.Helper()
	c := r.dialGroup(t, stream, group, buffer)
	first, err := c.call.Recv()
	require.NoError(t, err)
	require.NotEmpty(t, first.GetSubscriptionConfirmation().GetSubscriptionId())
	return c
}

func (c consumer) next() *persistent.ReadResp_ReadEvent {
	c.t.Helper()
	m, err := c.call.Recv()
	require.NoError(c.t, err)
	return m.GetEvent()
}

// idOf returns the id by which a message is acknowledged: that of the link, if there is one.
func idOf(e *persistent.ReadResp_ReadEvent) *shared.UUID {
	if e.GetLink() != nil {
		return e.GetLink().GetId()
	}
	return e.GetEvent().GetId()
}

func (c consumer) ack(events ...*persistent.ReadResp_ReadEvent) {
	c.t.Helper()
	ack := &persistent.ReadReq_Ack{}
	for _, e := range events {
		ack.Ids = append(ack.Ids, idOf(e))
	}
	require.NoError(c.t, c.call.Send(&persistent.ReadReq{Content: &persistent.ReadReq_Ack_{Ack: ack}}))
}

func (c consumer) park(e *persistent.ReadResp_ReadEvent) {
	c.t.Helper()
	nack := &persistent.ReadReq_Nack{Ids: []*shared.UUID{idOf(e)}, Action: persistent.ReadReq_Nack_Park, Reason: "bad"}
	require.NoError(c.t, c.call.Send(&persistent.ReadReq{Content: &persistent.ReadReq_Nack_{Nack: nack}}))
}

func (r *raw) info(t *testing.T, stream, group string) *persistent.SubscriptionInfo {
	t.Helper()
	reply, err := r.groups.GetInfo(withTimeout(t), &persistent.GetInfoReq{Options: &persistent.GetInfoReq_Options{
		StreamOption: &persistent.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}, GroupName: group,
	}})
	require.NoError(t, err)
	return reply.GetSubscriptionInfo()
}

func (r *raw) waitParked(t *testing.T, stream, group string, count int64) {
	t.Helper()
	require.Eventually(t, func() bool { return r.info(t, stream, group).GetParkedMessageCount() == count },
		testwait.Limit, 10*time.Millisecond)
}

func (r *raw) replay(t *testing.T, stream, group string) {
	t.Helper()
	_, err := r.groups.ReplayParked(withTimeout(t), &persistent.ReplayParkedReq{Options: &persistent.ReplayParkedReq_Options{
		GroupName: group, StreamOption: &persistent.ReplayParkedReq_Options_StreamIdentifier{StreamIdentifier: named(stream)},
		StopAtOption: &persistent.ReplayParkedReq_Options_NoLimit{NoLimit: empty},
	}})
	require.NoError(t, err)
}

// lastOf returns the last event of a stream, waiting until there is one.
func (r *raw) lastOf(t *testing.T, stream string) *streams.ReadResp_ReadEvent_RecordedEvent {
	t.Helper()
	ask := fromStream(stream, 0, 1)
	ask.ReadDirection = streams.ReadReq_Options_Backwards
	ask.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_End{End: empty}
	var found *streams.ReadResp_ReadEvent_RecordedEvent
	require.Eventually(t, func() bool {
		got, err := r.read(t, ask)
		if err == nil && got[0].GetEvent() != nil {
			found = got[0].GetEvent().GetEvent()
		}
		return found != nil
	}, testwait.Limit, 10*time.Millisecond)
	return found
}

func TestGroupsOfOtherClients(t *testing.T) {
	r := newRaw(t)
	t.Run("ids are text for a client that asks for text", func(t *testing.T) {
		stream := unique("text")
		e := proposal("Tested", `{}`)
		_, err := r.append(t, expectAny(stream), e)
		require.NoError(t, err)
		c := r.consume(t, stream, r.group(t, stream), 10)
		require.Equal(t, e.Id.GetString_(), c.next().GetEvent().GetId().GetString_())
	})
	t.Run("a group writes its checkpoint to a stream", func(t *testing.T) {
		stream := unique("checkpoint")
		r.written(t, stream, "Tested", 4)
		group := r.group(t, stream)
		c := r.consume(t, stream, group, 10)
		c.ack(c.next(), c.next(), c.next())
		var last *streams.ReadResp_ReadEvent_RecordedEvent
		require.Eventually(t, func() bool {
			last = r.lastOf(t, "$persistentsubscription-"+stream+"::"+group+"-checkpoint")
			return string(last.GetData()) == `"2"`
		}, testwait.Limit, 10*time.Millisecond)
		require.Equal(t, "$SubscriptionCheckpoint", last.GetMetadata()["type"])
	})
	t.Run("all groups are listed in a stream, which keeps the last two lists", func(t *testing.T) {
		stream := unique("listed")
		before, group := r.group(t, stream), r.group(t, stream)
		list := func() (names []string) {
			last := r.lastOf(t, "$persistentSubscriptionConfig")
			require.Equal(t, "PersistentConfig1", last.GetMetadata()["type"])
			var config struct {
				Version string
				Entries []struct{ Stream, Group, NamedConsumerStrategy string }
			}
			require.NoError(t, json.Unmarshal(last.GetData(), &config))
			require.Equal(t, "2", config.Version)
			for _, e := range config.Entries {
				if e.Stream == stream {
					require.Equal(t, "RoundRobin", e.NamedConsumerStrategy)
					names = append(names, e.Group)
				}
			}
			return names
		}
		require.ElementsMatch(t, []string{before, group}, list())
		_, err := r.groups.Delete(withTimeout(t), &persistent.DeleteReq{Options: &persistent.DeleteReq_Options{GroupName: before,
			StreamOption: &persistent.DeleteReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}}})
		require.NoError(t, err)
		require.Equal(t, []string{group}, list())
		ask := fromStream("$persistentSubscriptionConfig", 0, 100)
		ask.ControlOption = nil
		got, err := r.read(t, ask)
		require.NoError(t, err)
		require.Len(t, got, 2)
	})
	t.Run("replayed messages come with their link, and are no longer counted as parked", func(t *testing.T) {
		stream := unique("parked")
		r.written(t, stream, "Tested", 3)
		group := r.group(t, stream)
		c := r.consume(t, stream, group, 10)
		for range 3 {
			c.park(c.next())
		}
		r.waitParked(t, stream, group, 3)
		r.replay(t, stream, group)
		require.Zero(t, r.info(t, stream, group).GetParkedMessageCount())
		parked := "$persistentsubscription-" + stream + "::" + group + "-parked"
		var again []*persistent.ReadResp_ReadEvent
		for i := range uint64(3) {
			e := c.next()
			require.Equal(t, parked, string(e.GetLink().GetStreamIdentifier().GetStreamName()))
			require.Equal(t, i, e.GetLink().GetStreamRevision())
			require.Equal(t, stream, string(e.GetEvent().GetStreamIdentifier().GetStreamName()))
			require.Equal(t, i, e.GetEvent().GetStreamRevision())
			again = append(again, e)
		}
		c.park(again[1])
		r.waitParked(t, stream, group, 1)
		require.Equal(t, "1@"+stream, string(r.lastOf(t, parked).GetData()), "a link to the event, not to the link")
		c.ack(again[0], again[2])
		require.Eventually(t, func() bool { // those that are settled are removed
			got, err := r.read(t, fromStream(parked, 0, 10))
			return err == nil && len(got) > 0 && got[0].GetFirstStreamPosition() == 3
		}, testwait.Limit, 10*time.Millisecond)
		require.EqualValues(t, 1, r.info(t, stream, group).GetParkedMessageCount())
	})
	t.Run("parked messages are replayed in order, even if they fill more than a page", func(t *testing.T) {
		stream := unique("many")
		const count = 40
		r.written(t, stream, "Tested", count)
		group := r.group(t, stream)
		c := r.consume(t, stream, group, count)
		for range count {
			c.park(c.next())
		}
		r.waitParked(t, stream, group, count)
		r.replay(t, stream, group)
		for i := range uint64(count) {
			require.Equal(t, i, c.next().GetLink().GetStreamRevision())
		}
	})
	t.Run("messages of a consumer that left are sent again in their order", func(t *testing.T) {
		stream := unique("left")
		r.written(t, stream, "Tested", 20)
		group := r.group(t, stream)
		first := r.consume(t, stream, group, 10)
		for range 10 {
			first.next()
		}
		first.end()
		require.Eventually(t, func() bool { return len(r.info(t, stream, group).GetConnections()) == 0 },
			testwait.Limit, 10*time.Millisecond)
		second := r.consume(t, stream, group, 30)
		for i := range uint64(20) {
			require.Equal(t, i, second.next().GetEvent().GetStreamRevision())
		}
	})
	t.Run("a group ends when its stream is tombstoned, and cannot be joined again", func(t *testing.T) {
		stream := unique("tombstoned")
		r.written(t, stream, "Tested", 1)
		group := r.group(t, stream)
		c := r.consume(t, stream, group, 10)
		c.ack(c.next())
		_, err := r.streams.Tombstone(withTimeout(t), &streams.TombstoneReq{Options: &streams.TombstoneReq_Options{
			StreamIdentifier: named(stream), ExpectedStreamRevision: &streams.TombstoneReq_Options_Any{Any: empty},
		}})
		require.NoError(t, err)
		for range 2 {
			_, err = c.call.Recv()
			require.Equal(t, codes.Canceled, status.Code(err), "%v", err)
			requireAbout(t, c.call.Trailer(), "persistent-subscription-dropped", stream, group)
			c = r.dialGroup(t, stream, group, 10)
		}
	})
	t.Run("a group on the log whose pattern backtracks too long ends", func(t *testing.T) {
		kind := "Slow" + strings.Repeat("a", 50) + "!"
		group := unique("group")
		_, err := r.groups.Create(withTimeout(t), &persistent.CreateReq{Options: &persistent.CreateReq_Options{
			StreamOption: &persistent.CreateReq_Options_All{All: &persistent.CreateReq_AllOptions{
				AllOption: &persistent.CreateReq_AllOptions_Start{Start: empty},
				FilterOption: &persistent.CreateReq_AllOptions_Filter{Filter: &persistent.CreateReq_AllOptions_FilterOptions{
					Filter: &persistent.CreateReq_AllOptions_FilterOptions_EventType{
						EventType: &persistent.CreateReq_AllOptions_FilterOptions_Expression{Regex: `^Slow(?=a)(a+)+$`},
					},
				}},
			}},
			GroupName: group, Settings: &persistent.CreateReq_Settings{LiveBufferSize: 5, ReadBatchSize: 5, HistoryBufferSize: 10},
		}})
		require.NoError(t, err)
		c := r.consume(t, "$all", group, 10)
		r.written(t, unique("slow"), kind, 1)
		_, err = c.call.Recv()
		require.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
	})
}

func TestAGroupHoldsABoundedNumberOfBytes(t *testing.T) {
	r := newRaw(t)
	stream := unique("heavy")
	const count, enough = 20, 17 // of nearly 4 MiB each, the last of which exceeds 64 MiB
	large := strings.Repeat("x", 63<<16)
	for range count {
		_, err := r.append(t, expectAny(stream), proposal("Tested", large))
		require.NoError(t, err)
	}
	group := r.group(t, stream)
	c := r.consume(t, stream, group, count)
	var held []*persistent.ReadResp_ReadEvent
	for range enough {
		held = append(held, c.next())
	}
	info := r.info(t, stream, group)
	require.EqualValues(t, enough, info.GetTotalInFlightMessages())
	require.Zero(t, info.GetReadBufferCount())
	c.ack(held...)
	for i := uint64(enough); i < count; i++ {
		require.Equal(t, i, c.next().GetEvent().GetStreamRevision())
	}
}

func requireAbout(t *testing.T, trailer metadata.MD, exception, stream, group string) {
	t.Helper()
	require.Equal(t, []string{exception}, trailer.Get("exception"))
	require.Equal(t, []string{stream}, trailer.Get("stream-name"))
	require.Equal(t, []string{group}, trailer.Get("group-name"))
}

func TestErrorsOfGroupsNameStreamAndGroup(t *testing.T) {
	r := newRaw(t)
	stream := unique("errors")
	group := r.group(t, stream, func(s *persistent.CreateReq_Settings) { s.MaxSubscriberCount = 1 })
	create := func(settings *persistent.CreateReq_Settings, trailer *metadata.MD) error {
		_, err := r.groups.Create(withTimeout(t), &persistent.CreateReq{Options: &persistent.CreateReq_Options{
			StreamOption: &persistent.CreateReq_Options_Stream{Stream: &persistent.CreateReq_StreamOptions{
				StreamIdentifier: named(stream), RevisionOption: &persistent.CreateReq_StreamOptions_Start{Start: empty},
			}},
			GroupName: group, Settings: settings,
		}}, grpc.Trailer(trailer))
		return err
	}
	var trailer metadata.MD
	err := create(&persistent.CreateReq_Settings{LiveBufferSize: 5, ReadBatchSize: 5, HistoryBufferSize: 10}, &trailer)
	require.Equal(t, codes.AlreadyExists, status.Code(err))
	requireAbout(t, trailer, "persistent-subscription-exists", stream, group)

	err = create(&persistent.CreateReq_Settings{LiveBufferSize: 5, ReadBatchSize: 10, HistoryBufferSize: 10}, &trailer)
	require.Equal(t, codes.Internal, status.Code(err))
	requireAbout(t, trailer, "persistent-subscription-failed", stream, group)
	require.NotEmpty(t, trailer.Get("reason"))

	_, err = r.groups.GetInfo(withTimeout(t), &persistent.GetInfoReq{Options: &persistent.GetInfoReq_Options{
		StreamOption: &persistent.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: named(stream)}, GroupName: "none",
	}}, grpc.Trailer(&trailer))
	require.Equal(t, codes.NotFound, status.Code(err))
	requireAbout(t, trailer, "persistent-subscription-does-not-exist", stream, "none")

	missing := r.dialGroup(t, stream, "none", 10)
	_, err = missing.call.Recv()
	require.Equal(t, codes.NotFound, status.Code(err))
	requireAbout(t, missing.call.Trailer(), "persistent-subscription-does-not-exist", stream, "none")

	r.consume(t, stream, group, 10)
	full := r.dialGroup(t, stream, group, 10)
	_, err = full.call.Recv()
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
	requireAbout(t, full.call.Trailer(), "maximum-subscribers-reached", stream, group)
}
