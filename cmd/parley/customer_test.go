package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/demo"
	"parley/simulator"
)

// customer is somebody with a phone.
type customer struct {
	w      *world
	number demo.Account
	digits string
	name   string
}

// customer makes a phone that writes to an account.
func (w *world) customer(name, digits string, account int) customer {
	w.sim.AddPerson(simulator.Person{Name: name, Digits: digits})
	return customer{w: w, number: w.accounts[account], digits: digits, name: name}
}

func (c customer) writes(t *testing.T, text string) {
	t.Helper()
	_, err := c.w.sim.CustomerSends(c.digits, simulator.Say{Number: c.number.PhoneNumberID, Text: text})
	require.NoError(t, err)
}

// textDelivery is the body of a webhook that brings one text message, as Meta writes it.
func textDelivery(a demo.Account, from, name, id, text string, at time.Time) []byte {
	body, err := json.Marshal(map[string]any{
		"object": "whatsapp_business_account",
		"entry": []any{map[string]any{"id": "100200300400500", "changes": []any{map[string]any{"field": "messages", "value": map[string]any{
			"messaging_product": "whatsapp",
			"metadata":          map[string]any{"display_phone_number": strings.TrimPrefix(a.DisplayNumber, "+"), "phone_number_id": a.PhoneNumberID},
			"contacts":          []any{map[string]any{"profile": map[string]any{"name": name}, "wa_id": from}},
			"messages": []any{map[string]any{
				"from": from, "id": id, "timestamp": strconv.FormatInt(at.Unix(), 10), "type": "text", "text": map[string]any{"body": text},
			}},
		}}}}},
	})
	if err != nil {
		panic(err) // maps of strings always encode
	}
	return body
}

// sign is the signature that Meta puts on a body.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// postWebhook delivers a body and says what was answered; 0 when nothing was.
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
