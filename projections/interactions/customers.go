package interactions

import (
	"strings"
	"time"

	"parley/domain/interaction"
	"parley/domain/phone"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/plain"
)

// Customer holds what rarely changes about an interaction: whose it is. It has a table of its own, so that
// new messages do not have to update the indexes for searching by name or number.
type Customer struct {
	InteractionID string
	AccountID     string
	AddressID     string
	Number        int
	Inbound       bool // the customer started it
	Managed       bool // it has, or had, an owner
	ContactID     string
	Name          string
	Phone         string
	PhoneText     string // the phone number in all spellings, for searching
	Username      string
	NameText      string // name and username in plain form, for searching, each in a line of its own
	NameGrams     []string
	NameWords     []string // what texts must not show to masked viewers
	StartedAt     time.Time
}

var customers = projections.Table[string, Customer]{
	Name: "interaction_customers_v3",
	Columns: projections.Columns(
		projections.Key("interaction_id", func(r *Customer) *string { return &r.InteractionID }).Open(),
		projections.Text("account_id", func(r *Customer) *string { return &r.AccountID }).Open(),
		projections.Text("address_id", func(r *Customer) *string { return &r.AddressID }).Open(),
		projections.Int("number", func(r *Customer) *int { return &r.Number }).Open(),
		projections.Bool("inbound", func(r *Customer) *bool { return &r.Inbound }).Open(),
		projections.Bool("managed", func(r *Customer) *bool { return &r.Managed }).Open(),
		projections.Text("contact_id", func(r *Customer) *string { return &r.ContactID }).Open(),
		projections.Text("name", func(r *Customer) *string { return &r.Name }).Masked(projections.Name),
		projections.Text("phone", func(r *Customer) *string { return &r.Phone }).Masked(projections.Phone),
		projections.Text("phone_text", func(r *Customer) *string { return &r.PhoneText }).Masked(projections.Hidden),
		projections.Text("username", func(r *Customer) *string { return &r.Username }).Masked(projections.Name),
		projections.Text("name_text", func(r *Customer) *string { return &r.NameText }).Masked(projections.Hidden),
		projections.Texts("name_grams", func(r *Customer) *[]string { return &r.NameGrams }).Masked(projections.Hidden),
		projections.Texts("name_words", func(r *Customer) *[]string { return &r.NameWords }).Masked(projections.Hidden),
		projections.Time("started_at", func(r *Customer) *time.Time { return &r.StartedAt }).Open(),
	),
	KeyOf:  func(r Customer) string { return r.InteractionID },
	First:  isOpened,
	New:    func(id string) Customer { return Customer{InteractionID: id} },
	Evolve: evolveCustomer,
	Gone:   func(r Customer) bool { return r.AccountID == "" },
	Keys: func(e eventstore.Recorded) []string {
		switch e.Event.(type) {
		case interaction.Opened, interaction.MessageReceived, interaction.MessageObserved, interaction.ContentArrived,
			interaction.Accepted, interaction.Assigned, interaction.ContactLinked:
			return []string{e.AggregateID}
		}
		return nil
	},
}

func evolveCustomer(r Customer, e eventstore.Recorded) Customer {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		r.AccountID, r.AddressID, r.Number = string(ev.AccountID), string(ev.AddressID), ev.Number
		r.Inbound = ev.Origin == interaction.OriginInbound || ev.Origin == interaction.OriginHandover
		r.ContactID, r.StartedAt = string(ev.ContactID), ev.At
		return r.named(ev.Customer)
	case interaction.MessageReceived:
		return r.named(ev.Customer)
	case interaction.MessageObserved:
		return r.named(ev.Customer)
	case interaction.ContentArrived:
		return r.named(ev.Customer)
	case interaction.Accepted, interaction.Assigned:
		r.Managed = true
	case interaction.ContactLinked:
		r.ContactID = string(ev.ContactID)
	}
	return r
}

func (r Customer) named(c interaction.Customer) Customer {
	named := r.NameText == "" || c.Name != "" && c.Name != r.Name || c.Username != "" && c.Username != r.Username
	if c.Name != "" {
		r.Name = c.Name
	}
	if c.Phone != "" && c.Phone != r.Phone {
		r.Phone, r.PhoneText = c.Phone, strings.Join(phone.Spellings(c.Phone), " ")
	}
	if c.Username != "" {
		r.Username = c.Username
	}
	if named {
		r.NameText = plain.Lines(r.Name, r.Username)
		if joined := plain.Unspaced(r.Name); joined != "" {
			r.NameText += plain.Lines(joined)
		}
		r.NameGrams, r.NameWords = plain.Grams(r.NameText), plain.Hidden(r.Name, r.Username)
	}
	return r
}

// Tagged is one tag of an interaction.
type Tagged struct {
	Tag           string
	InteractionID string
	On            bool
}

var tags = projections.Table[Tagged, Tagged]{
	Name: "interaction_tags_v3",
	Columns: projections.Columns(
		projections.Key("tag", func(r *Tagged) *string { return &r.Tag }).Open(),
		projections.Key("interaction_id", func(r *Tagged) *string { return &r.InteractionID }).Open(),
	),
	KeyOf: func(r Tagged) Tagged { return Tagged{Tag: r.Tag, InteractionID: r.InteractionID} },
	New:   func(k Tagged) Tagged { return k },
	Gone:  func(r Tagged) bool { return !r.On },
	Keys: func(e eventstore.Recorded) []Tagged {
		switch ev := e.Event.(type) {
		case interaction.TagAdded:
			return []Tagged{{Tag: ev.Tag, InteractionID: e.AggregateID}}
		case interaction.TagRemoved:
			return []Tagged{{Tag: ev.Tag, InteractionID: e.AggregateID}}
		}
		return nil
	},
	Evolve: func(r Tagged, e eventstore.Recorded) Tagged {
		_, r.On = e.Event.(interaction.TagAdded)
		return r
	},
}
