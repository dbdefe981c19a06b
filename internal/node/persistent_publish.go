package node

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// The streams in which operators and other programs look for groups, as on a KurrentDB. The node itself reads
// its own tables.
const (
	configStream   = "$persistentSubscriptionConfig"
	typeConfig     = "PersistentConfig1"
	typeCheckpoint = "$SubscriptionCheckpoint"
)

// publishCheckpoint writes the group's checkpoint to its stream. A failure is only logged, because the next
// checkpoint replaces it.
func (g *subscriptionGroup) publishCheckpoint(at int64) {
	data := strconv.AppendQuote(nil, checkpointText(g.row.key, at))
	e := proposed{id: uuid.New(), kind: typeCheckpoint, json: true, data: data}
	g.write(g.row.key.checkpointStream(), e, func(err error) {
		if err != nil {
			g.log.Warn("write checkpoint to its stream failed", "group", g.row.key.name, cause(err))
		}
	})
}

// publishedConfig is the content of an event in the stream that lists all groups.
type publishedConfig struct {
	Version   string           `json:"version"`
	Updated   time.Time        `json:"updated"`
	UpdatedBy string           `json:"updatedBy"`
	Entries   []publishedGroup `json:"entries"`
}

type publishedGroup struct {
	Stream                string `json:"stream"`
	Group                 string `json:"group"`
	ResolveLinkTos        bool   `json:"resolveLinkTos"`
	ExtraStatistics       bool   `json:"extraStatistics"`
	MessageTimeout        int32  `json:"messageTimeout"`
	StartPosition         string `json:"startPosition"`
	LiveBufferSize        int32  `json:"liveBufferSize"`
	HistoryBufferSize     int32  `json:"historyBufferSize"`
	MaxRetryCount         int32  `json:"maxRetryCount"`
	ReadBatchSize         int32  `json:"readBatchSize"`
	CheckPointAfter       int32  `json:"checkPointAfter"`
	MinCheckPointCount    int32  `json:"minCheckPointCount"`
	MaxCheckPointCount    int32  `json:"maxCheckPointCount"`
	MaxSubscriberCount    int32  `json:"maxSubscriberCount"`
	NamedConsumerStrategy string `json:"namedConsumerStrategy"`
}

// publishGroups writes the present list of groups to its stream, which keeps the last two. The change itself
// is durable already, so a failure is only logged.
func (s *persistentService) publishGroups(ctx context.Context) {
	s.groups.publishing.Lock()
	defer s.groups.publishing.Unlock()
	if err := s.appendGroups(ctx); err != nil {
		s.log.Warn("write the list of subscription groups to its stream failed", cause(err))
	}
}

func (s *persistentService) appendGroups(ctx context.Context) error {
	rows, err := s.groups.rows.list(ctx, "")
	if err != nil {
		return err
	}
	config := publishedConfig{Version: "2", Updated: time.Now().UTC(), UpdatedBy: caller(ctx), Entries: []publishedGroup{}}
	for _, row := range rows {
		set := row.settings
		config.Entries = append(config.Entries, publishedGroup{
			Stream: row.key.source, Group: row.key.name, ResolveLinkTos: set.ResolveLinks,
			ExtraStatistics: set.ExtraStatistics, MessageTimeout: set.MessageTimeout, StartPosition: set.StartFrom,
			LiveBufferSize: set.LiveBuffer, HistoryBufferSize: set.HistoryBuffer, MaxRetryCount: set.MaxRetries,
			ReadBatchSize: set.ReadBatch, CheckPointAfter: set.CheckpointAfter, MinCheckPointCount: set.MinCheckpoint,
			MaxCheckPointCount: set.MaxCheckpoint, MaxSubscriberCount: set.MaxSubscribers,
			NamedConsumerStrategy: set.Strategy,
		})
	}
	data, err := json.Marshal(config)
	if err != nil {
		return err
	}
	view, err := s.pages.stream(ctx, metastreamPrefix+configStream)
	if err != nil {
		return err
	}
	if !view.exists() {
		err := s.appendOne(ctx, metastreamPrefix+configStream,
			proposed{id: uuid.New(), kind: typeMetadata, json: true, data: []byte(`{"$maxCount":2}`)})
		if err != nil {
			return err
		}
	}
	return s.appendOne(ctx, configStream, proposed{id: uuid.New(), kind: typeConfig, json: true, data: data})
}

func (s *persistentService) appendOne(ctx context.Context, stream string, e proposed) error {
	_, err := s.writer.submit(ctx,
		&proposal{action: actionAppend, stream: stream, expected: expectAny, events: []proposed{e}})
	return err
}
