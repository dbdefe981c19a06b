package interactions

import (
	"strings"
	"time"

	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Customer is what seldom changes about an interaction: whose it is. It has a table of its own, so that searching by
// name or number costs nothing when a message comes in.
type Customer struct {
	InteractionID string
	AccountID     string
	AddressID     string
	Number        int
	Inbound       bool // the customer began it
	Managed       bool // somebody has or had it
	ContactID     string
	Name          string
	Phone         string
	Username      string
	NameText      string // name and username in lower case, to search in
	StartedAt     time.Time
}

var customers = projections.Table[string, Customer]{
	Name: "interaction_customers_v1",
	Key:  1,
	Columns: []projections.Column[Customer]{
		projections.Col("interaction_id", "text", func(r *Customer) *string { return &r.InteractionID }),
		projections.Col("account_id", "text", func(r *Customer) *string { return &r.AccountID }),
		projections.Col("address_id", "text", func(r *Customer) *string { return &r.AddressID }),
		projections.Col("number", "int4", func(r *Customer) *int { return &r.Number }),
		projections.Col("inbound", "bool", func(r *Customer) *bool { return &r.Inbound }),
		projections.Col("managed", "bool", func(r *Customer) *bool { return &r.Managed }),
		projections.Col("contact_id", "text", func(r *Customer) *string { return &r.ContactID }),
		projections.Col("name", "text", func(r *Customer) *string { return &r.Name }),
		projections.Col("phone", "text", func(r *Customer) *string { return &r.Phone }),
		projections.Col("username", "text", func(r *Customer) *string { return &r.Username }),
		projections.Col("name_text", "text", func(r *Customer) *string { return &r.NameText }),
		projections.Col("started_at", "timestamptz", func(r *Customer) *time.Time { return &r.StartedAt }),
	},
	KeyOf:  func(r Customer) string { return r.InteractionID },
	First:  isOpened,
	New:    func(id string) Customer { return Customer{InteractionID: id} },
	Evolve: evolveCustomer,
	Gone:   func(r Customer) bool { return r.AccountID == "" },
	Keys: func(e eventstore.Recorded) []string {
		switch e.Event.(type) {
		case interaction.Opened, interaction.MessageReceived, interaction.Accepted, interaction.Assigned, interaction.ContactLinked:
			return []string{e.AggregateID}
		}
		return nil
	},
}

func evolveCustomer(r Customer, e eventstore.Recorded) Customer {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		r.AccountID, r.AddressID, r.Number = string(ev.AccountID), string(ev.AddressID), ev.Number
		r.Inbound, r.ContactID, r.StartedAt = ev.Origin == interaction.OriginInbound, string(ev.ContactID), ev.At
		return r.named(ev.Customer)
	case interaction.MessageReceived:
		return r.named(ev.Customer)
	case interaction.Accepted, interaction.Assigned:
		r.Managed = true
	case interaction.ContactLinked:
		r.ContactID = string(ev.ContactID)
	}
	return r
}

func (r Customer) named(c interaction.Customer) Customer {
	if c.Name != "" {
		r.Name = c.Name
	}
	if c.Phone != "" {
		r.Phone = c.Phone
	}
	if c.Username != "" {
		r.Username = c.Username
	}
	if text := strings.ToLower(strings.TrimSpace(r.Name + " " + r.Username)); text != r.NameText {
		r.NameText = text
	}
	return r
}

// Tagged says that an interaction carries a tag.
type Tagged struct {
	Tag           string
	InteractionID string
	On            bool
}

var tags = projections.Table[Tagged, Tagged]{
	Name: "interaction_tags_v1",
	Key:  2,
	Columns: []projections.Column[Tagged]{
		projections.Col("tag", "text", func(r *Tagged) *string { return &r.Tag }),
		projections.Col("interaction_id", "text", func(r *Tagged) *string { return &r.InteractionID }),
	},
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
