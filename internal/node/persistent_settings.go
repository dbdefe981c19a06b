package node

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

const (
	sourceAll = "$all"

	strategyRoundRobin = "RoundRobin"
	strategySingle     = "DispatchToSingle"
	strategyPinned     = "Pinned"
)

// groupSettings configures a persistent subscription. It is stored as JSON. Times are in milliseconds.
type groupSettings struct {
	StartFrom       string `json:"startFrom"` // in the clients' format: "0", "-1", "42", "C:7/P:7"
	ResolveLinks    bool   `json:"resolveLinks"`
	ExtraStatistics bool   `json:"extraStatistics"`
	MessageTimeout  int32  `json:"messageTimeout"` // 0 means never
	MaxRetries      int32  `json:"maxRetries"`
	CheckpointAfter int32  `json:"checkpointAfter"`
	MinCheckpoint   int32  `json:"minCheckpoint"`
	MaxCheckpoint   int32  `json:"maxCheckpoint"`
	MaxSubscribers  int32  `json:"maxSubscribers"` // 0 means no limit
	LiveBuffer      int32  `json:"liveBuffer"`
	ReadBatch       int32  `json:"readBatch"`
	HistoryBuffer   int32  `json:"historyBuffer"`
	Strategy        string `json:"strategy"`
	Filter          []byte `json:"filter,omitempty"` // FilterOptions as the client sent them
}

func (s groupSettings) timeout() time.Duration {
	return time.Duration(s.MessageTimeout) * time.Millisecond
}

func (s groupSettings) checkpointAfter() time.Duration {
	return time.Duration(max(s.CheckpointAfter, 100)) * time.Millisecond
}

// check refuses settings that a group could not run with.
func (s groupSettings) check(ctx context.Context, key groupKey) error {
	reason := ""
	switch {
	case s.HistoryBuffer <= 0 || s.LiveBuffer <= 0 || s.ReadBatch <= 0:
		reason = "buffer sizes and the read batch size must be positive"
	case s.ReadBatch >= s.HistoryBuffer:
		reason = "the read batch size must be smaller than the history buffer size"
	case s.MaxRetries < 0 || s.MessageTimeout < 0 || s.MaxSubscribers < 0:
		reason = "retries, timeout and number of subscribers must not be negative"
	case s.Strategy != strategyRoundRobin && s.Strategy != strategySingle && s.Strategy != strategyPinned:
		reason = "the consumer strategy is unknown"
	default:
		return nil
	}
	return withTrailers(ctx, codes.Internal, "Subscription group "+key.name+" on stream "+key.source+" failed: '"+reason+"'",
		"exception", "persistent-subscription-failed", "reason", reason, "stream-name", key.source, "group-name", key.name)
}

func (s groupSettings) filter() (*filter, error) {
	if len(s.Filter) == 0 {
		return nil, nil
	}
	options := &streams.ReadReq_Options_FilterOptions{}
	if err := proto.Unmarshal(s.Filter, options); err != nil {
		return nil, fmt.Errorf("decode filter: %w", err)
	}
	if options.GetMax() == 0 {
		options.Window = &streams.ReadReq_Options_FilterOptions_Count{Count: &shared.Empty{}}
	}
	options.CheckpointIntervalMultiplier = max(1, options.CheckpointIntervalMultiplier)
	return newFilter(options, true)
}

// settingsFrom reads the settings of a create request, or of an update converted to one.
func settingsFrom(m *persistent.CreateReq_Settings) groupSettings {
	s := groupSettings{
		ResolveLinks: m.GetResolveLinks(), ExtraStatistics: m.GetExtraStatistics(),
		MaxRetries: m.GetMaxRetryCount(), MaxSubscribers: m.GetMaxSubscriberCount(),
		MinCheckpoint: m.GetMinCheckpointCount(), MaxCheckpoint: m.GetMaxCheckpointCount(),
		LiveBuffer: m.GetLiveBufferSize(), ReadBatch: m.GetReadBatchSize(), HistoryBuffer: m.GetHistoryBufferSize(),
		Strategy: m.GetConsumerStrategy(),
	}
	s.MessageTimeout = m.GetMessageTimeoutMs()
	if ticks := m.GetMessageTimeoutTicks(); ticks > 0 {
		s.MessageTimeout = int32(min(ticks/10_000, math.MaxInt32))
	}
	s.CheckpointAfter = m.GetCheckpointAfterMs()
	if ticks := m.GetCheckpointAfterTicks(); ticks > 0 {
		s.CheckpointAfter = int32(min(ticks/10_000, math.MaxInt32))
	}
	if s.Strategy == "" {
		//lint:ignore SA1019 updates have no other field for it
		s.Strategy = m.GetNamedConsumerStrategy().String()
	}
	return s
}

// startText formats a group's start for clients. from is inclusive, or fromStart or fromEnd.
func startText(source string, from int64) string {
	switch {
	case source == sourceAll && from == fromStart:
		return "C:0/P:0"
	case source == sourceAll && from == fromEnd:
		return "C:-1/P:-1"
	case source == sourceAll:
		return positionText(from)
	case from == fromStart:
		return "0"
	case from == fromEnd:
		return "-1"
	}
	return strconv.FormatInt(from, 10)
}

func positionText(position int64) string { return fmt.Sprintf("C:%d/P:%d", position, position) }
