package simulator

import (
	"encoding/json"
	"os"
	"time"
)

// saved is the content of the state file.
type saved struct {
	Phones   []*Phone
	Messages []*Message
	Media    []savedMedium
}

type savedMedium struct {
	Medium
	Content []byte
}

const (
	saveEvery       = 10 * time.Second
	maxSaved        = 5000    // messages
	maxSavedContent = 4 << 20 // larger files are not saved
)

// load restores what an earlier run saved, and starts saving. An unreadable file is ignored.
func (s *Simulator) load() {
	if s.file == "" {
		return
	}
	var old saved
	raw, err := os.ReadFile(s.file)
	if err == nil && json.Unmarshal(raw, &old) == nil {
		for _, m := range old.Media {
			medium := m.Medium
			medium.Bytes = m.Content
			s.media[medium.ID] = &medium
		}
		for _, m := range old.Messages {
			if m.Media != nil && s.media[m.Media.ID] != nil {
				m.Media = s.media[m.Media.ID]
			}
		}
		s.messages = old.Messages
		for _, p := range old.Phones {
			if known := s.phone(p.ID); known != nil {
				*known = *p
			} else {
				s.phones = append(s.phones, p)
			}
		}
		for _, m := range s.messages {
			if !m.FromCustomer {
				s.advance(m)
			}
		}
	}
	s.later(saveEvery, s.keepSaving)
}

func (s *Simulator) keepSaving() {
	s.save()
	s.later(saveEvery, s.keepSaving)
}

func (s *Simulator) save() {
	if s.file == "" {
		return
	}
	s.mu.Lock()
	now := saved{Phones: s.phones, Messages: s.messages[max(0, len(s.messages)-maxSaved):]}
	for _, m := range s.media {
		if len(m.Bytes) <= maxSavedContent {
			now.Media = append(now.Media, savedMedium{*m, m.Bytes})
		}
	}
	raw, err := json.Marshal(now)
	s.mu.Unlock()
	if err == nil {
		err = os.WriteFile(s.file+".new", raw, 0o600)
	}
	if err == nil {
		err = os.Rename(s.file+".new", s.file)
	}
	if err != nil {
		s.log.Warn("simulator state not saved", "error", err)
	}
}
