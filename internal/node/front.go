package node

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

const (
	http2Preface  = "PRI * HTTP/2.0" // only HTTP/2 connections begin like this
	helloPatience = 10 * time.Second // for the TLS handshake and the first bytes of a connection
)

// front accepts connections and passes each to its server: HTTP/2, which gRPC uses, or HTTP/1, which health
// checks use. Both share the port and, if configured, TLS.
type front struct {
	listener net.Listener
	tls      *tls.Config // nil without TLS
	http2    *handedOver
	http1    *handedOver

	mu      sync.Mutex
	pending map[net.Conn]bool // connections that have not shown their protocol yet; nil once the front is closed
	greeted sync.WaitGroup
}

func newFront(listener net.Listener, config *tls.Config) *front {
	f := &front{listener: listener, http2: newHandedOver(listener.Addr()), http1: newHandedOver(listener.Addr()),
		pending: map[net.Conn]bool{}}
	if config != nil {
		f.tls = config.Clone()
		f.tls.NextProtos = []string{"h2", "http/1.1"}
	}
	return f
}

// run accepts connections until close is called or the listener fails. Both servers then get the error.
func (f *front) run() {
	for {
		conn, err := f.listener.Accept()
		if err != nil && !errors.Is(err, net.ErrClosed) && temporary(err) {
			time.Sleep(50 * time.Millisecond)
			continue
		}
		if err != nil {
			f.http2.fail(err)
			f.http1.fail(err)
			return
		}
		if f.expect(conn) {
			go f.greet(conn)
		}
	}
}

// temporary reports whether accepting may soon work again, for example after too many open files.
func temporary(err error) bool {
	known, ok := errors.AsType[interface {
		error
		Temporary() bool
	}](err)
	return ok && known.Temporary()
}

// expect remembers a new connection. It returns false if the front is closed.
func (f *front) expect(conn net.Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pending == nil {
		_ = conn.Close()
		return false
	}
	f.pending[conn] = true
	f.greeted.Add(1)
	return true
}

// greet finds out which protocol a connection speaks, and hands it to that server.
func (f *front) greet(raw net.Conn) {
	defer f.greeted.Done()
	conn, err := f.hello(raw)
	f.mu.Lock()
	delete(f.pending, raw)
	f.mu.Unlock()
	if err != nil {
		_ = raw.Close()
		return
	}
	if conn.start != nil && string(conn.start) == http2Preface {
		f.http2.hand(conn)
	} else {
		f.http1.hand(conn)
	}
}

func (f *front) hello(raw net.Conn) (*begun, error) {
	conn := raw
	if err := raw.SetDeadline(time.Now().Add(helloPatience)); err != nil {
		return nil, err
	}
	if f.tls != nil {
		secure := tls.Server(raw, f.tls)
		if err := secure.HandshakeContext(context.Background()); err != nil {
			return nil, err
		}
		conn = secure
	}
	start, buffer := []byte{}, make([]byte, len(http2Preface))
	for len(start) < len(buffer) && bytes.HasPrefix([]byte(http2Preface), start) {
		n, err := conn.Read(buffer[len(start):])
		if err != nil {
			return nil, err
		}
		start = buffer[:len(start)+n]
	}
	return &begun{Conn: conn, start: start}, raw.SetDeadline(time.Time{})
}

// close stops accepting, and closes connections that have not shown their protocol.
func (f *front) close() {
	_ = f.listener.Close()
	f.mu.Lock()
	for conn := range f.pending {
		_ = conn.Close()
	}
	f.pending = nil
	f.mu.Unlock()
	f.greeted.Wait()
}

// begun is a connection whose first bytes have been read already.
type begun struct {
	net.Conn
	start []byte
}

func (b *begun) Read(into []byte) (int, error) {
	if len(b.start) == 0 {
		return b.Conn.Read(into)
	}
	n := copy(into, b.start)
	b.start = b.start[n:]
	return n, nil
}

// handedOver is a listener that gets its connections from a front.
type handedOver struct {
	address net.Addr
	conns   chan net.Conn
	once    sync.Once
	closed  chan struct{}
	err     error // why there are no more connections; set before closed is
}

func newHandedOver(address net.Addr) *handedOver {
	return &handedOver{address: address, conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (h *handedOver) hand(conn net.Conn) {
	select {
	case h.conns <- conn:
	case <-h.closed:
		_ = conn.Close()
	}
}

func (h *handedOver) fail(err error) {
	h.once.Do(func() {
		h.err = err
		close(h.closed)
	})
}

func (h *handedOver) Accept() (net.Conn, error) {
	select {
	case conn := <-h.conns:
		return conn, nil
	case <-h.closed:
		return nil, h.err
	}
}

func (h *handedOver) Close() error {
	h.fail(net.ErrClosed)
	return nil
}

func (h *handedOver) Addr() net.Addr { return h.address }
