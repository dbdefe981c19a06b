package eventstore

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
)

// exportLine is one event of an export.
type exportLine struct {
	Position Position        `json:"position"`
	ID       uuid.UUID       `json:"id"`
	Stream   string          `json:"stream"`
	Revision uint64          `json:"revision"`
	Type     string          `json:"type"`
	Created  time.Time       `json:"created"`
	Erased   bool            `json:"erased,omitempty"`
	Metadata storedMetadata  `json:"metadata"`
	Data     json.RawMessage `json:"data"`
}

// Export writes this program's events after a position as JSON, one per line, and returns their number. Personal
// data stays sealed unless plaintext is set. Plaintext exports omit the sealed fields of erased people.
func (s *Store) Export(ctx context.Context, w io.Writer, after Position, plaintext bool) (int, error) {
	out := json.NewEncoder(w)
	n := 0
	for e, err := range s.ReadAll(ctx, after) {
		if err != nil {
			return n, err
		}
		if err := writeLine(out, e, plaintext); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// ExportStream exports the events of one stream.
func (s *Store) ExportStream(ctx context.Context, w io.Writer, stream string, plaintext bool) (int, error) {
	h, err := s.Read(ctx, stream, 0)
	if err != nil {
		return 0, err
	}
	out := json.NewEncoder(w)
	for i, e := range h.Events {
		if err := writeLine(out, e, plaintext); err != nil {
			return i, err
		}
	}
	return len(h.Events), nil
}

func writeLine(out *json.Encoder, e Recorded, plaintext bool) error {
	data := e.Raw
	if _, unknown := e.Event.(Unknown); plaintext && !unknown {
		var err error
		if data, err = json.Marshal(e.Event); err != nil {
			return fmt.Errorf("export %s %d: %w", e.Stream, e.Revision, err)
		}
	}
	if !json.Valid(data) { // written by another program
		data, _ = json.Marshal(string(data))
	}
	err := out.Encode(exportLine{
		Position: e.Position, ID: e.ID, Stream: e.Stream, Revision: e.Revision, Type: e.Type, Created: e.Created,
		Erased: e.Erased, Metadata: e.Metadata.stored(e.schema), Data: data,
	})
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}
