package eventstore

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
)

// line is one event of an export.
type line struct {
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

// Export writes our events after a position as JSON, one a line, and says how many. Personal data stays sealed unless
// opened is asked for; then sealed fields stand among the others, and are missing where the person was erased.
func (s *Store) Export(ctx context.Context, w io.Writer, after Position, opened bool) (int, error) {
	out := json.NewEncoder(w)
	n := 0
	for e, err := range s.ReadAll(ctx, after) {
		if err != nil {
			return n, err
		}
		if err := writeLine(out, e, opened); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// ExportStream is Export for one stream.
func (s *Store) ExportStream(ctx context.Context, w io.Writer, stream string, opened bool) (int, error) {
	h, err := s.Read(ctx, stream, 0)
	if err != nil {
		return 0, err
	}
	out := json.NewEncoder(w)
	for i, e := range h.Events {
		if err := writeLine(out, e, opened); err != nil {
			return i, err
		}
	}
	return len(h.Events), nil
}

func writeLine(out *json.Encoder, e Recorded, opened bool) error {
	data := e.Raw
	if _, unknown := e.Event.(Unknown); opened && !unknown {
		var err error
		if data, err = json.Marshal(e.Event); err != nil {
			return fmt.Errorf("export %s %d: %w", e.Stream, e.Revision, err)
		}
	}
	if !json.Valid(data) { // another program's bytes
		data, _ = json.Marshal(string(data))
	}
	err := out.Encode(line{
		Position: e.Position, ID: e.ID, Stream: e.Stream, Revision: e.Revision, Type: e.Type, Created: e.Created,
		Erased: e.Erased, Metadata: e.Metadata.stored(e.schema), Data: data,
	})
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}
