package meta_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/channelstest"
	"parley/channels/whatsapp/meta"
)

func TestMetaKeepsTheContractOfAProvider(t *testing.T) {
	handshake := func(name, query string, want channels.Response) channelstest.AnswerCase {
		return channelstest.AnswerCase{Name: name, Method: http.MethodGet, Query: query, Want: want}
	}
	refused := channels.Response{Status: http.StatusForbidden}
	channelstest.Contract(t, channelstest.Adapter{
		New:      func(allowed ...string) channels.Provider { return provider(allowed...) },
		Settings: settings, Secrets: secrets, BaseURL: meta.BaseURL, SignsBody: true,
		Sign: func(a channels.Account, req channels.Request) http.Header {
			return signed(meta.Sign(a.Secret(meta.AppSecret), req.Body))
		},
		Answers: []channelstest.AnswerCase{
			handshake("the right token gets the challenge back", "hub.mode=subscribe&hub.challenge=42&hub.verify_token=verify-me-1",
				channels.Response{ContentType: "text/plain; charset=utf-8", Body: "42"}),
			handshake("a wrong token is refused", "hub.mode=subscribe&hub.challenge=42&hub.verify_token=verify-me-2", refused),
			handshake("no token is refused", "hub.mode=subscribe&hub.challenge=42", refused),
			handshake("another mode is refused", "hub.mode=unsubscribe&hub.challenge=42&hub.verify_token=verify-me-1", refused),
			handshake("a challenge of unreasonable length is refused",
				"hub.mode=subscribe&hub.verify_token=verify-me-1&hub.challenge="+strings.Repeat("4", 1025), refused),
		},
		Deliveries: map[string]string{"": "testdata/inbound"},
	})
}

func TestAnItemGoesToTheAccountOfItsNumberUnderTheSameApp(t *testing.T) {
	p := provider()
	of := func(id, number, app string) channels.Account {
		return channels.NewAccount(id, p.Declaration(), map[string]string{meta.PhoneNumberID: number}, map[string]string{meta.AppSecret: app})
	}
	first, second, foreign := of("acc-1", "1001", "app-1"), of("acc-2", "1002", "app-1"), of("acc-3", "1003", "app-2")
	all := []channels.Account{first, second, foreign}
	for number, want := range map[string][]string{
		"1001": {"acc-1"}, "1002": {"acc-2"}, "": {"acc-1"}, "1003": nil, "9999": nil,
	} {
		require.Equal(t, want, p.Owners(channels.Inbound{Number: number}, first, all), number)
	}
}

func TestANoticeWithoutANumberGoesToTheAccountsOfItsBusinessAccount(t *testing.T) {
	p := provider()
	of := func(id, business, number, app string) channels.Account {
		a := channels.NewAccount(id, p.Declaration(), map[string]string{meta.BusinessID: business}, map[string]string{meta.AppSecret: app})
		a.DisplayNumber = number
		return a
	}
	all := []channels.Account{
		of("acc-1", "2001", "+39 055 1234567", "app-1"), of("acc-2", "2001", "+39 055 7654321", "app-1"),
		of("acc-3", "2002", "+39 055 1111111", "app-1"), of("acc-4", "2001", "+39 055 1234567", "app-2"),
		of("acc-5", "", "+39 055 2222222", "app-1"),
	}
	for _, c := range []struct {
		name, business, number string
		receiver               int
		want                   []string
	}{
		{"a template concerns every account of the business account", "2001", "", 0, []string{"acc-1", "acc-2"}},
		{"a notice about one number concerns its account", "2001", "390557654321", 0, []string{"acc-2"}},
		{"the address it came to does not matter", "2002", "", 0, []string{"acc-3"}},
		{"a number that is written otherwise concerns every account", "2001", "390550000000", 1, []string{"acc-2", "acc-1"}},
		{"a receiver that does not say its business account gets it", "2009", "", 4, []string{"acc-5"}},
		{"a notice about a foreign business account concerns none", "2009", "", 0, nil},
	} {
		item := channels.Inbound{BusinessID: c.business, DisplayNumber: c.number, Content: channels.Notice{Field: "account_update"}}
		require.Equal(t, c.want, p.Owners(item, all[c.receiver], all), c.name)
	}
}
