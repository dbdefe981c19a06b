// Package all lists every read model.
package all

import (
	"parley/projections"
	"parley/projections/addresses"
	"parley/projections/agents"
	"parley/projections/contacts"
	"parley/projections/deployment"
	"parley/projections/interactions"
	"parley/projections/media"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/outbox"
	"parley/projections/settings"
	"parley/projections/timeline"
	"parley/projections/transfers"
	"parley/projections/waiting"
)

// Models returns every read model. A model comes before those whose views use it.
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
		transfers.Model(),
		media.Model(),
		timeline.Model(),
		addresses.Model(),
		deployment.Model(),
	}
}
