package node

import (
	"encoding/binary"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

const (
	contentTypeJSON   = "application/json"
	contentTypeBinary = "application/octet-stream"
)

func uuidFrom(most, least int64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], uint64(most))
	binary.BigEndian.PutUint64(id[8:], uint64(least))
	return id
}

func uuidToProto(id [16]byte) *shared.UUID {
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(id[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(id[8:])),
	}}}
}

// systemMetadata returns exactly the three keys clients expect. Without a number in "created" the official
// client terminates its process.
func systemMetadata(r *record) map[string]string {
	contentType := contentTypeBinary
	if r.json {
		contentType = contentTypeJSON
	}
	return map[string]string{
		"type":         r.kind,
		"content-type": contentType,
		"created":      strconv.FormatInt(r.created.UnixNano()/100, 10), // ticks of 100 ns
	}
}

func recordedEvent(r *record) *streams.ReadResp_ReadEvent_RecordedEvent {
	return &streams.ReadResp_ReadEvent_RecordedEvent{
		Id:               uuidToProto(r.id),
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(r.stream)},
		StreamRevision:   uint64(r.revision),
		PreparePosition:  uint64(r.position),
		CommitPosition:   uint64(r.position),
		Metadata:         systemMetadata(r),
		CustomMetadata:   r.metadata,
		Data:             r.data,
	}
}

// resolved is an event as readers see it, with the link it was found through, if any.
type resolved struct {
	event *record // nil if the link points to nothing
	link  *record
}

func (r resolved) original() *record {
	if r.link != nil {
		return r.link
	}
	return r.event
}

func readEvent(r resolved) *streams.ReadResp {
	e := &streams.ReadResp_ReadEvent{
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(r.original().position)},
	}
	if r.event != nil {
		e.Event = recordedEvent(r.event)
	}
	if r.link != nil {
		e.Link = recordedEvent(r.link)
	}
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: e}}
}

func confirmation(id string) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: id},
	}}
}

func caughtUp() *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}}
}

func checkpoint(position int64) *streams.ReadResp {
	at := uint64(position)
	return &streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{
		Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: at, PreparePosition: at},
	}}
}

func streamNotFound(name string) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(name)},
	}}}
}
