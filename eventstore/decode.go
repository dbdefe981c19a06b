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
	"parley/internal/seal"
)

// decodeAll decodes events in order; large batches use two goroutines. It fails only when keys cannot be
// loaded at the moment. Events that can never be decoded become Unknown.
func (s *Store) decodeAll(ctx context.Context, events []*esdb.RecordedEvent) ([]Recorded, error) {
	if len(events) == 0 {
		return nil, nil
	}
	decoded := make([]Recorded, len(events))
	parts := make([]sealedData, len(events))
	var subjects []string
	for i, e := range events {
		parts[i] = findSealed(e.Data)
		if parts[i].subject != "" {
			subjects = append(subjects, parts[i].subject)
		}
	}
	if len(subjects) > 0 && s.keys != nil {
		slices.Sort(subjects)
		err := s.keys.Load(ctx, slices.Compact(subjects)...)
		if err != nil && !errors.Is(err, seal.ErrErased) && !unreadable(err) { // decode handles those event by event
			return nil, fmt.Errorf("load keys: %w", err)
		}
	}
	const worthSplitting = 64
	if len(events) < worthSplitting {
		return decoded, s.decodeInto(ctx, decoded, events, parts)
	}
	half := len(events) / 2
	var wg sync.WaitGroup
	var first, second error
	wg.Go(func() { first = s.decodeInto(ctx, decoded[:half], events[:half], parts[:half]) })
	second = s.decodeInto(ctx, decoded[half:], events[half:], parts[half:])
	wg.Wait()
	return decoded, errors.Join(first, second)
}

func (s *Store) decodeInto(
	ctx context.Context, decoded []Recorded, events []*esdb.RecordedEvent, parts []sealedData,
) error {
	for i, e := range events {
		if err := s.decode(ctx, &decoded[i], e, parts[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) decode(ctx context.Context, r *Recorded, e *esdb.RecordedEvent, b sealedData) error {
	r.ID, r.Stream, r.Revision, r.Type = e.EventID, e.StreamID, e.EventNumber, e.EventType
	r.Aggregate, r.AggregateID = splitStream(e.StreamID)
	r.Position = Position{Commit: e.Position.Commit, Prepare: e.Position.Prepare}
	r.Created, r.Raw = e.CreatedDate, e.Data
	meta, schema, err := decodeMetadata(e.UserMetadata)
	r.Metadata, r.schema = meta, schema
	p := s.catalog.byName[e.EventType]
	unknown := func(reason string) error {
		r.Event = Unknown{Type: e.EventType, Listed: p != nil, Schema: schema, Reason: reason, Data: e.Data}
		return nil
	}
	switch {
	case err != nil:
		return unknown("the metadata is not readable")
	case p == nil:
		return unknown("the type is unknown")
	case schema > p.schema:
		return unknown(fmt.Sprintf("schema version %d is newer than %d", schema, p.schema))
	}
	var secret []byte
	if b.sealed != nil {
		secret, err = s.open(ctx, b, e)
		switch {
		case errors.Is(err, seal.ErrErased):
			r.Erased = true
		case unreadable(err):
			return unknown("the sealed fields cannot be decrypted")
		case err != nil:
			return fmt.Errorf("open %s: %w", e.StreamID, err)
		}
	}
	event, err := p.build(e.Data, secret, schema)
	if err != nil {
		return unknown("the data does not match the type")
	}
	r.Event = event
	return nil
}

// unreadable reports whether the data can never be decrypted, however often it is tried.
func unreadable(err error) bool {
	return errors.Is(err, seal.ErrUnreadable) || errors.Is(err, seal.ErrNoKey)
}

func (s *Store) open(ctx context.Context, b sealedData, e *esdb.RecordedEvent) ([]byte, error) {
	if s.keys == nil {
		return nil, errors.New("no keys to decrypt it with")
	}
	sealed := make([]byte, base64.StdEncoding.DecodedLen(len(b.sealed)))
	n, err := base64.StdEncoding.Decode(sealed, b.sealed)
	if err != nil {
		return nil, seal.ErrUnreadable
	}
	return s.keys.Open(ctx, b.subject, sealed[:n], aad(e.StreamID, e.EventType))
}

// build assembles the event from its plain and decrypted fields, upcasting older schema versions.
func (p *plan) build(data, secret []byte, schema int) (domain.Event, error) {
	if schema < p.schema {
		return p.buildOlder(data, secret, schema)
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

func (p *plan) buildOlder(data, secret []byte, schema int) (domain.Event, error) {
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

// sealedData is the encrypted part of a stored event, in base64.
type sealedData struct {
	subject string
	sealed  []byte
}

// findSealed looks for the sealed part where encodeEvent writes it. If another program wrote it elsewhere, it
// parses the whole object.
func findSealed(data []byte) sealedData {
	if rest, ok := bytes.CutPrefix(data, []byte(sealedPrefix+`"`)); ok {
		if end := bytes.IndexByte(rest, '"'); end > 0 && bytes.IndexByte(rest[:end], '\\') < 0 {
			subject := rest[:end]
			if rest, ok = bytes.CutPrefix(rest[end+1:], []byte(`,"sealed":"`)); ok {
				if end = bytes.IndexByte(rest, '"'); end > 0 {
					return sealedData{subject: string(subject), sealed: rest[:end]}
				}
			}
		}
	}
	if !bytes.Contains(data, []byte(`"sealed"`)) {
		return sealedData{}
	}
	var both struct {
		Subject string  `json:"subject"`
		Sealed  *string `json:"sealed"`
	}
	if err := json.Unmarshal(data, &both); err != nil || both.Sealed == nil {
		return sealedData{}
	}
	return sealedData{subject: both.Subject, sealed: []byte(*both.Sealed)}
}
