package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// snapshot is everything the page shows.
type snapshot struct {
	Numbers  []*Number  `json:"numbers"`
	Phones   []*Phone   `json:"phones"`
	Messages []*Message `json:"messages"`
	Trouble  Trouble    `json:"trouble"`
}

// state returns the snapshot as JSON, so that later changes do not affect it.
func (s *Simulator) state() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.snapshot()
}

func (s *Simulator) snapshot() json.RawMessage {
	raw, _ := json.Marshal(snapshot{s.numbers, s.phones, s.messages, s.trouble})
	return raw
}

// announce sends a change to every open page. A page that is too slow is disconnected; it reconnects and gets
// the whole state. Requires s.mu.
func (s *Simulator) announce(kind string, what any) {
	raw, err := json.Marshal(map[string]any{"kind": kind, kind: what})
	if err != nil {
		return
	}
	for l := range s.listeners {
		select {
		case l <- raw:
		default:
			delete(s.listeners, l)
			close(l)
		}
	}
}

// events streams the state and then every change as server-sent events.
func (s *Simulator) events(w http.ResponseWriter, r *http.Request) {
	changes := make(chan []byte, 256)
	s.mu.Lock()
	first := s.snapshot()
	s.listeners[changes] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.listeners, changes)
		s.mu.Unlock()
	}()

	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintf(w, "data: {\"kind\":\"state\",\"state\":%s}\n\n", first)
	_ = out.Flush()
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	for {
		select {
		case change, open := <-changes:
			if !open {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", change)
		case <-beat.C:
			fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
		if out.Flush() != nil {
			return
		}
	}
}
