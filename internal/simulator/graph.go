package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Request is a recorded call of the Graph API, without its bearer token.
type Request struct {
	At     time.Time `json:"at"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
	Body   string    `json:"body,omitempty"`
}

// Received returns the calls of the Graph API so far.
func (s *Simulator) Received() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.received...)
}

func (s *Simulator) record(r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = appendBounded(s.received,
		Request{At: time.Now().UTC(), Method: r.Method, Path: r.URL.Path, Body: string(body)})
}

func (s *Simulator) graph() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{version}/{number}/messages", s.send)
	mux.HandleFunc("POST /{version}/{number}/media", s.upload)
	mux.HandleFunc("GET /{version}/{id}", s.lookUp)
	mux.HandleFunc("DELETE /{version}/{id}", s.deleteMedium)
	mux.HandleFunc("GET /{version}/{id}/message_templates", s.templates)
	mux.HandleFunc("GET /media/{id}/file", s.download)
	return mux
}

// refuse answers with an error in Meta's format.
func refuse(w http.ResponseWriter, status, code int, message string) {
	reply(w, status, map[string]any{"error": map[string]any{
		"message": fmt.Sprintf("(#%d) %s", code, message), "type": "OAuthException", "code": code,
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": message},
		"fbtrace_id": "simulated",
	}})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// bearer returns the bearer token of a call.
func bearer(r *http.Request) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return token
}

// authorizedNumber returns the number named in the path if the token belongs to it. Otherwise it refuses the call and
// returns nil.
func (s *Simulator) authorizedNumber(w http.ResponseWriter, r *http.Request) *Number {
	s.mu.Lock()
	n := s.number(r.PathValue("number"))
	s.mu.Unlock()
	switch {
	case n == nil:
		refuse(w, http.StatusBadRequest, 100, "Unsupported post request. Object does not exist")
	case bearer(r) != n.AccessToken:
		refuse(w, http.StatusUnauthorized, 190, "Invalid OAuth access token")
	default:
		return n
	}
	return nil
}

// outgoing is a message as requested by the business.
type outgoing struct {
	Product   string `json:"messaging_product"`
	Status    string `json:"status"`
	MessageID string `json:"message_id"`
	To        string `json:"to"`
	Recipient string `json:"recipient"`
	Type      string `json:"type"`
	Callback  string `json:"biz_opaque_callback_data"`
	Context   struct {
		MessageID string `json:"message_id"`
	} `json:"context"`
	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Reaction struct {
		MessageID string `json:"message_id"`
		Emoji     string `json:"emoji"`
	} `json:"reaction"`
	Template struct {
		Name string `json:"name"`
	} `json:"template"`
	Location *Place `json:"location"`
	Image    *file  `json:"image"`
	Video    *file  `json:"video"`
	Audio    *file  `json:"audio"`
	Document *file  `json:"document"`
	Sticker  *file  `json:"sticker"`
}

type file struct {
	ID       string `json:"id"`
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
	Voice    bool   `json:"voice"`
}

func (s *Simulator) send(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		refuse(w, http.StatusBadRequest, 100, "Body could not be read")
		return
	}
	s.record(r, body)
	var out outgoing
	malformed := json.Unmarshal(body, &out) != nil || out.Product != "whatsapp"
	spoiled, lose := s.disturb(w, r, out.Status == "")
	if spoiled {
		return
	}
	n := s.authorizedNumber(w, r)
	if n == nil {
		return
	}
	if malformed {
		refuse(w, http.StatusBadRequest, 100, "Invalid parameter")
		return
	}
	if out.Status == "read" {
		s.markRead(w, out.MessageID)
		return
	}
	answer, code, words := s.accept(n, out)
	switch {
	case code != 0:
		refuse(w, http.StatusBadRequest, code, words)
	case lose:
		panic(http.ErrAbortHandler) // accepted, but the business gets no answer
	default:
		reply(w, http.StatusOK, answer)
	}
}

func (s *Simulator) markRead(w http.ResponseWriter, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.message(id)
	if last == nil || !last.FromCustomer {
		refuse(w, http.StatusBadRequest, 100, "Message does not exist")
		return
	}
	for _, m := range s.messages {
		if m.FromCustomer && m.Number == last.Number && m.Phone == last.Phone && m.State == "sent" {
			m.State = "read"
			s.announce("message", m)
		}
		if m == last {
			break
		}
	}
	reply(w, http.StatusOK, map[string]any{"success": true})
}
