// Package meta connects to Meta's WhatsApp Cloud API: it receives webhooks and calls the Graph API.
package meta

import (
	"net/http"

	"parley/channels"
)

// Meta is the provider; one value serves all accounts.
type Meta struct{ client *http.Client }

var _ channels.Provider = (*Meta)(nil)

// New returns the provider. It connects to public addresses only. Admitted base URLs may have any address, for
// a simulator on loopback or a gateway inside the company.
func New(allowed ...string) (*Meta, error) {
	client, err := guardedClient(allowed)
	if err != nil {
		return nil, err
	}
	return &Meta{client: client}, nil
}

// CloseIdle closes idle connections, at the end of a program or a test.
func (m *Meta) CloseIdle() { m.client.CloseIdleConnections() }
