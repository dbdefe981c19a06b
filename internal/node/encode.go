package node

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protowire"
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

// idForm is the form in which a client asks for event ids.
type idForm bool

const (
	idStructured idForm = false // two numbers
	idString     idForm = true
)

func (f idForm) proto(id [16]byte) *shared.UUID {
	if f == idString {
		return &shared.UUID{Value: &shared.UUID_String_{String_: uuid.UUID(id).String()}}
	}
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

func recordedEvent(r *record, ids idForm) *streams.ReadResp_ReadEvent_RecordedEvent {
	return &streams.ReadResp_ReadEvent_RecordedEvent{
		Id:               ids.proto(r.id),
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

func readEvent(r resolved, ids idForm) *streams.ReadResp {
	e := &streams.ReadResp_ReadEvent{
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(r.original().position)},
	}
	if r.event != nil {
		e.Event = recordedEvent(r.event, ids)
	}
	if r.link != nil {
		e.Link = recordedEvent(r.link, ids)
	}
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: e}}
}

func confirmation(id string) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: id},
	}}
}

// caughtUp encodes how far a subscription has caught up: to a revision, or to a position of $all. For an
// empty stream or log it says neither.
//
// The fields are newer than the generated code of the pinned client, so they are written by their numbers: 1 is the
// time, 2 the revision, 3 the position.
func caughtUp(now time.Time, all bool, at int64) *streams.ReadResp {
	fields := protowire.AppendTag(nil, 1, protowire.BytesType)
	fields = protowire.AppendBytes(fields, encodeTime(now))
	switch {
	case all && at > 0:
		position := protowire.AppendTag(nil, 1, protowire.VarintType)
		position = protowire.AppendVarint(position, uint64(at))
		position = protowire.AppendTag(position, 2, protowire.VarintType)
		position = protowire.AppendVarint(position, uint64(at))
		fields = protowire.AppendTag(fields, 3, protowire.BytesType)
		fields = protowire.AppendBytes(fields, position)
	case !all && at >= 0:
		fields = protowire.AppendTag(fields, 2, protowire.VarintType)
		fields = protowire.AppendVarint(fields, uint64(at))
	}
	message := &streams.ReadResp_CaughtUp{}
	message.ProtoReflect().SetUnknown(fields)
	return &streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: message}}
}

// encodeTime encodes a google.protobuf.Timestamp.
func encodeTime(t time.Time) []byte {
	encoded := protowire.AppendTag(nil, 1, protowire.VarintType)
	encoded = protowire.AppendVarint(encoded, uint64(t.Unix()))
	encoded = protowire.AppendTag(encoded, 2, protowire.VarintType)
	return protowire.AppendVarint(encoded, uint64(t.Nanosecond()))
}

func firstPosition(revision int64) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_FirstStreamPosition{FirstStreamPosition: uint64(revision)}}
}

func lastPosition(revision int64) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_LastStreamPosition{LastStreamPosition: uint64(revision)}}
}

func checkpoint(commit, prepare int64) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{
		Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: uint64(commit), PreparePosition: uint64(prepare)},
	}}
}

func streamNotFound(name string) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(name)},
	}}}
}
