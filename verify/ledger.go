package verify

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"parley/domain/interaction"
	"parley/eventstore"
)

// Entry is a line of a ledger: what somebody outside asked for, and whether he was told that it is done. A message is named
// by its provider message id, a command by its id. A command that found everything as it wants it, like closing what is closed,
// leaves no event and does not belong into a ledger.
type Entry struct {
	Message string `json:"message,omitempty"`
	Command string `json:"command,omitempty"`
	Acked   bool   `json:"acked"`
}

// ReadLedger reads one JSON object per line.
func ReadLedger(r io.Reader) ([]Entry, error) { return readLines[Entry](r) }

// ReadReceived reads what a provider took: one JSON object per line with the callbackData of a message.
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

// acknowledged: what was answered without error is in the log.
type acknowledged struct{ messages, commands map[string]bool } // true: in the log

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

func (a *acknowledged) see(e eventstore.Recorded) {
	if m, ok := e.Event.(interaction.MessageReceived); ok {
		mark(a.messages, m.ProviderMessageID)
	}
	mark(a.commands, e.Metadata.CommandID)
}

func mark(expected map[string]bool, name string) {
	if _, ok := expected[name]; ok {
		expected[name] = true
	}
}

func (a *acknowledged) findings() []Finding {
	f := Finding{ID: "I1", Says: "what was acknowledged is in the log"}
	for kind, expected := range map[string]map[string]bool{"message": a.messages, "command": a.commands} {
		for name, there := range expected {
			f.Checked++
			if !there {
				f.violated("%s %s", kind, name)
			}
		}
	}
	return []Finding{f}
}
