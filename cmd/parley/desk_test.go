package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// desk is an agent's session.
type desk struct {
	client
	w *world
}

// works signs an agent in.
func (w *world) works(t *testing.T, login string) desk {
	t.Helper()
	d := desk{client: w.as(t, login), w: w}
	require.Empty(t, d.do(t, "signIn", "PresenceInput", "presence{state}", vars{"commandId": newID()}).code())
	return d
}

type offerShown struct {
	ID           string
	State        string
	FirstMessage struct{ Text string }
	ExpiresAt    time.Time
	TakenBy      *struct{ Name string }
	Interaction  struct{ ID string }
}

const offerFields = "id state firstMessage{text} expiresAt takenBy{name} interaction{id}"

// offered waits for the offer whose first message is text.
func (d desk) offered(t *testing.T, text string) offerShown {
	t.Helper()
	var found offerShown
	require.Eventually(t, func() bool {
		shown := get[struct{ Offers []offerShown }](t, d.client, "{offers{"+offerFields+"}}", nil)
		for _, o := range shown.Offers {
			if o.FirstMessage.Text == text {
				found = o
				return true
			}
		}
		return false
	}, patience, 10*time.Millisecond, "no offer of %q", text)
	return found
}

// accepts accepts the interaction whose first message is text and returns its id.
func (d desk) accepts(t *testing.T, text string) string {
	t.Helper()
	o := d.offered(t, text)
	a := d.do(t, "acceptOffer", "OfferInput", "interaction{id}", vars{"commandId": newID(), "offerId": o.ID})
	require.Empty(t, a.code(), a.raw)
	return o.Interaction.ID
}

// sends sends a message to the customer and returns its id.
func (d desk) sends(t *testing.T, interaction, text string) string {
	t.Helper()
	return get[struct {
		SendMessage struct{ Message struct{ ID string } }
	}](t, d.client,
		"mutation($i:SendMessageInput!){sendMessage(input:$i){message{id}}}",
		vars{"i": vars{"commandId": newID(), "interactionId": interaction, "text": text}}).SendMessage.Message.ID
}

type interactionShown struct {
	ID                string
	Status            string
	Number            int
	Waiting           bool
	Unread            int
	Owner             *struct{ Name string }
	LastMessageStatus *string
	Actions           []string
	Disposition       []string
	DispositionDue    bool
	Messages          struct {
		Edges []struct{ Node messageShown }
	}
}

type messageShown struct {
	ID, Author, Text string
	Status, Mark     *string
	Failure          *struct{ Reason, Code string }
	By               *struct{ Name string }
	SentAt           time.Time
}

const interactionFields = `id status number waiting unread owner{name} lastMessageStatus actions disposition dispositionDue
	messages(last:100){edges{node{id author text status mark failure{reason code} by{name} sentAt}}}`

// sees reads an interaction, or returns nil if the agent cannot see it.
func (c client) sees(t *testing.T, id string) *interactionShown {
	t.Helper()
	return get[struct{ Interaction *interactionShown }](t, c,
		"query($id:ID!){interaction(id:$id){"+interactionFields+"}}", vars{"id": id}).Interaction
}

// texts returns the texts of an interaction with their authors.
func (i *interactionShown) texts() []string {
	texts := make([]string, len(i.Messages.Edges))
	for n, e := range i.Messages.Edges {
		texts[n] = e.Node.Author + ": " + e.Node.Text
	}
	return texts
}

// until reads an interaction until a condition holds.
func (c client) until(t *testing.T, id string, holds func(*interactionShown) bool) *interactionShown {
	t.Helper()
	var last *interactionShown
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-time.After(10 * time.Millisecond) {
		if last = c.sees(t, id); last != nil && holds(last) {
			return last
		}
	}
	require.Fail(t, "it did not come to this", "last seen: %s", mustJSON(t, last))
	return nil
}
