package messages

import (
	"encoding/json"
	"strings"
)

// sharedCard is a shared contact as it stands in an event: in the provider's shape, or in that of package channels,
// which differ in how deep the name and the mail addresses are. JSON names match in any case.
type sharedCard struct {
	Name   json.RawMessage
	Phones []struct {
		Phone string
		WaID  string
		Wa    string `json:"wa_id"`
	}
	Mails  []string
	Emails []struct{ Email string }
}

// cards reads shared contacts; what cannot be read is left out, since the raw part is kept in the event.
func cards(raw json.RawMessage) []Card {
	var parts []json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &parts) != nil {
		return nil
	}
	var out []Card
	for _, part := range parts {
		var s sharedCard
		if json.Unmarshal(part, &s) != nil {
			continue
		}
		c := Card{Name: cardName(s.Name), Phones: []string{}, Mails: append([]string{}, s.Mails...)}
		for _, p := range s.Phones {
			for _, number := range []string{p.Phone, p.WaID, p.Wa} {
				if number != "" {
					c.Phones = append(c.Phones, number)
					break
				}
			}
		}
		for _, m := range s.Emails {
			c.Mails = append(c.Mails, m.Email)
		}
		out = append(out, c)
	}
	return out
}

func cardName(raw json.RawMessage) string {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return name
	}
	var parts struct {
		Formatted string `json:"formatted_name"`
		First     string `json:"first_name"`
		Last      string `json:"last_name"`
	}
	if json.Unmarshal(raw, &parts) != nil || parts.Formatted != "" {
		return parts.Formatted
	}
	return strings.TrimSpace(parts.First + " " + parts.Last)
}
