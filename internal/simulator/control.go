package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
)

// control serves the API of the page and of test drivers: JSON in, JSON out, below /control/.
func (s *Simulator) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control/state", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.state())
	})
	mux.HandleFunc("GET /control/events", s.events)
	mux.HandleFunc("GET /control/received", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.Received())
	})
	mux.HandleFunc("GET /control/deliveries", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.Deliveries())
	})
	mux.HandleFunc("POST /control/phones", s.postPerson)
	mux.HandleFunc("PUT /control/phones/{phone}", s.putPhone)
	mux.HandleFunc("POST /control/phones/{phone}/messages", s.postMessage)
	mux.HandleFunc("POST /control/phones/{phone}/reactions", s.postReaction)
	mux.HandleFunc("POST /control/phones/{phone}/edits", s.postEdit)
	mux.HandleFunc("POST /control/phones/{phone}/revokes", s.postRevoke)
	mux.HandleFunc("POST /control/deliveries", s.postDelivery)
	mux.HandleFunc("PUT /control/trouble", s.putTrouble)
	mux.HandleFunc("POST /control/media", s.postMedium)
	mux.HandleFunc("POST /control/samples/{kind}", s.postSample)
	mux.HandleFunc("GET /control/media/{id}", s.getMedium)
	return mux
}

// readJSON reads a JSON body. If it returns false, it has already answered with an error.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(into)
	if err != nil {
		reply(w, http.StatusBadRequest, map[string]any{"error": "body is not the expected JSON"})
	}
	return err == nil
}

func replyResult(w http.ResponseWriter, body any, err error) {
	switch {
	case err == nil:
		reply(w, http.StatusOK, body)
	case errors.Is(err, ErrNotTheirs):
		reply(w, http.StatusConflict, map[string]any{"error": err.Error()})
	default:
		reply(w, http.StatusNotFound, map[string]any{"error": err.Error()})
	}
}

func (s *Simulator) postPerson(w http.ResponseWriter, r *http.Request) {
	var p Person
	if !readJSON(w, r, &p) {
		return
	}
	p.Digits = notDigits.ReplaceAllString(p.Digits, "")
	if p.ID() == "" || p.Digits == "" && !userID.MatchString(p.UserID) {
		reply(w, http.StatusBadRequest,
			map[string]any{"error": "a customer needs a number, or a user id such as IT.123"})
		return
	}
	s.AddPerson(p)
	reply(w, http.StatusOK, map[string]any{"id": p.ID()})
}

func (s *Simulator) putPhone(w http.ResponseWriter, r *http.Request) {
	var p Phone
	if readJSON(w, r, &p) {
		err := s.SetPhone(r.PathValue("phone"), p.ReadReceipts, p.Online, p.OpenChat)
		replyResult(w, map[string]any{"ok": true}, err)
	}
}

func (s *Simulator) postMessage(w http.ResponseWriter, r *http.Request) {
	var say Say
	if readJSON(w, r, &say) {
		id, err := s.CustomerSends(r.PathValue("phone"), say)
		replyResult(w, map[string]any{"id": id}, err)
	}
}

// action is something a customer does to a message.
type action struct {
	MessageID string `json:"messageId"`
	Emoji     string `json:"emoji"`
	Text      string `json:"text"`
}

func (s *Simulator) postReaction(w http.ResponseWriter, r *http.Request) {
	var a action
	if readJSON(w, r, &a) {
		replyResult(w, map[string]any{"ok": true}, s.CustomerReacts(r.PathValue("phone"), a.MessageID, a.Emoji))
	}
}

func (s *Simulator) postEdit(w http.ResponseWriter, r *http.Request) {
	var a action
	if readJSON(w, r, &a) {
		replyResult(w, map[string]any{"ok": true}, s.CustomerEdits(r.PathValue("phone"), a.MessageID, a.Text))
	}
}

func (s *Simulator) postRevoke(w http.ResponseWriter, r *http.Request) {
	var a action
	if readJSON(w, r, &a) {
		replyResult(w, map[string]any{"ok": true}, s.CustomerRevokes(r.PathValue("phone"), a.MessageID))
	}
}

// postDelivery posts any payload to a number's webhook.
func (s *Simulator) postDelivery(w http.ResponseWriter, r *http.Request) {
	var d struct {
		Number string         `json:"number"`
		Field  string         `json:"field"`
		Value  map[string]any `json:"value"`
	}
	if !readJSON(w, r, &d) {
		return
	}
	if d.Value == nil {
		d.Value = map[string]any{}
	}
	replyResult(w, map[string]any{"ok": true}, s.Deliver(d.Number, d.Field, d.Value))
}

func (s *Simulator) putTrouble(w http.ResponseWriter, r *http.Request) {
	var t Trouble
	if readJSON(w, r, &t) {
		s.Trouble(t)
		reply(w, http.StatusOK, t)
	}
}

// postMedium stores a file: the body, with its type from Content-Type and its name from the query.
func (s *Simulator) postMedium(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMedium))
	if err != nil {
		reply(w, http.StatusRequestEntityTooLarge, map[string]any{"error": "file is too large"})
		return
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = "application/octet-stream"
	}
	reply(w, http.StatusOK, map[string]any{"id": s.AddMedium(kind, r.URL.Query().Get("name"), content)})
}

func (s *Simulator) postSample(w http.ResponseWriter, r *http.Request) {
	id, err := s.AddSample(r.PathValue("kind"))
	replyResult(w, map[string]any{"id": id}, err)
}

func (s *Simulator) getMedium(w http.ResponseWriter, r *http.Request) {
	if m := s.medium(r.PathValue("id")); m != nil {
		serve(w, r, m)
		return
	}
	w.WriteHeader(http.StatusNotFound)
}
