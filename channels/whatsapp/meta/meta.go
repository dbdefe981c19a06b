// Package meta speaks Meta's WhatsApp Cloud API: webhooks in, the Graph API out.
package meta

import (
	"net/http"

	"parley/channels"
)

// Meta is the provider. One value serves all accounts.
type Meta struct{ client *http.Client }

var _ channels.Provider = (*Meta)(nil)

// New makes the provider. Requests go to public addresses only, except that the hosts of the admitted base URLs may be
// anywhere: that is how a simulator on loopback, or a gateway inside the company, is reached.
func New(admitted ...string) (*Meta, error) {
	client, err := guardedClient(admitted)
	if err != nil {
		return nil, err
	}
	return &Meta{client: client}, nil
}

// Kind is "meta".
func (*Meta) Kind() string { return "meta" }

// CloseIdle lets go of connections nobody uses, at the end of a program or a test.
func (m *Meta) CloseIdle() { m.client.CloseIdleConnections() }
