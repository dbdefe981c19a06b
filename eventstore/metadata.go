package eventstore

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/google/uuid"
)

// Metadata says who asked for an event, and because of what. It is stored beside the event as a flat JSON object of
// strings and is never sealed, so it holds ids only.
type Metadata struct {
	// Actor is the user's id, or a name of ours such as "router", "webhook".
	Actor string
	// CommandID is the command's id as its caller made it. Event ids derive from it, so it must be new for a new command.
	CommandID string
	// CorrelationID is shared by everything that follows from one cause.
	CorrelationID string
	// CausationID is the id of the event or command this one follows from.
	CausationID string
	// Digest is of the command's content: the same command id with another digest is COMMAND_ID_REUSED.
	Digest string
}

// storedMetadata is Metadata as it is in the store. The names with a dollar sign are the protocol's own.
type storedMetadata struct {
	Actor         string `json:"actor,omitempty"`
	CommandID     string `json:"commandId,omitempty"`
	CorrelationID string `json:"$correlationId,omitempty"`
	CausationID   string `json:"$causationId,omitempty"`
	Digest        string `json:"digest,omitempty"`
	Schema        string `json:"schema,omitempty"` // version of the event's shape, 1 when absent
}

func (m Metadata) stored(schema int) storedMetadata {
	return storedMetadata{
		Actor: m.Actor, CommandID: m.CommandID, CorrelationID: m.CorrelationID, CausationID: m.CausationID,
		Digest: m.Digest, Schema: strconv.Itoa(schema),
	}
}

// decodeMetadata reads stored metadata and the schema version. Events of other programs may have none.
func decodeMetadata(data []byte) (Metadata, int, error) {
	if len(data) == 0 {
		return Metadata{}, 1, nil
	}
	var s storedMetadata
	if err := json.Unmarshal(data, &s); err != nil {
		return Metadata{}, 0, fmt.Errorf("metadata: %w", err)
	}
	m := Metadata{
		Actor: s.Actor, CommandID: s.CommandID, CorrelationID: s.CorrelationID, CausationID: s.CausationID, Digest: s.Digest,
	}
	if s.Schema == "" {
		return m, 1, nil
	}
	schema, err := strconv.Atoi(s.Schema)
	if err != nil || schema < 1 {
		return m, 0, fmt.Errorf("metadata: schema version %q", s.Schema)
	}
	return m, schema, nil
}

// idSpace keeps our derived event ids apart from other programs' uses of the same scheme.
var idSpace = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("event.parley"))

// EventID is the id of the command's event at this place in its append. A repeated append has the same ids, so the
// store recognises it.
func EventID(commandID, stream string, index int) uuid.UUID {
	name := make([]byte, 0, len(commandID)+len(stream)+8)
	name = append(name, commandID...)
	name = append(name, 0)
	name = append(name, stream...)
	name = append(name, 0)
	name = strconv.AppendInt(name, int64(index), 10)
	return uuid.NewSHA1(idSpace, name)
}
