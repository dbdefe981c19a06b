package meta

import (
	"cmp"
	"encoding/json"
	"strings"

	"parley/channels"
	"parley/domain/interaction"
)

type card struct {
	Name struct {
		FormattedName text `json:"formatted_name"`
		FirstName     text `json:"first_name"`
		LastName      text `json:"last_name"`
	} `json:"name"`
	Org struct {
		Company text `json:"company"`
	} `json:"org"`
	Birthday text `json:"birthday"`
	Origin   text `json:"origin"`
	Phones   []struct {
		Phone text `json:"phone"`
		WaID  text `json:"wa_id"`
		Type  text `json:"type"`
	} `json:"phones"`
	Emails []struct {
		Email text `json:"email"`
	} `json:"emails"`
	Addresses []struct {
		Street  text `json:"street"`
		Zip     text `json:"zip"`
		City    text `json:"city"`
		State   text `json:"state"`
		Country text `json:"country"`
	} `json:"addresses"`
	URLs []struct {
		URL text `json:"url"`
	} `json:"urls"`
}

// readCards reads shared contacts. It returns nil when there are none.
func readCards(raw json.RawMessage) channels.Body {
	parts, ok := elements(raw)
	if !ok || len(parts) == 0 {
		return nil
	}
	var out channels.Cards
	for _, part := range parts {
		var c card
		decode(part, &c)
		out.Cards = append(out.Cards, c.card())
	}
	return out
}

func (c card) card() interaction.Card {
	first, last := string(c.Name.FirstName), string(c.Name.LastName)
	out := interaction.Card{
		Name:      cmp.Or(string(c.Name.FormattedName), strings.TrimSpace(first+" "+last)),
		FirstName: first, LastName: last,
		Company: string(c.Org.Company), Birthday: string(c.Birthday), Requested: c.Origin == "contact_request",
	}
	for _, p := range c.Phones {
		out.Phones = append(out.Phones, interaction.CardPhone{Number: string(p.Phone), ChannelID: string(p.WaID), Type: string(p.Type)})
	}
	for _, m := range c.Emails {
		out.Emails = append(out.Emails, string(m.Email))
	}
	for _, a := range c.Addresses {
		lines := strs([]text{a.Street, text(strings.TrimSpace(string(a.Zip + " " + a.City))), a.State, a.Country})
		out.Addresses = append(out.Addresses, strings.Join(lines, ", "))
	}
	for _, u := range c.URLs {
		out.URLs = append(out.URLs, string(u.URL))
	}
	return out
}
