package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

// amount returns how much a test does: little by default, more with PARLEY_LONG=1.
func amount(short, long int) int {
	if os.Getenv("PARLEY_LONG") != "" {
		return long
	}
	return short
}

// ledger records what was acknowledged to the provider.
type ledger struct {
	mu    sync.Mutex
	acked map[string]bool // by message text
}

// delivery is a webhook with one message.
type delivery struct {
	customer, text string
	body           []byte
}

// deliveries returns several first messages of each of many new customers.
func (w *world) deliveries(customers, each int) []delivery {
	var all []delivery
	for c := range customers {
		digits := fmt.Sprintf("39348%07d", c)
		for m := range each {
			text := fmt.Sprintf("Message %d of customer %d", m, c)
			all = append(all, delivery{customer: digits, text: text,
				body: textDelivery(w.accounts[0], digits, "Customer", "wamid."+digits+fmt.Sprint(m), text, time.Now())})
		}
	}
	return all
}

// deliverAll posts every delivery twice, and repeats it until it has been accepted once, as providers do.
func (w *world) deliverAll(t *testing.T, all []delivery, l *ledger, acked *atomic.Int64) *sync.WaitGroup {
	a := w.accounts[0]
	work := make(chan delivery)
	var at sync.WaitGroup
	for range 16 {
		at.Go(func() {
			for d := range work {
				for t.Context().Err() == nil && postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, d.body),
					d.body) != http.StatusOK {
					<-time.After(20 * time.Millisecond)
				}
				l.mu.Lock()
				l.acked[d.text] = true
				l.mu.Unlock()
				acked.Add(1)
			}
		})
	}
	go func() {
		defer close(work)
		for _, d := range all {
			for range 2 {
				select {
				case work <- d:
				case <-t.Context().Done():
					return
				}
			}
		}
	}()
	return &at
}

func TestAKillDuringWorkLosesAndDuplicatesNothing(t *testing.T) {
	o := prepareOutside(t)
	running := o.start(t)
	anna := o.as(t, "anna")
	require.Eventually(t, func() bool {
		return anna.tries(t, "signIn", "PresenceInput", "presence{state}", vars{"commandId": newID()})
	}, patience, 50*time.Millisecond)

	var fromPhones []delivery
	all := o.deliveries(amount(60, 600), 4)
	for c := range amount(15, 60) { // these have simulated phones and can be answered
		text := fmt.Sprintf("Hello from phone %d", c)
		o.customer("Phone", fmt.Sprintf("39349%07d", c), 0).writes(t, text)
		fromPhones = append(fromPhones, delivery{text: text})
	}
	l := &ledger{acked: make(map[string]bool)}
	var acked atomic.Int64
	at := o.deliverAll(t, all, l, &acked)
	answers := answering{client: anna, sent: make(map[string]string), stop: make(chan struct{})}
	var answered sync.WaitGroup
	answered.Go(func() { answers.work(t) })
	for kill := range int64(3) {
		mark := int64(len(all)*2) * (kill + 1) / 4
		require.Eventually(t, func() bool { return acked.Load() >= mark }, patience, time.Millisecond)
		running.kill()
		running = o.start(t)
	}
	at.Wait()
	require.Len(t, l.acked, len(all))
	require.Eventually(t, func() bool { return answers.count() >= 10 }, patience, 20*time.Millisecond,
		"too few requests were answered")
	close(answers.stop)
	answered.Wait()
	o.look(t)
	o.requireOnce(t, append(fromPhones, all...))
	o.requireSentOnce(t, answers.sent)
}

// requireOnce checks in the log and in the read models that every message is there once and no customer was
// split.
func (o *outside) requireOnce(t *testing.T, all []delivery) {
	t.Helper()
	received, open := make(map[string]int), make(map[string]int)
	for _, e := range o.events(t) {
		switch ev := e.Event.(type) {
		case interaction.Opened:
			open[string(ev.AddressID)]++
		case interaction.MessageReceived:
			received[ev.Content.Text]++
		}
	}
	for _, d := range all {
		require.Equal(t, 1, received[d.text], d.text)
	}
	for address, n := range open {
		require.Equal(t, 1, n, "interactions of one customer: %s", address)
	}
	shown := make(map[string]int)
	require.Eventually(t, func() bool {
		clear(shown)
		rows, err := o.p.db.Clear.Query(t.Context(), "SELECT text FROM messages WHERE author = 'CUSTOMER'")
		if err != nil {
			return false
		}
		texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
		for _, text := range texts {
			shown[text]++
		}
		return err == nil && len(shown) == len(all)
	}, patience, 50*time.Millisecond, "the read model does not show all")
	for text, n := range shown {
		require.Equal(t, 1, n, text)
	}
}

// requireSentOnce checks that the provider got every message once, or never with the agent being told.
func (o *outside) requireSentOnce(t *testing.T, sent map[string]string) {
	t.Helper()
	anna := o.as(t, "anna")
	settled := []string{"SENT", "DELIVERED", "READ", "FAILED", "UNKNOWN"}
	all := 0
	for text, id := range sent {
		shown := anna.until(t, id, func(i *interactionShown) bool {
			return slices.ContainsFunc(i.Messages.Edges, func(e struct{ Node messageShown }) bool {
				return e.Node.Text == text && e.Node.Status != nil && slices.Contains(settled, *e.Node.Status)
			})
		})
		taken := sentBy(o.world)[text]
		all += taken
		require.LessOrEqual(t, taken, 1, text)
		if taken == 0 {
			last := shown.Messages.Edges[len(shown.Messages.Edges)-1].Node
			require.Contains(t, []string{"FAILED", "UNKNOWN"}, *last.Status, text)
		}
	}
	require.Greater(t, all, 5, "the provider received too few messages")
}

// answering is an agent who takes and answers whatever is waiting, retrying until it is done.
type answering struct {
	client
	mu   sync.Mutex
	sent map[string]string // text → interaction
	stop chan struct{}
}

func (a *answering) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sent)
}

func (a *answering) work(t *testing.T) {
	for {
		select {
		case <-a.stop:
			return
		case <-time.After(20 * time.Millisecond):
		}
		id, ok := a.waiting(t)
		if !ok {
			continue
		}
		if !a.tries(t, "takeInteraction", "InteractionInput", "interaction{id}",
			vars{"commandId": newID(), "interactionId": id}) {
			continue
		}
		text, command := "Answer to "+id, newID()
		for !a.tries(t, "sendMessage", "SendMessageInput", "message{id}",
			vars{"commandId": command, "interactionId": id, "text": text}) {
			select {
			case <-a.stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
		a.mu.Lock()
		a.sent[text] = id
		a.mu.Unlock()
	}
}

// waiting is an interaction without an owner.
func (a *answering) waiting(t *testing.T) (string, bool) {
	t.Helper()
	answer, ok := a.attempt(t,
		"{interactions(first:1,filter:{waiting:true,search:\"Hello from phone\"}){edges{node{id}}}}", nil)
	if !ok {
		return "", false
	}
	var found struct {
		Edges []struct{ Node struct{ ID string } }
	}
	require.NoError(t, json.Unmarshal(answer.Data["interactions"], &found))
	if len(found.Edges) == 0 {
		return "", false
	}
	return found.Edges[0].Node.ID, true
}

// tries reports whether a mutation was answered without an error.
func (c client) tries(t *testing.T, mutation, inputType, selection string, input vars) bool {
	t.Helper()
	_, ok := c.attempt(t, "mutation($i:"+inputType+"!){"+mutation+"(input:$i){"+selection+"}}", vars{"i": input})
	return ok
}

// attempt is ask for a server that may be down.
func (c client) attempt(t *testing.T, document string, variables vars) (answer, bool) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, c.url+"/graphql",
		strings.NewReader(string(mustJSON(t, map[string]any{"query": document, "variables": variables}))))
	require.NoError(t, err)
	r.Header = c.header.Clone()
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, false
	}
	defer res.Body.Close()
	var a answer
	if json.NewDecoder(res.Body).Decode(&a) != nil {
		return answer{}, false
	}
	return a, res.StatusCode == http.StatusOK && a.code() == ""
}
