package eventstore

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"parley/domain"
	"parley/seal"
)

// decodeAll decodes events in their order, large batches on two goroutines. It fails only when keys cannot be had just
// now; what can never be decoded becomes Unknown.
func (s *Store) decodeAll(ctx context.Context, events []*esdb.RecordedEvent) ([]Recorded, error) {
	if len(events) == 0 {
		return nil, nil
	}
	decoded := make([]Recorded, len(events))
	boxes := make([]box, len(events))
	var subjects []string
	for i, e := range events {
		boxes[i] = findBox(e.Data)
		if boxes[i].subject != "" {
			subjects = append(subjects, boxes[i].subject)
		}
	}
	if len(subjects) > 0 && s.keys != nil {
		slices.Sort(subjects)
		err := s.keys.Load(ctx, slices.Compact(subjects)...)
		if err != nil && !errors.Is(err, seal.ErrErased) && !unreadable(err) { // those Open tells of, event by event
			return nil, fmt.Errorf("load keys: %w", err)
		}
	}
	const worthSplitting = 64
	if len(events) < worthSplitting {
		return decoded, s.decodeInto(ctx, decoded, events, boxes)
	}
	half := len(events) / 2
	var wg sync.WaitGroup
	var first, second error
	wg.Go(func() { first = s.decodeInto(ctx, decoded[:half], events[:half], boxes[:half]) })
	second = s.decodeInto(ctx, decoded[half:], events[half:], boxes[half:])
	wg.Wait()
	return decoded, errors.Join(first, second)
}

func (s *Store) decodeInto(ctx context.Context, decoded []Recorded, events []*esdb.RecordedEvent, boxes []box) error {
	for i, e := range events {
		if err := s.decode(ctx, &decoded[i], e, boxes[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) decode(ctx context.Context, r *Recorded, e *esdb.RecordedEvent, b box) error {
	r.ID, r.Stream, r.Revision, r.Type = e.EventID, e.StreamID, e.EventNumber, e.EventType
	r.Aggregate, r.AggregateID = splitStream(e.StreamID)
	r.Position = Position{Commit: e.Position.Commit, Prepare: e.Position.Prepare}
	r.Created, r.Raw = e.CreatedDate, e.Data
	meta, schema, err := decodeMetadata(e.UserMetadata)
	r.Metadata, r.schema = meta, schema
	unknown := func(reason string) error {
		r.Event = Unknown{Type: e.EventType, Schema: schema, Reason: reason, Data: e.Data}
		return nil
	}
	if err != nil {
		return unknown("its metadata cannot be read")
	}
	p := s.catalog.byName[e.EventType]
	switch {
	case p == nil:
		return unknown("its type is not known")
	case schema > p.schema:
		return unknown(fmt.Sprintf("its schema version %d is newer than %d", schema, p.schema))
	}
	var secret []byte
	if b.sealed != nil {
		secret, err = s.open(ctx, b, e)
		switch {
		case errors.Is(err, seal.ErrErased):
			r.Erased = true
		case unreadable(err):
			return unknown("its sealed fields cannot be opened")
		case err != nil:
			return fmt.Errorf("open %s: %w", e.StreamID, err)
		}
	}
	event, err := p.build(e.Data, secret, schema)
	if err != nil {
		return unknown("its data does not fit its type")
	}
	r.Event = event
	return nil
}

// unreadable says that no later attempt will open it.
func unreadable(err error) bool {
	return errors.Is(err, seal.ErrUnreadable) || errors.Is(err, seal.ErrNoKey)
}

func (s *Store) open(ctx context.Context, b box, e *esdb.RecordedEvent) ([]byte, error) {
	if s.keys == nil {
		return nil, errors.New("no keys to open it with")
	}
	sealed := make([]byte, base64.StdEncoding.DecodedLen(len(b.sealed)))
	n, err := base64.StdEncoding.Decode(sealed, b.sealed)
	if err != nil {
		return nil, seal.ErrUnreadable
	}
	return s.keys.Open(ctx, b.subject, sealed[:n], aad(e.StreamID, e.EventType))
}

// build makes the event of its open and its opened fields, bringing older versions up to date.
func (p *plan) build(data, secret []byte, schema int) (domain.Event, error) {
	if schema < p.schema {
		return p.upcasted(data, secret, schema)
	}
	v := reflect.New(p.typ)
	if err := json.Unmarshal(data, v.Interface()); err != nil {
		return nil, err
	}
	if secret != nil {
		if err := json.Unmarshal(secret, v.Interface()); err != nil {
			return nil, err
		}
	}
	return v.Elem().Interface().(domain.Event), nil
}

func (p *plan) upcasted(data, secret []byte, schema int) (domain.Event, error) {
	raw := make(map[string]json.RawMessage)
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	delete(raw, "subject")
	delete(raw, "sealed")
	if secret != nil {
		if err := json.Unmarshal(secret, &raw); err != nil {
			return nil, err
		}
	}
	p.upcast(schema, raw)
	data, err := json.Marshal(raw)
	if err != nil {
		return nil, err
	}
	return p.build(data, nil, p.schema)
}

// box is the sealed part of stored data, still sealed; sealed is base64.
type box struct {
	subject string
	sealed  []byte
}

// findBox looks where encodeEvent writes it, and parses the whole object when another program wrote it elsewhere.
func findBox(data []byte) box {
	if rest, ok := bytes.CutPrefix(data, []byte(sealedPrefix+`"`)); ok {
		if end := bytes.IndexByte(rest, '"'); end > 0 && bytes.IndexByte(rest[:end], '\\') < 0 {
			subject := rest[:end]
			if rest, ok = bytes.CutPrefix(rest[end+1:], []byte(`,"sealed":"`)); ok {
				if end = bytes.IndexByte(rest, '"'); end > 0 {
					return box{subject: string(subject), sealed: rest[:end]}
				}
			}
		}
	}
	if !bytes.Contains(data, []byte(`"sealed"`)) {
		return box{}
	}
	var both struct {
		Subject string  `json:"subject"`
		Sealed  *string `json:"sealed"`
	}
	if err := json.Unmarshal(data, &both); err != nil || both.Sealed == nil {
		return box{}
	}
	return box{subject: both.Subject, sealed: []byte(*both.Sealed)}
}
