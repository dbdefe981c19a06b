// Package simulator implements a WhatsApp Cloud API, with a page that plays the customers' phones.
package simulator

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Config configures a simulator.
type Config struct {
	Numbers   []Number
	People    []Person      // the customers; nil means People()
	Pace      time.Duration // delay between the states of a message; 250 ms if 0
	Limits    Limits        // zero values mean WhatsApp's limits
	StateFile string        // where chats are saved between runs; empty means nowhere
	Log       *slog.Logger  // nil means slog.Default()
}

// Number is one of the business's numbers.
type Number struct {
	PhoneNumberID string `json:"phoneNumberId"`
	BusinessID    string `json:"businessId"` // the WhatsApp business account (WABA)
	DisplayNumber string `json:"displayNumber"`
	Name          string `json:"name"`
	AppSecret     string `json:"-"`
	AccessToken   string `json:"-"`
	WebhookURL    string `json:"-"` // where webhook calls go
}

// Person is a customer with a phone. One without digits hides the number and is identified by the user id
// alone.
type Person struct {
	Name     string `json:"name"`
	Digits   string `json:"digits"`
	UserID   string `json:"userId"`
	Username string `json:"username"`
}

// ID returns the digits, or the user id if the number is hidden.
func (p Person) ID() string {
	if p.Digits != "" {
		return p.Digits
	}
	return p.UserID
}

// Phone is a customer's phone.
type Phone struct {
	ID string `json:"id"`
	Person
	ReadReceipts bool   `json:"readReceipts"`
	Online       bool   `json:"online"`
	OpenChat     string `json:"openChat"` // phone number id of the open chat; empty if none is open
}

// Simulator is the running network. Its methods may be called concurrently.
type Simulator struct {
	pace time.Duration
	log  *slog.Logger
	file string

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	client *http.Client

	mu         sync.Mutex
	numbers    []*Number
	phones     []*Phone
	messages   []*Message
	media      map[string]*Medium
	trouble    Trouble
	limits     *limiter
	received   []Request
	deliveries []*Delivery
	listeners  map[chan []byte]bool
}

// New returns a simulator with the chats of its state file.
func New(c Config) *Simulator {
	if c.People == nil {
		c.People = People()
	}
	if c.Pace == 0 {
		c.Pace = 250 * time.Millisecond
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Simulator{
		pace: c.Pace, log: c.Log, file: c.StateFile, ctx: ctx, cancel: cancel,
		client: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}},
		media:  map[string]*Medium{},
		limits: newLimiter(c.Limits), listeners: map[chan []byte]bool{},
	}
	s.SetNumbers(c.Numbers)
	for _, p := range c.People {
		s.AddPerson(p)
	}
	s.load()
	return s
}

// Handler serves the Graph API, the control API below /control/ and the page at /.
func (s *Simulator) Handler() http.Handler {
	graph, control := s.graph(), http.NewCrossOriginProtection().Handler(s.control())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			page(w, r)
		case len(r.URL.Path) >= 9 && r.URL.Path[:9] == "/control/":
			control.ServeHTTP(w, r)
		default:
			graph.ServeHTTP(w, r)
		}
	})
}

// Close stops deliveries and saves the chats.
func (s *Simulator) Close() {
	s.cancel()
	s.tasks.Wait()
	s.save()
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.listeners {
		close(l)
	}
	s.listeners = map[chan []byte]bool{}
}

// SetNumbers replaces the business's numbers, for example once the webhook's address is known.
func (s *Simulator) SetNumbers(numbers []Number) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers = nil
	for _, n := range numbers {
		s.numbers = append(s.numbers, &n)
	}
	s.announce("numbers", s.numbers)
}

// AddPerson gives a customer a phone: online, with read receipts, no chat open. It does nothing if the
// customer has one.
func (s *Simulator) AddPerson(p Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ID() == "" || s.phone(p.ID()) != nil {
		return
	}
	phone := &Phone{ID: p.ID(), Person: p, ReadReceipts: true, Online: true}
	s.phones = append(s.phones, phone)
	s.announce("phone", phone)
}

// Phones returns the current state of the customers' phones.
func (s *Simulator) Phones() []Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Phone
	for _, p := range s.phones {
		out = append(out, *p)
	}
	return out
}

func (s *Simulator) phone(id string) *Phone {
	for _, p := range s.phones {
		if p.ID == id || p.UserID != "" && p.UserID == id {
			return p
		}
	}
	return nil
}

func (s *Simulator) number(phoneNumberID string) *Number {
	for _, n := range s.numbers {
		if n.PhoneNumberID == phoneNumberID {
			return n
		}
	}
	return nil
}

// later runs f after a delay, unless the simulator is closed first.
func (s *Simulator) later(wait time.Duration, f func()) {
	if s.ctx.Err() != nil {
		return
	}
	s.tasks.Go(func() {
		select {
		case <-s.ctx.Done():
		case <-time.After(wait):
			f()
		}
	})
}
