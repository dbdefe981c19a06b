package eventstore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"parley/domain"
	"parley/internal/seal"
)

// MaxAppend limits the bytes of data, metadata and type names in one append. The protocol's own limit is 1 MiB.
const MaxAppend = 900_000

// encode prepares changes for the client and seals their personal fields. When it
// returns, the keys of all subjects are durable.
func (s *Store) encode(ctx context.Context, stream string, changes []Change) ([]esdb.EventData, error) {
	if err := s.ensureKeys(ctx, changes); err != nil {
		return nil, err
	}
	var encoded []esdb.EventData
	size := 0
	for _, c := range changes {
		if c.Meta.CommandID == "" {
			return nil, fmt.Errorf("append %s: metadata without a command id", stream)
		}
		for i, e := range c.Events {
			p := s.catalog.byType[reflect.TypeOf(e)]
			if p == nil {
				return nil, fmt.Errorf("append %s: %T is not in the catalog", stream, e)
			}
			data, err := s.encodeEvent(ctx, p, stream, e)
			if err != nil {
				return nil, fmt.Errorf("encode %s: %w", p.name, err)
			}
			meta, err := json.Marshal(c.Meta.stored(p.schema))
			if err != nil {
				return nil, fmt.Errorf("encode metadata: %w", err)
			}
			encoded = append(encoded, esdb.EventData{
				EventID: EventID(c.Meta.CommandID, stream, i), EventType: p.name,
				ContentType: esdb.ContentTypeJson, Data: data, Metadata: meta,
			})
			size += len(data) + len(meta) + 2*len(p.name)
		}
	}
	if size > MaxAppend {
		return nil, fmt.Errorf("append %s: %d bytes: %w", stream, size, ErrTooLarge)
	}
	return encoded, nil
}

func (s *Store) ensureKeys(ctx context.Context, changes []Change) error {
	var subjects []string
	for _, c := range changes {
		for _, e := range c.Events {
			p := s.catalog.byType[reflect.TypeOf(e)]
			if p == nil || !p.sealed.hasValue(reflect.ValueOf(e)) {
				continue
			}
			subject := e.(domain.Personal).SealedFor()
			if subject == "" {
				return fmt.Errorf("%s has personal data but no subject", p.name)
			}
			subjects = append(subjects, subject)
		}
	}
	if len(subjects) == 0 {
		return nil
	}
	if s.keys == nil {
		return fmt.Errorf("no keys to seal personal data with")
	}
	if err := s.keys.Ensure(ctx, subjects...); err != nil {
		return fmt.Errorf("ensure keys: %w", keyFault(ctx, err))
	}
	return nil
}

// keyFault turns an error of the keys into ErrUnavailable, which callers may retry, unless the person was
// erased or the caller gave up.
func keyFault(ctx context.Context, err error) error {
	if errors.Is(err, seal.ErrErased) || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	return fmt.Errorf("%w (%w)", ErrUnavailable, err)
}

// encodeEvent writes {"subject":…,"sealed":…} followed by the plain fields. It omits both keys when no
// personal field has a value.
func (s *Store) encodeEvent(ctx context.Context, p *plan, stream string, e domain.Event) ([]byte, error) {
	v := reflect.ValueOf(e)
	plain, err := p.plain.marshal(v)
	if err != nil || !p.sealed.hasValue(v) {
		return plain, err
	}
	secret, err := p.sealed.marshal(v)
	if err != nil {
		return nil, err
	}
	subject := e.(domain.Personal).SealedFor()
	sealed, err := s.keys.Seal(ctx, subject, secret, aad(stream, p.name))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", keyFault(ctx, err))
	}
	quoted, err := json.Marshal(subject)
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, len(plain)+len(quoted)+base64.StdEncoding.EncodedLen(len(sealed))+32)
	data = append(data, sealedPrefix...)
	data = append(data, quoted...)
	data = append(data, `,"sealed":"`...)
	data = base64.StdEncoding.AppendEncode(data, sealed)
	data = append(data, '"')
	if len(plain) > len("{}") {
		data = append(data, ',')
	}
	return append(data, plain[1:]...), nil
}

const sealedPrefix = `{"subject":`

// aad returns the additional data that binds sealed fields to their stream and type, so that they cannot be
// moved into another event.
func aad(stream, eventType string) []byte {
	b := make([]byte, 0, len(stream)+1+len(eventType))
	b = append(b, stream...)
	b = append(b, 0)
	return append(b, eventType...)
}
