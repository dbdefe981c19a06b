package eventstore

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/google/uuid"
)

// Metadata says who caused an event and why. It is stored next to the event as a flat JSON object of strings.
// It is never sealed, so it must hold ids only.
type Metadata struct {
	// Actor is the user's id, or the name of a component such as "router" or "webhook".
	Actor string
	// CommandID is chosen by the caller. Event ids derive from it, so every new command needs a new one.
	CommandID string
	// AccountID is the account of an event that belongs to one. The command handler fills it in.
	AccountID string
	// CorrelationID is shared by everything that follows from one cause.
	CorrelationID string
	// CausationID is the id of the event or command that caused this one.
	CausationID string
	// Digest is a hash of the command's content. A known command id with another digest is refused as
	// COMMAND_ID_REUSED.
	Digest string
}

// storedMetadata is the stored form of Metadata. The protocol defines the names with a dollar sign.
type storedMetadata struct {
	Actor         string `json:"actor,omitempty"`
	CommandID     string `json:"commandId,omitempty"`
	AccountID     string `json:"accountId,omitempty"`
	CorrelationID string `json:"$correlationId,omitempty"`
	CausationID   string `json:"$causationId,omitempty"`
	Digest        string `json:"digest,omitempty"`
	Schema        string `json:"schema,omitempty"` // version of the event's shape, 1 if absent
}

func (m Metadata) stored(schema int) storedMetadata {
	return storedMetadata{
		Actor: m.Actor, CommandID: m.CommandID, AccountID: m.AccountID,
		CorrelationID: m.CorrelationID, CausationID: m.CausationID, Digest: m.Digest, Schema: strconv.Itoa(schema),
	}
}

// decodeMetadata returns the metadata and the schema version. Events of other programs may have neither.
func decodeMetadata(data []byte) (Metadata, int, error) {
	if len(data) == 0 {
		return Metadata{}, 1, nil
	}
	var s storedMetadata
	if err := json.Unmarshal(data, &s); err != nil {
		return Metadata{}, 0, fmt.Errorf("metadata: %w", err)
	}
	m := Metadata{
		Actor: s.Actor, CommandID: s.CommandID, AccountID: s.AccountID,
		CorrelationID: s.CorrelationID, CausationID: s.CausationID, Digest: s.Digest,
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

// idSpace separates the event ids derived here from other programs' UUIDs of the same kind.
var idSpace = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("event.parley"))

// EventID returns the id of a command's event at an index of its append. Repeating the append yields the same
// ids, so the event store recognises it.
func EventID(commandID, stream string, index int) uuid.UUID {
	name := make([]byte, 0, len(commandID)+len(stream)+8)
	name = append(name, commandID...)
	name = append(name, 0)
	name = append(name, stream...)
	name = append(name, 0)
	name = strconv.AppendInt(name, int64(index), 10)
	return uuid.NewSHA1(idSpace, name)
}
