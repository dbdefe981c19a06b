package main

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func TestDeliveriesWaitInTheLocalQueueWhileTheStoreIsDown(t *testing.T) {
	o := prepareOutside(t)
	address := freeAddress(t)
	node := func() *child {
		c := startChild(t, "main", nil, "node", "--insecure", "--listen", address, "--database-url", o.settings["DATABASE_URL"])
		line, err := c.stdout.ReadString('\n')
		require.NoError(t, err, c.errors.String())
		o.settings["EVENTSTORE_URL"] = strings.TrimSpace(line)
		return c
	}
	store := node()
	o.start(t)
	a := o.accounts[0]
	first := textDelivery(a, "393471112233", "Maria", "wamid.before", "Before", time.Now())
	require.Eventually(t, func() bool { // the account is known once projected
		return postWebhook(t, o.url+a.WebhookPath, sign(a.AppSecret, first), first) == http.StatusOK
	}, patience, 50*time.Millisecond)
	anna := o.as(t, "anna")
	require.Eventually(t, func() bool {
		return anna.tries(t, "signIn", "PresenceInput", "presence{state}", vars{"commandId": newID()})
	}, patience, 50*time.Millisecond)
	desk := anna.subscribe(t, liveDocument, nil)
	batch[liveShown](t, desk)

	store.kill()
	const customers, each = 5, 6
	var at sync.WaitGroup
	var refused atomic.Int64
	for c := range customers {
		at.Go(func() {
			for m := range each { // in order per customer, concurrently across customers
				digits := fmt.Sprintf("39347000000%d", c)
				body := textDelivery(a, digits, "Customer", fmt.Sprintf("wamid.%d.%d", c, m),
					fmt.Sprintf("%d", m), time.Now())
				if postWebhook(t, o.url+a.WebhookPath, sign(a.AppSecret, body), body) != http.StatusOK {
					refused.Add(1)
					return
				}
			}
		})
	}
	at.Wait()
	require.Zero(t, refused.Load(), "deliveries were refused")
	t.Run("lists are served and commands give a retryable error", func(t *testing.T) {
		require.Empty(t, anna.ask(t, "{interactions{edges{node{id}}}}", nil).code())
		refused := anna.do(t, "pause", "PauseInput", "presence{state}", vars{"commandId": newID(), "reason": "BREAK"})
		require.NotEmpty(t, refused.code())
		require.Equal(t, true, refused.Errors[0].Extensions["retryable"], refused.raw)
	})

	node()
	require.Eventually(t, func() bool {
		return strings.Count(anna.ask(t, "{interactions{edges{node{messages{edges{node{text}}}}}}}", nil).raw,
			`"text"`) == customers*each+1
	}, patience, 50*time.Millisecond)
	previews, _ := heard(t, desk, "5")
	require.NotEmpty(t, previews, "the desktop stayed connected")
	o.look(t)
	received := make(map[string][]string)
	for _, e := range o.events(t) {
		if m, ok := e.Event.(interaction.MessageReceived); ok && m.Content.Text != "Before" {
			received[e.Stream] = append(received[e.Stream], m.Content.Text)
		}
	}
	require.Len(t, received, customers)
	for _, texts := range received {
		require.Equal(t, []string{"0", "1", "2", "3", "4", "5"}, texts)
	}
}

func TestTwoProcessesOnOneDatabaseWorkAsOne(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	address := freeAddress(t)
	second := outside{world: w, settings: map[string]string{
		"DATABASE_URL": string(w.p.cfg.DatabaseURL), "PARLEY_DATA_DIR": w.p.cfg.DataDir,
		"PARLEY_LISTEN": address, "PARLEY_TEST_ADMIT": w.simURL, "PARLEY_GRACE": "1s", "PARLEY_DRAIN": "0s",
	}}
	first := w.url
	w.url = "http://" + address
	second.start(t)
	there := w.works(t, "ben")
	w.url = first
	here := w.works(t, "anna")

	a := w.accounts[0]
	all := w.deliveries(amount(20, 1000), 3)
	var at sync.WaitGroup
	statuses := make(chan int, 2*len(all))
	for part := range slices.Chunk(all, (len(all)+7)/8) {
		for _, url := range []string{first, "http://" + address} {
			at.Go(func() {
				for _, d := range part {
					statuses <- postWebhook(t, url+a.WebhookPath, sign(a.AppSecret, d.body), d.body)
				}
			})
		}
	}
	at.Wait()
	close(statuses)
	for status := range statuses {
		require.Equal(t, http.StatusOK, status)
	}
	second.requireOnce(t, all)

	// One accepts on one process, the other is told on the other, and what is sent there arrives once.
	w.customer("Maria", "393471112233", 0).writes(t, "Anybody?")
	id := takes(t, here, "393471112233")
	b := there.do(t, "takeInteraction", "InteractionInput", "interaction{id}",
		vars{"commandId": newID(), "interactionId": id})
	require.Contains(t, []string{"ALREADY_ACCEPTED", "NOT_WAITING"}, b.code(), b.raw)
	for n := range 5 {
		here.sends(t, id, fmt.Sprintf("Answer %d", n))
	}
	there.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED" && len(i.Messages.Edges) == 6
	})
	for n := range 5 {
		require.Equal(t, 1, sentBy(w)[fmt.Sprintf("Answer %d", n)])
	}
	require.Len(t, slices.Collect(maps.Keys(sentBy(w))), 5)
}

// takes makes an agent take what a customer wrote.
func takes(t *testing.T, d desk, phone string) string {
	t.Helper()
	var id string
	require.Eventually(t, func() bool {
		found := get[struct {
			Interactions struct {
				Edges []struct{ Node struct{ ID string } }
			}
		}](t, d.client,
			"query($f:InteractionFilter){interactions(filter:$f){edges{node{id}}}}", vars{"f": vars{"search": phone}}).Interactions.Edges
		if len(found) == 1 {
			id = found[0].Node.ID
		}
		return id != ""
	}, patience, 20*time.Millisecond)
	a := d.do(t, "takeInteraction", "InteractionInput", "interaction{id}",
		vars{"commandId": newID(), "interactionId": id})
	require.Empty(t, a.code(), a.raw)
	return id
}
