// Package all lists every read model there is.
package all

import (
	"parley/projections"
	"parley/projections/agents"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/outbox"
	"parley/projections/settings"
	"parley/projections/waiting"
)

// Models is every read model, those whose views others use first.
func Models() []projections.Model {
	return []projections.Model{
		settings.Model(),
		contacts.Model(),
		interactions.Model(),
		messages.Model(),
		waiting.Model(),
		offers.Model(),
		agents.Model(),
		outbox.Model(),
	}
}
