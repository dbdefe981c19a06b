package node

import (
	"context"
	"errors"
	"io"
	"math"
	"unicode/utf8"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

const (
	maxEventSize  = 16 << 20  // bytes per event, counted as the protocol counts them
	maxAppendSize = 256 << 20 // bytes per append
	maxDrainSize  = 512 << 20
	maxNameLength = 1024 // bytes of a stream name or event type; Postgres cannot index much more

	smallAppend   = 1 << 20 // bytes; larger appends take turns, which bounds the memory they need
	largeTogether = 2       // large appends received or written at a time
)

type streamsService struct {
	streams.UnimplementedStreamsServer
	*Node
}

// Append receives one append, has it written and replies. It reads the request to the end even when refusing
// it: a client that is still sending would not see the reason otherwise.
func (s *streamsService) Append(stream streams.Streams_AppendServer) error {
	ctx := stream.Context()
	turn := &largeTurn{turns: s.large}
	defer turn.end()
	p, err := receiveAppend(stream, turn)
	if err != nil {
		return err
	}
	out, err := s.writer.submit(ctx, p)
	if err != nil {
		return err
	}
	switch out.verdict {
	case verdictDeleted:
		return streamDeleted(ctx, p.stream)
	case verdictWrongVersion:
		return stream.SendAndClose(wrongVersionReply(p.expected, out.revision))
	}
	return stream.SendAndClose(successReply(out))
}

// largeTurn is the right to hold a large append in memory. An append that turns out to be large takes it, and
// until it has it, the node reads no more from the client.
type largeTurn struct {
	turns chan struct{}
	taken bool
}

func (l *largeTurn) take(ctx context.Context, size int) error {
	if l.taken || size <= smallAppend {
		return nil
	}
	select {
	case l.turns <- struct{}{}:
		l.taken = true
		return nil
	case <-ctx.Done():
		return errTimeout
	}
}

func (l *largeTurn) end() {
	if l.taken {
		l.taken = false
		<-l.turns
	}
}

func receiveAppend(stream streams.Streams_AppendServer, turn *largeTurn) (*proposal, error) {
	first, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	options := first.GetOptions()
	if options == nil {
		return nil, drain(stream, invalid("the first message must hold the options"))
	}
	p := &proposal{action: actionAppend}
	if p.stream, err = streamName(options.StreamIdentifier); err != nil {
		return nil, drain(stream, err)
	}
	if p.expected, err = appendExpectation(options); err != nil {
		return nil, drain(stream, err)
	}
	ctx, size := stream.Context(), 0
	for {
		msg, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, err
		}
		e, err := proposedEvent(ctx, msg.GetProposedMessage())
		if err != nil {
			return nil, drain(stream, err)
		}
		if e.size() > maxEventSize {
			return nil, drain(stream, eventTooLarge(ctx, e))
		}
		if size += e.size(); size > maxAppendSize {
			return nil, drain(stream, appendTooLarge(ctx))
		}
		if err := turn.take(ctx, size); err != nil {
			return nil, err
		}
		p.events = append(p.events, e)
	}
}

// drain reads the rest of the client's request, up to a limit, and returns the error to reply with.
func drain(stream streams.Streams_AppendServer, refusal error) error {
	for size := 0; size < maxDrainSize; {
		msg, err := stream.Recv()
		if err != nil {
			break
		}
		m := msg.GetProposedMessage()
		size += len(m.GetData()) + len(m.GetCustomMetadata()) + 64
	}
	return refusal
}

func proposedEvent(ctx context.Context, m *streams.AppendReq_ProposedMessage) (proposed, error) {
	if m == nil {
		return proposed{}, invalid("a proposed message is expected after the options")
	}
	id, err := eventID(m.Id)
	if err != nil {
		return proposed{}, err
	}
	kind, ok := m.Metadata["type"]
	if !ok {
		return proposed{}, metadataMissing(ctx, "type")
	}
	contentType, ok := m.Metadata["content-type"]
	if !ok {
		return proposed{}, metadataMissing(ctx, "content-type")
	}
	if !storable(kind) || kind == "" {
		return proposed{}, invalid("the event type is empty, too long or not text")
	}
	return proposed{id: id, kind: kind, json: contentType == contentTypeJSON, data: m.Data,
		metadata: m.CustomMetadata}, nil
}

func eventID(id *shared.UUID) ([16]byte, error) {
	switch v := id.GetValue().(type) {
	case *shared.UUID_Structured_:
		return uuidFrom(v.Structured.GetMostSignificantBits(), v.Structured.GetLeastSignificantBits()), nil
	case *shared.UUID_String_:
		if parsed, err := uuid.Parse(v.String_); err == nil {
			return parsed, nil
		}
	}
	return [16]byte{}, invalid("the event id is missing or malformed")
}

// storable reports whether Postgres can store and index the text.
func storable(text string) bool {
	if len(text) > maxNameLength || !utf8.ValidString(text) {
		return false
	}
	for i := range len(text) {
		if text[i] == 0 {
			return false
		}
	}
	return true
}

func streamName(id *shared.StreamIdentifier) (string, error) {
	name := string(id.GetStreamName())
	if name == "" || name == metastreamPrefix {
		return "", invalid("the stream name is empty")
	}
	if !storable(name) {
		return "", invalid("the stream name is too long or not text")
	}
	return name, nil
}

func appendExpectation(o *streams.AppendReq_Options) (expectation, error) {
	switch v := o.ExpectedStreamRevision.(type) {
	case *streams.AppendReq_Options_Revision:
		return exactRevision(v.Revision)
	case *streams.AppendReq_Options_NoStream:
		return expectNoStream, nil
	case *streams.AppendReq_Options_Any:
		return expectAny, nil
	case *streams.AppendReq_Options_StreamExists:
		return expectStreamExists, nil
	}
	return 0, invalid("the expected revision is missing")
}

func exactRevision(revision uint64) (expectation, error) {
	if revision > math.MaxInt64 {
		return 0, invalid("the expected revision is out of range")
	}
	return expectation(revision), nil
}

func successReply(out outcome) *streams.AppendResp {
	success := &streams.AppendResp_Success{}
	if out.revision < 0 {
		success.CurrentRevisionOption = &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	} else {
		success.CurrentRevisionOption = &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(out.revision)}
	}
	at := uint64(out.position)
	success.PositionOption = &streams.AppendResp_Success_Position{
		Position: &streams.AppendResp_Position{CommitPosition: at, PreparePosition: at},
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: success}}
}

// wrongVersionReply names the expected and the actual revision, both also in the fields that clients older
// than 2020 read.
func wrongVersionReply(expected expectation, current int64) *streams.AppendResp {
	wrong, none := &streams.AppendResp_WrongExpectedVersion{}, &shared.Empty{}
	if current < 0 {
		wrong.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: none}
		wrong.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: none}
	} else {
		at := uint64(current)
		wrong.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: at}
		wrong.CurrentRevisionOption_20_6_0 =
			&streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: at}
	}
	switch expected {
	case expectAny:
		wrong.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: none}
		wrong.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: none}
	case expectNoStream:
		wrong.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: none}
	case expectStreamExists:
		wrong.ExpectedRevisionOption =
			&streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: none}
		wrong.ExpectedRevisionOption_20_6_0 =
			&streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: none}
	default:
		at := uint64(expected)
		wrong.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: at}
		wrong.ExpectedRevisionOption_20_6_0 =
			&streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: at}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: wrong}}
}
