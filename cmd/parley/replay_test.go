package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A provider that delivers the whole day again changes nothing, and no screen is notified.
func TestAWholeDayDeliveredAgainChangesNothing(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	var last customer
	var open string
	for n := range 3 { // two sessions each: the first is closed, the second stays open
		c := w.customer(fmt.Sprint("Customer ", n), fmt.Sprintf("3934711122%02d", n), 0)
		for _, hello := range []string{fmt.Sprint("Hello ", n), fmt.Sprint("Hello again ", n)} {
			c.writes(t, hello)
			id := anna.accepts(t, hello)
			c.writes(t, "More about "+hello)
			anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == 2 })
			anna.sends(t, id, "Answer to "+hello)
			anna.until(t, id, func(i *interactionShown) bool {
				return i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED"
			})
			if !strings.Contains(hello, "again") {
				require.Empty(t, anna.do(t, "closeInteraction", "CloseInteractionInput",
					"interaction{status}", vars{"commandId": newID(), "interactionId": id}).code())
			}
			last, open = c, id
		}
	}
	day := w.sim.Deliveries()
	require.Greater(t, len(day), 18) // twelve messages, and two or three statuses for each of six
	before := w.events(t)
	desk := anna.subscribe(t, liveDocument, nil)
	batch[liveShown](t, desk)

	for range 2 {
		for _, d := range day {
			secret := ""
			for _, a := range w.accounts {
				if strings.HasSuffix(d.URL, a.WebhookPath) {
					secret = a.AppSecret
				}
			}
			require.Equal(t, http.StatusOK, postWebhook(t, d.URL, sign(secret, []byte(d.Body)), []byte(d.Body)))
		}
	}

	last.writes(t, "Something new")
	previews, _ := heard(t, desk, "Something new")
	require.Equal(t, []string{"Something new"}, previews)
	after := w.events(t)
	require.Len(t, after, len(before)+1)
	require.Equal(t, "InteractionMessageReceived", after[len(before)].Type)
	require.Len(t, anna.sees(t, open).Messages.Edges, 4)
}
