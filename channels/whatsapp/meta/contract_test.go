package meta_test

import (
	"net/http"
	"testing"

	"parley/channels"
	"parley/channels/channelstest"
	"parley/channels/whatsapp/meta"
)

func TestMetaKeepsTheContractOfAProvider(t *testing.T) { // R81
	channelstest.Contract(t, channelstest.Adapter{
		New: func(admitted ...string) channels.Provider { return provider(admitted...) }, With: creds, Deliveries: "testdata/inbound",
		Sign: func(secret string, body []byte) http.Header { return signed(meta.Sign(secret, body)) },
	})
}
