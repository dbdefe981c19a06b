package reactions

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/commands"
	"parley/domain/account"
	"parley/domain/interaction"
)

// writesAs receives a message from a customer with a number, a user id or both.
func (w *world) writesAs(from channels.Sender, text string) {
	w.t.Helper()
	w.later(time.Second)
	require.NoError(w.t, w.commands.Receive(w.t.Context(), w.account, []commands.Arrival{{
		ProviderMessageID: "wamid." + uuid.NewString(), Aliases: from.Aliases(), SentAt: w.now(),
		Customer: interaction.Customer{Phone: from.WaID, UserID: from.UserID, Name: "Ada"},
		Message:  &commands.ArrivedMessage{Kind: interaction.KindText, Content: interaction.Content{Text: text}},
	}}))
}

func TestAReplyGoesToTheIdentityTheCustomerLastUsed(t *testing.T) {
	w := newWorld(t)
	w.stopClock()
	id := w.mine(w.agents[0], anna)
	both, hidden := channels.Sender{WaID: anna, UserID: "IT.1"}, channels.Sender{UserID: "IT.1"}
	to := make(chan string, 10)
	w.react(with(&scripted{answer: func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error) {
		to <- out.To
		return accepts(ctx, n, out)
	}}))
	for _, step := range []struct {
		from channels.Sender
		want string
	}{{tel(anna), anna}, {both, anna}, {hidden, "IT.1"}, {tel(anna), anna}, {hidden, "IT.1"}, {both, anna}} {
		w.writesAs(step.from, "Hello")
		w.write(id, w.agents[0], "Hi")
		require.Equal(t, step.want, <-to)
	}
	w.writesAs(channels.Sender{WaID: anna, UserID: "IT.9"}, "I have this number now")
	w.write(id, w.agents[0], "Still there?")
	require.Equal(t, "IT.1", <-to, "the number is someone else's, who must not get the answer")
}

func TestAReplyToANumberThatIsSomeoneElsesNowFails(t *testing.T) {
	w := newWorld(t)
	id := w.mine(w.agents[0], anna)
	ada := channels.Sender{WaID: anna, UserID: "IT.1"}
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{ProviderMessageID: "wamid.gone",
		Aliases: ada.Aliases(), SentAt: w.now(), Revoke: &commands.ArrivedRevoke{TargetID: "wamid.unknown"}}}))
	w.writesAs(channels.Sender{WaID: anna, UserID: "IT.9"}, "I have this number now")
	provider := &scripted{answer: accepts}
	w.react(with(provider))
	message := w.write(id, w.agents[0], "Hi")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusFailed }, "not failed")
	require.Empty(t, provider.texts())
}

func tel(digits string) channels.Sender { return channels.Sender{WaID: digits} }

func TestARecycledNumberGetsAContactOfItsOwn(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID, a.CreateContacts = listID, true })
	w.react()
	ada, zoe := channels.Sender{WaID: anna, UserID: "IT.1"}, channels.Sender{WaID: anna, UserID: "IT.9"}
	w.writesAs(tel(anna), "by number")
	w.eventually(func() bool { return w.contacts() == 1 }, "no contact")
	w.writesAs(ada, "by both")
	w.writesAs(zoe, "a new owner")
	w.eventually(func() bool { return w.contacts() == 2 }, "the new owner of the number has no contact")
	var linked []string
	w.eventually(func() bool {
		rows, err := w.db.Clear.Query(t.Context(), "SELECT DISTINCT contact_id FROM interaction_customers WHERE contact_id <> ''")
		require.NoError(t, err)
		linked = nil
		for rows.Next() {
			var id string
			require.NoError(t, rows.Scan(&id))
			linked = append(linked, id)
		}
		return len(linked) == 2
	}, "the two customers share a contact")
}
