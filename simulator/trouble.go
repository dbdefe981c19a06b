package simulator

import (
	"net/http"
	"time"
)

// Trouble is what goes wrong. Counts say how many of the next calls it concerns; -1 means all until it is changed.
type Trouble struct {
	Duplicates    int  `json:"duplicates"`    // how many times more each webhook is delivered
	Reorder       bool `json:"reorder"`       // webhooks overtake each other
	SlowMillis    int  `json:"slowMillis"`    // how long each answer of the sending API takes
	ServerError   int  `json:"serverError"`   // calls answered with a bare 503
	Code          int  `json:"code"`          // the code the next Coded calls are refused with
	Coded         int  `json:"coded"`         // how many
	AcceptAndLose int  `json:"acceptAndLose"` // messages taken, the connection closed without an answer
	LoseBefore    int  `json:"loseBefore"`    // connections closed before anything is taken
	HoldStatuses  bool `json:"holdStatuses"`  // no message gets beyond accepted
}

// Trouble sets what goes wrong from now on; the zero value ends all trouble and lets held statuses go on.
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

// start sends a message on its way unless statuses are held. The caller holds mu.
func (s *Simulator) start(m *Message) {
	if !s.trouble.HoldStatuses {
		s.advance(m)
	}
}

// spend takes one off a count and says whether there was one.
func spend(count *int) bool {
	if *count > 0 {
		*count--
		return true
	}
	return *count < 0
}

// disturb does to a call what the trouble says and reports whether it was spoiled. The message must still be taken when lose is true.
func (s *Simulator) disturb(w http.ResponseWriter, r *http.Request) (spoiled, lose bool) {
	s.mu.Lock()
	t := &s.trouble
	wait := time.Duration(t.SlowMillis) * time.Millisecond
	before, broken, coded := spend(&t.LoseBefore), false, false
	if !before {
		broken = spend(&t.ServerError)
	}
	if !before && !broken {
		coded = t.Code != 0 && spend(&t.Coded)
	}
	if !before && !broken && !coded {
		lose = spend(&t.AcceptAndLose)
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
