package messages

import (
	"cmp"

	"parley/domain/interaction"
)

// Card is the part of a shared contact that a screen shows.
type Card struct {
	Name    string   `json:"name"`
	Company string   `json:"company,omitempty"`
	Phones  []string `json:"phones"`
	Emails  []string `json:"emails"`
}

func cards(shared []interaction.Card) []Card {
	var out []Card
	for _, s := range shared {
		c := Card{Name: s.Name, Company: s.Company, Phones: []string{}, Emails: append([]string{}, s.Emails...)}
		for _, p := range s.Phones {
			if number := cmp.Or(p.Number, p.ChannelID); number != "" {
				c.Phones = append(c.Phones, number)
			}
		}
		out = append(out, c)
	}
	return out
}
