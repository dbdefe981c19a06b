package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/internal/demo"
	"parley/internal/simulator"
)

// customer is a person with a phone.
type customer struct {
	w      *world
	number demo.Account
	digits string
	name   string
}

// customer creates a phone that writes to an account.
func (w *world) customer(name, digits string, account int) customer {
	w.sim.AddPerson(simulator.Person{Name: name, Digits: digits})
	return customer{w: w, number: w.accounts[account], digits: digits, name: name}
}

func (c customer) writes(t *testing.T, text string) {
	t.Helper()
	_, err := c.w.sim.CustomerSends(c.digits, simulator.Say{Number: c.number.PhoneNumberID, Text: text})
	require.NoError(t, err)
}

// say returns a webhook with one text message of the customer.
type say struct{ from, id, text string }

// textDelivery returns the body of a webhook with one text message, as Meta writes it.
func textDelivery(a demo.Account, from, name, id, text string, at time.Time) []byte {
	return textsDelivery(a, name, at, say{from, id, text})
}

// textsDelivery returns the body of a webhook with several text messages, of customers with the same name.
func textsDelivery(a demo.Account, name string, at time.Time, all ...say) []byte {
	var contacts, messages []any
	for _, m := range all {
		contacts = append(contacts, map[string]any{"profile": map[string]any{"name": name}, "wa_id": m.from})
		messages = append(messages, map[string]any{
			"from": m.from, "id": m.id, "timestamp": strconv.FormatInt(at.Unix(), 10), "type": "text",
			"text": map[string]any{"body": m.text},
		})
	}
	body, err := json.Marshal(map[string]any{
		"object": "whatsapp_business_account",
		"entry": []any{map[string]any{"id": "100200300400500",
			"changes": []any{map[string]any{"field": "messages", "value": map[string]any{
				"messaging_product": "whatsapp",
				"metadata": map[string]any{"display_phone_number": strings.TrimPrefix(a.DisplayNumber,
					"+"), "phone_number_id": a.PhoneNumberID},
				"contacts": contacts, "messages": messages,
			}}}}},
	})
	if err != nil {
		panic(err) // a map of strings always encodes
	}
	return body
}

// sign returns Meta's signature of a body.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// postWebhook delivers a body and returns the status, or 0 if there was no answer.
func postWebhook(t *testing.T, url, signature string, body []byte) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(string(body)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if signature != "" {
		r.Header.Set("X-Hub-Signature-256", signature)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}

// deliver posts every body the given number of times at once; each must be accepted every time.
func deliver(t *testing.T, url, secret string, bodies [][]byte, times int) {
	t.Helper()
	var all sync.WaitGroup
	statuses := make(chan int, len(bodies)*times)
	for _, body := range bodies {
		for range times {
			all.Go(func() { statuses <- postWebhook(t, url, sign(secret, body), body) })
		}
	}
	all.Wait()
	close(statuses)
	for status := range statuses {
		require.Equal(t, http.StatusOK, status)
	}
}

// counts returns how many interactions were opened and how many messages received.
func (w *world) counts(t *testing.T) map[string]int {
	t.Helper()
	n := make(map[string]int)
	for _, e := range w.events(t) {
		switch e.Event.(type) {
		case interaction.Opened:
			n["opened"]++
		case interaction.MessageReceived:
			n["received"]++
		}
	}
	return n
}

func troubleWithCode(code, times int) simulator.Trouble {
	return simulator.Trouble{Code: code, Coded: times}
}

func troubleAcceptAndLose(times int) simulator.Trouble {
	return simulator.Trouble{AcceptAndLose: times}
}
