package verify

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"parley/domain/interaction"
	"parley/eventstore"
)

// Entry is one line of a ledger, which records what a client asked for and whether it was acknowledged.
// Messages are identified by their provider message id, commands by their id. A command that has nothing to
// do, such as closing a closed interaction, leaves no event and must not be in the ledger.
type Entry struct {
	Message string `json:"message,omitempty"`
	Command string `json:"command,omitempty"`
	Acked   bool   `json:"acked"`
}

// ReadLedger reads one JSON object per line.
func ReadLedger(r io.Reader) ([]Entry, error) { return readLines[Entry](r) }

// ReadReceived reads the messages a provider accepted: one JSON object per line with the message's
// callbackData.
func ReadReceived(r io.Reader) ([]string, error) {
	type line struct {
		CallbackData string `json:"callbackData"`
	}
	lines, err := readLines[line](r)
	received := make([]string, len(lines))
	for i, l := range lines {
		received[i] = l.CallbackData
	}
	return received, err
}

func readLines[T any](r io.Reader) ([]T, error) {
	var all []T
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		var one T
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		all = append(all, one)
	}
	return all, lines.Err()
}

// acknowledged checks that everything acknowledged is in the log.
type acknowledged struct{ messages, commands map[string]bool } // true once seen in the log

func newAcknowledged(ledger []Entry) *acknowledged {
	a := &acknowledged{messages: make(map[string]bool), commands: make(map[string]bool)}
	for _, e := range ledger {
		switch {
		case !e.Acked:
		case e.Message != "":
			a.messages[e.Message] = false
		default:
			a.commands[e.Command] = false
		}
	}
	return a
}

func (a *acknowledged) observe(e eventstore.Recorded) {
	switch m := e.Event.(type) {
	case interaction.MessageReceived:
		markSeen(a.messages, m.ProviderMessageID)
	case interaction.MessageObserved:
		markSeen(a.messages, m.ProviderMessageID)
	}
	markSeen(a.commands, e.Metadata.CommandID)
}

func markSeen(expected map[string]bool, name string) {
	if _, ok := expected[name]; ok {
		expected[name] = true
	}
}

func (a *acknowledged) findings() []Finding {
	f := Finding{Invariant: "everything acknowledged is in the log"}
	for kind, expected := range map[string]map[string]bool{"message": a.messages, "command": a.commands} {
		for name, seen := range expected {
			f.Checked++
			if !seen {
				f.violated("%s %s", kind, name)
			}
		}
	}
	return []Finding{f}
}
