package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/simulator"
	"parley/internal/verify"
)

// crowd plays customers, agents and the provider, who carry on no matter what happens to the program. They
// repeat what was not answered, and deliver everything twice.
type crowd struct {
	*outside
	t         *testing.T
	book      *ledgerBook
	gate      sync.RWMutex // held for reading during any action
	stop      chan struct{}
	work      sync.WaitGroup
	numbered  atomic.Int64
	delivered atomic.Int64 // webhooks answered 200
	picture   string       // id of a file in the simulator
	leave     bool         // let offers and transfers expire
}

// ledgerBook writes a file of what was requested and acknowledged.
type ledgerBook struct {
	mu   sync.Mutex
	path string
	file *os.File
}

func newLedgerBook(t *testing.T) *ledgerBook {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger")
	file, err := os.Create(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	return &ledgerBook{path: path, file: file}
}

func (l *ledgerBook) write(e verify.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := json.NewEncoder(l.file).Encode(e); err != nil {
		panic(err) // without its ledger the test proves nothing
	}
}

// newCrowd returns a crowd that has not started.
func newCrowd(t *testing.T, o *outside) *crowd {
	t.Helper()
	picture, err := o.sim.AddSample("image")
	require.NoError(t, err)
	return &crowd{outside: o, t: t, book: newLedgerBook(t), stop: make(chan struct{}), picture: picture}
}

// begin starts the given numbers of providers and of pairs of agents, each pausing between two actions.
func (c *crowd) begin(networks int, pairs [][2]string, rest time.Duration) {
	for range networks {
		c.goes(rest, c.arrives)
	}
	for _, pair := range pairs {
		first, second := c.as(c.t, pair[0]), c.as(c.t, pair[1])
		colleague := "usr_" + c.user(c.t, pair[1]).ID
		c.goes(rest, func() { c.converses(first, second, colleague) })
	}
	c.t.Cleanup(func() { close(c.stop); c.work.Wait() })
}

// goes repeats an action until the end.
func (c *crowd) goes(rest time.Duration, something func()) {
	c.work.Go(func() {
		for c.pauses(rest) {
			c.gate.RLock()
			something()
			c.gate.RUnlock()
		}
	})
}

// pauses waits and reports whether to continue.
func (c *crowd) pauses(d time.Duration) bool {
	select {
	case <-c.stop:
		return false
	case <-time.After(d):
		return true
	}
}

// arrives delivers a few messages of new customers in one webhook, twice.
func (c *crowd) arrives() {
	n := c.numbered.Add(1)
	a := c.accounts[0]
	digits := func(i int64) string { return fmt.Sprintf("39350%07d", 2*n+i) }
	messages := []say{
		{digits(0), fmt.Sprintf("wamid.crowd.%d.0", n), fmt.Sprintf("First of %d", n)},
		{digits(0), fmt.Sprintf("wamid.crowd.%d.1", n), fmt.Sprintf("Second of %d", n)},
		{digits(1), fmt.Sprintf("wamid.crowd.%d.2", n), fmt.Sprintf("Beside %d", n)},
	}
	body := textsDelivery(a, "Customer", time.Now(), messages...)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			for _, m := range messages {
				c.book.write(verify.Entry{Message: m.id})
			}
			for postWebhook(c.t, c.url+a.WebhookPath, sign(a.AppSecret, body), body) != http.StatusOK {
				if !c.pauses(20 * time.Millisecond) {
					return
				}
			}
			for _, m := range messages {
				c.book.write(verify.Entry{Message: m.id, Acked: true})
			}
		})
	}
	both.Wait()
	c.delivered.Add(1)
}

// converses plays one session from the first message to the close: accepted, answered, transferred.
func (c *crowd) converses(first, second client, colleague string) {
	n := c.numbered.Add(1)
	digits := fmt.Sprintf("39351%07d", n)
	hello := fmt.Sprintf("Hello %d", n)
	c.sim.AddPerson(simulator.Person{Name: "Phone", Digits: digits})
	for _, what := range []simulator.Say{{Text: hello}, {Text: "Look", MediaID: c.picture}} {
		what.Number = c.accounts[0].PhoneNumberID
		if _, err := c.sim.CustomerSends(digits, what); err != nil {
			c.t.Error(err)
			return
		}
	}
	id := c.homeOf(hello)
	if id == "" {
		return
	}
	for _, at := range []client{first, second} {
		c.insists(at, "signIn", "PresenceInput", "presence{state}", vars{})
		c.insists(at, "resume", "PresenceInput", "presence{state}", vars{})
	}
	if c.leave && n%2 == 0 { // nobody accepts, so that offers expire
		return
	}
	if !c.insists(first, "takeInteraction", "InteractionInput", "interaction{id}", vars{"interactionId": id}) {
		return // another agent accepted it, or it was assigned
	}
	for i := range amount(1, 2) { // a message behind an unknown one waits ten seconds
		c.insists(first, "sendMessage", "SendMessageInput", "message{id}",
			vars{"interactionId": id, "text": fmt.Sprintf("Answer %d to %s", i, hello)})
	}
	asked := c.insists(first, "requestTransfer", "RequestTransferInput", "transfer{id}",
		vars{"interactionId": id, "toAgentId": colleague})
	if asked && c.leave {
		c.until(func() bool { return c.over(c.transferOf(id)) })
	}
	if asked && !c.leave {
		verb := []string{"acceptTransfer", "rejectTransfer"}[n%2]
		c.insists(second, verb, "TransferInput", "transfer{id}", vars{"transferId": "tra_" + c.transferOf(id)})
	}
	if !c.insists(first, "closeInteraction", "CloseInteractionInput", "interaction{status}",
		vars{"interactionId": id}) {
		c.insists(second, "closeInteraction", "CloseInteractionInput", "interaction{status}", vars{"interactionId": id})
	}
}

// homeOf returns the interaction that holds a text, once it is shown.
func (c *crowd) homeOf(text string) (id string) {
	c.until(func() bool {
		return c.p.db.Clear.QueryRow(c.t.Context(),
			`SELECT 'int_' || interaction_id FROM messages WHERE text = $1`, text).Scan(&id) == nil
	})
	return id
}

// transferOf returns the id of an interaction's transfer, once it is shown.
func (c *crowd) transferOf(interaction string) (id string) {
	c.until(func() bool {
		return c.p.db.Clear.QueryRow(c.t.Context(), `SELECT id FROM transfers WHERE interaction_id = $1`,
			strings.TrimPrefix(interaction, "int_")).Scan(&id) == nil
	})
	return id
}

// over reports whether a transfer has ended.
func (c *crowd) over(transfer string) (over bool) {
	err := c.p.db.Clear.QueryRow(c.t.Context(),
		`SELECT status NOT IN ('PENDING', 'ACCEPTED') FROM transfers WHERE id = $1`, transfer).Scan(&over)
	return err == nil && over
}

// until waits for a condition, and gives up at the end of the test.
func (c *crowd) until(something func() bool) {
	for deadline := time.Now().Add(patience); !something(); {
		if time.Now().After(deadline) {
			c.t.Error("it did not come to this within a minute")
			return
		}
		if !c.pauses(10 * time.Millisecond) {
			return
		}
	}
}

// insists repeats a command until it is answered, and reports whether it succeeded; a rule may refuse it.
func (c *crowd) insists(who client, mutation, inputType, selection string, input vars) (done bool) {
	if input["commandId"] == nil {
		input["commandId"] = newID()
	}
	command, _ := input["commandId"].(string)
	c.book.write(verify.Entry{Command: command})
	c.until(func() bool {
		a, ok := who.attempt(c.t, "mutation($i:"+inputType+"!){"+mutation+"(input:$i){"+selection+"}}",
			vars{"i": input})
		done = ok
		return ok || len(a.Errors) > 0 && slices.Contains([]any{"CONFLICT", "FORBIDDEN"},
			a.Errors[0].Extensions["kind"])
	})
	if done && mutation != "signIn" && mutation != "resume" { // those usually change nothing
		c.book.write(verify.Entry{Command: command, Acked: true})
	}
	return done
}

// atRest lets everyone finish their action and starts no other until f has returned.
func (c *crowd) atRest(f func()) {
	c.gate.Lock()
	defer c.gate.Unlock()
	f()
}
