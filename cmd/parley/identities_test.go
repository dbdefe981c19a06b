package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/contact"
	"parley/domain/interaction"
)

// identified returns the recorded deliveries of a customer who comes with a number, a user id or both. The last one is
// of someone else, who has the number by then.
func (r recorded) identified() (adas []string, others string) {
	r.t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "deliveries", "phone_then_user_id.json"))
	require.NoError(r.t, err)
	var whole struct{ Deliveries []json.RawMessage }
	require.NoError(r.t, json.Unmarshal(raw, &whole))
	require.Len(r.t, whole.Deliveries, 5)
	for _, d := range whole.Deliveries {
		adas = append(adas, r.adapted(string(d)))
	}
	return adas[:4], adas[4]
}

// written returns what customers wrote in each session, by session.
func (r recorded) written() map[string][]string {
	r.t.Helper()
	all := make(map[string][]string)
	for _, e := range r.events(r.t) {
		m, ok := e.Event.(interaction.MessageReceived)
		if ok && strings.HasPrefix(m.ProviderMessageID, "wamid."+r.own+".ID") {
			all[e.AggregateID] = append(all[e.AggregateID], m.Content.Text)
		}
	}
	return all
}

// contactsOf returns how many contacts the customers of this copy have.
func (r recorded) contactsOf() int {
	r.t.Helper()
	n := 0
	for _, e := range r.events(r.t) {
		created, ok := e.Event.(contact.Created)
		if ok && strings.Contains(strings.Join(append(created.Details.Phones, created.Details.UserIDs...), " "), r.own) {
			n++
		}
	}
	return n
}

const recycled = "phone recycled to another person"

func numberThenUserID(t *testing.T, r recorded) {
	adas, others := r.identified()
	for range 2 {
		for _, body := range append(slices.Clone(adas), others) {
			r.post(body)
		}
	}
	r.settle(t)
	sessions := r.written()
	require.Len(t, sessions, 2)
	for _, texts := range sessions {
		if len(texts) == 1 {
			require.Equal(t, []string{recycled}, texts)
		} else {
			require.Equal(t, []string{"phone only", "phone and id", "id only", "phone only again"}, texts)
		}
	}
	require.Eventually(t, func() bool { return r.contactsOf() == 2 }, patience, 20*time.Millisecond, "one contact each")
}

func recycledNumberAtOnce(t *testing.T, r recorded) {
	adas, others := r.identified()
	r.post(adas[1])
	var posting sync.WaitGroup
	for _, body := range []string{adas[0], adas[2], adas[3], others, others, adas[3], adas[2]} {
		posting.Go(func() { r.post(body) })
	}
	posting.Wait()
	r.settle(t)
	for _, texts := range r.written() {
		require.Equal(t, slices.Contains(texts, recycled), len(texts) == 1, "%q", texts)
	}
}
