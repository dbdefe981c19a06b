package simulator

import (
	"net/http"
	"time"
)

// Trouble scripts failures. Counts say how many of the next messages fail, not counting read receipts and typing
// signals; -1 means all until it is changed.
type Trouble struct {
	Duplicates  int  `json:"duplicates"`  // extra copies of each webhook call
	Reorder     bool `json:"reorder"`     // webhook calls overtake each other
	SlowMillis  int  `json:"slowMillis"`  // delay of each answer of the sending API
	ServerError int  `json:"serverError"` // messages answered with a bare 503
	Code        int  `json:"code"`        // the error code of the next Coded sends
	Coded       int  `json:"coded"`       // how many
	// messages accepted while the connection is closed without an answer
	AcceptAndLose int  `json:"acceptAndLose"`
	LoseBefore    int  `json:"loseBefore"`   // connections closed before anything is accepted
	HoldStatuses  bool `json:"holdStatuses"` // messages stay accepted
}

// Trouble replaces the scripted failures. The zero value ends them all and releases held statuses.
func (s *Simulator) Trouble(t Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = t
	s.announce("trouble", t)
	for _, m := range s.messages {
		if !m.FromCustomer {
			s.start(m)
		}
	}
}

// start lets a message advance unless statuses are held. Requires s.mu.
func (s *Simulator) start(m *Message) {
	if !s.trouble.HoldStatuses {
		s.advance(m)
	}
}

// spend decrements a count and reports whether it was positive, or negative for endless.
func spend(count *int) bool {
	if *count > 0 {
		*count--
		return true
	}
	return *count < 0
}

// disturb applies the trouble to a call and reports whether that answered it. If lose is true, the message
// must still be accepted, but without an answer. A call without a message is only slowed down: when it comes does not
// depend on what a test does.
func (s *Simulator) disturb(w http.ResponseWriter, r *http.Request, message bool) (spoiled, lose bool) {
	s.mu.Lock()
	t := &s.trouble
	wait := time.Duration(t.SlowMillis) * time.Millisecond
	var before, broken, coded bool
	if message {
		before = spend(&t.LoseBefore)
		broken = !before && spend(&t.ServerError)
		coded = !before && !broken && t.Code != 0 && spend(&t.Coded)
		lose = !before && !broken && !coded && spend(&t.AcceptAndLose)
	}
	code := t.Code
	s.announce("trouble", *t)
	s.mu.Unlock()

	select {
	case <-time.After(wait):
	case <-r.Context().Done():
	}
	switch {
	case before:
		panic(http.ErrAbortHandler)
	case broken:
		w.WriteHeader(http.StatusServiceUnavailable)
	case coded:
		refuse(w, http.StatusBadRequest, code, "Scripted trouble")
	default:
		return false, lose
	}
	return true, false
}
