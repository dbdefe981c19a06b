package webhook

import (
	"container/list"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	readLimit   = 5 * time.Second // for a whole request
	firstBuffer = 4 << 10         // bytes; a body that is still arriving counts at least this much
)

// errMadeWay reports that a body was given up in favour of newer ones.
var errMadeWay = errors.New("given up while it was still arriving: there are too many others")

// bodies limits what requests may hold before their signature is verified: how many bodies of one network
// arrive at once, and how many bytes they hold together. Where there is no room, the body that has been
// arriving for longest is given up. A provider sends a delivery in one go, so that is hardly ever a genuine one.
type bodies struct {
	perNetwork int
	bytes      int

	mu        sync.Mutex
	held      int        // bytes of all
	arriving  *list.List // of *arrivingBody, the oldest first
	byNetwork map[string]*list.List
}

type arrivingBody struct {
	network     string
	held        int
	stop        func() // makes reading fail
	stopped     bool
	all, nearby *list.Element // nil once the body has arrived or was given up
}

func newBodies(perNetwork, bytes int) *bodies {
	return &bodies{perNetwork: perNetwork, bytes: bytes, arriving: list.New(), byNetwork: make(map[string]*list.List)}
}

// enter registers a body that begins to arrive. Call leave when its signature has been verified.
func (s *bodies) enter(network string, stop func()) *arrivingBody {
	b := &arrivingBody{network: network, stop: stop}
	s.mu.Lock()
	defer s.mu.Unlock()
	if nearby := s.byNetwork[network]; nearby != nil && nearby.Len() >= s.perNetwork {
		s.giveUp(nearby.Front().Value.(*arrivingBody))
	}
	if s.byNetwork[network] == nil {
		s.byNetwork[network] = list.New()
	}
	b.all, b.nearby = s.arriving.PushBack(b), s.byNetwork[network].PushBack(b)
	return b
}

// hold counts more bytes of a body, and gives up older ones until there is room. It returns false if the body
// itself has been given up.
func (s *bodies) hold(b *arrivingBody, more int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !b.stopped && s.held+more > s.bytes { // b is in the list itself, so this ends
		s.giveUp(s.arriving.Front().Value.(*arrivingBody))
	}
	if b.stopped {
		return false
	}
	b.held += more
	s.held += more
	return true
}

// arrived keeps counting the bytes of a complete body, but it is not given up any more.
func (s *bodies) arrived(b *arrivingBody) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unlist(b)
}

// leave forgets a body.
func (s *bodies) leave(b *arrivingBody) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unlist(b)
	s.held -= b.held
	b.held = 0
}

func (s *bodies) giveUp(b *arrivingBody) {
	s.unlist(b)
	s.held -= b.held
	b.held, b.stopped = 0, true
	b.stop()
}

func (s *bodies) unlist(b *arrivingBody) {
	if b.all == nil {
		return
	}
	nearby := s.byNetwork[b.network]
	s.arriving.Remove(b.all)
	nearby.Remove(b.nearby)
	b.all, b.nearby = nil, nil
	if nearby.Len() == 0 {
		delete(s.byNetwork, b.network)
	}
}

// read returns a request's body. Its buffer grows with what has arrived, whatever length the request claims.
func (s *bodies) read(b *arrivingBody, w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body := http.MaxBytesReader(w, r.Body, MaxBody)
	var raw []byte
	for {
		if len(raw) == cap(raw) {
			size := max(2*cap(raw), firstBuffer)
			if r.ContentLength >= 0 && r.ContentLength < int64(size) {
				size = int(r.ContentLength) + 1 // room to notice the end
			}
			size = max(size, len(raw)+1)
			if !s.hold(b, size-cap(raw)) {
				return nil, errMadeWay
			}
			raw = append(make([]byte, 0, size), raw...)
		}
		n, err := body.Read(raw[len(raw):cap(raw)])
		raw = raw[:len(raw)+n]
		if errors.Is(err, io.EOF) {
			s.arrived(b)
			return raw, nil
		}
		if err != nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			if b.stopped {
				err = errMadeWay
			}
			return nil, err
		}
	}
}
