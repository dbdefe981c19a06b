package simulator

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"time"
)

const maxMedium = 100 << 20

// AddMedium stores a file in the network, as a phone or the business would, and returns its id.
func (s *Simulator) AddMedium(mimeType, name string, content []byte) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, _ := rand.Int(rand.Reader, big.NewInt(1e15))
	sum := sha256.Sum256(content)
	m := &Medium{ID: fmt.Sprintf("7%015d", n), MimeType: mimeType, Name: name, Size: len(content),
		Bytes:  content,
		SHA256: base64.StdEncoding.EncodeToString(sum[:])}
	s.media[m.ID] = m
	return m.ID
}

func (s *Simulator) medium(id string) *Medium {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.media[id]
}

// known reports whether the token belongs to any number.
func (s *Simulator) known(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.numbers {
		if n.AccessToken == token && token != "" {
			return true
		}
	}
	return false
}

func (s *Simulator) upload(w http.ResponseWriter, r *http.Request) {
	s.record(r, nil)
	if s.authorizedNumber(w, r) == nil {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxMedium)
	part, header, err := r.FormFile("file")
	if err != nil || r.FormValue("messaging_product") != "whatsapp" {
		refuse(w, http.StatusBadRequest, 100, "Invalid parameter")
		return
	}
	content, err := io.ReadAll(part)
	if err != nil {
		refuse(w, http.StatusBadRequest, 131053, "Media upload error")
		return
	}
	mime := r.FormValue("type")
	if mime == "" {
		mime = header.Header.Get("Content-Type")
	}
	reply(w, http.StatusOK, map[string]any{"id": s.AddMedium(mime, header.Filename, content)})
}

func (s *Simulator) lookUp(w http.ResponseWriter, r *http.Request) {
	s.record(r, nil)
	if !s.known(bearer(r)) {
		refuse(w, http.StatusUnauthorized, 190, "Invalid OAuth access token")
		return
	}
	s.mu.Lock()
	n := s.number(r.PathValue("id"))
	s.mu.Unlock()
	if n != nil {
		reply(w, http.StatusOK, map[string]any{"id": n.PhoneNumberID, "display_phone_number": n.DisplayNumber,
			"verified_name": n.Name, "quality_rating": "GREEN"})
		return
	}
	m := s.medium(r.PathValue("id"))
	if m == nil {
		refuse(w, http.StatusBadRequest, 100, "Unsupported get request. Object does not exist")
		return
	}
	reply(w, http.StatusOK, map[string]any{"messaging_product": "whatsapp", "id": m.ID, "mime_type": m.MimeType,
		"sha256": m.SHA256, "file_size": fmt.Sprint(m.Size), "url": "http://" + r.Host + "/media/" + m.ID +
			"/file"})
}

func (s *Simulator) download(w http.ResponseWriter, r *http.Request) {
	m := s.medium(r.PathValue("id"))
	switch {
	case !s.known(bearer(r)):
		w.WriteHeader(http.StatusUnauthorized)
	case m == nil:
		w.WriteHeader(http.StatusNotFound)
	default:
		serve(w, r, m)
	}
}

func serve(w http.ResponseWriter, r *http.Request, m *Medium) {
	w.Header().Set("Content-Type", m.MimeType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	kind, _, _ := strings.Cut(m.MimeType, "/")
	if kind != "image" && kind != "audio" && kind != "video" {
		w.Header().Set("Content-Disposition", "attachment")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(m.Bytes))
}

func (s *Simulator) deleteMedium(w http.ResponseWriter, r *http.Request) {
	s.record(r, nil)
	if !s.known(bearer(r)) {
		refuse(w, http.StatusUnauthorized, 190, "Invalid OAuth access token")
		return
	}
	s.mu.Lock()
	delete(s.media, r.PathValue("id"))
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"success": true})
}

// templates lists the approved templates of a business account.
func (s *Simulator) templates(w http.ResponseWriter, r *http.Request) {
	s.record(r, nil)
	if !s.known(bearer(r)) {
		refuse(w, http.StatusUnauthorized, 190, "Invalid OAuth access token")
		return
	}
	body := func(text string) []any { return []any{map[string]any{"type": "BODY", "text": text}} }
	reply(w, http.StatusOK, map[string]any{"data": []any{
		map[string]any{"id": "501", "name": "recontact", "language": "en", "status": "APPROVED",
			"category":         "UTILITY",
			"parameter_format": "POSITIONAL",
			"components":       body("Hello {{1}}, may we continue our conversation?")},
		map[string]any{"id": "502", "name": "recontact", "language": "it", "status": "APPROVED",
			"category":         "UTILITY",
			"parameter_format": "POSITIONAL",
			"components":       body("Buongiorno {{1}}, possiamo riprendere la conversazione?")},
		map[string]any{"id": "503", "name": "order_ready", "language": "en", "status": "APPROVED",
			"category":         "UTILITY",
			"parameter_format": "POSITIONAL", "components": body("Order {{1}} is ready for you.")},
	}})
}
