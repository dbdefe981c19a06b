package eventstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Refused reports that the event store will not serve this program until someone changes something. Waiting does not
// help, so nobody waits.
type Refused struct {
	Code    string // stable
	Problem string
	Remedy  string
}

// Error says what is wrong and what to do.
func (r *Refused) Error() string { return r.Code + ": " + r.Problem + ". " + r.Remedy }

// kindOf returns what to say only once about a connection that cannot be made.
func kindOf(r *Refused) string {
	if r == nil {
		return "UNREACHABLE"
	}
	return r.Code
}

// denied reports whether the user lacks a right.
func denied(err error) bool {
	var e *esdb.Error
	if errors.As(err, &e) && e.Code() == esdb.ErrorCodeAccessDenied {
		return true
	}
	return status.Code(err) == codes.PermissionDenied
}

// explain returns why a connection could not be made, as a Refused if the answer is final.
func (s *Store) explain(ctx context.Context, err error) error {
	var refused *Refused
	if errors.As(err, &refused) {
		return refused
	}
	var e *esdb.Error
	wrongUser := errors.As(err, &e) && e.Code() == esdb.ErrorCodeUnauthenticated || status.Code(err) == codes.Unauthenticated
	switch {
	case wrongUser && s.config.Username == "":
		return &Refused{"EVENTSTORE_USER_MISSING", "the event store asks for a user, and its URL names none",
			"Put them into EVENTSTORE_URL: esdb://USER:PASSWORD@HOST:PORT"}
	case wrongUser:
		return &Refused{"EVENTSTORE_PASSWORD_WRONG",
			"the event store does not know the user " + s.config.Username + ", or the password is wrong",
			"Correct them in EVENTSTORE_URL"}
	case denied(err):
		return s.missing("read streams", "Let the user read all streams whose names do not begin with $")
	}
	for _, address := range addresses(s.config) {
		if refused := checkTransport(ctx, s.config, address); refused != nil {
			return refused
		}
	}
	return fmt.Errorf("probe: %w", err)
}

func (s *Store) missing(right, remedy string) *Refused {
	user := s.config.Username
	if user == "" {
		user = "without a name"
	}
	return &Refused{"EVENTSTORE_RIGHT_MISSING", fmt.Sprintf("the event store does not let the user %s %s", user, right),
		remedy + " (docs/operations.md, \"Rights in the event store\")"}
}

// checkRights finds out whether the user may follow the log, which by default only administrators may, and append to it.
func (s *Store) checkRights(ctx context.Context, c *conn) error {
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if err := c.enter(); err != nil {
		return err
	}
	_, err := run(limited, c, func(ctx context.Context, client *esdb.Client) (struct{}, error) {
		read, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		if err != nil {
			return struct{}{}, err
		}
		defer read.Close()
		if _, err = read.Recv(); errors.Is(err, io.EOF) {
			err = nil
		}
		return struct{}{}, err
	})
	if denied(err) {
		return s.missing("read $all", "Let an administrator of the event store grant it: parley events allow USER ADMIN-URL")
	}
	if err != nil {
		return err
	}
	if denied(s.writes.check(ctx)) {
		return s.missing("append events", "Let the user write to all streams whose names do not begin with $")
	}
	return nil // that it takes no events at the moment is no reason not to read
}

const handshakeLimit = 2 * time.Second

// checkTransport finds out whether TLS is why an address that accepts connections cannot be used.
func checkTransport(ctx context.Context, config *esdb.Configuration, address string) *Refused {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil
	}
	if config.DisableTLS {
		secure := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}} // only to see who answers
		if handshake(ctx, address, secure) == nil {
			return &Refused{"EVENTSTORE_WANTS_TLS", "the event store at " + address + " speaks TLS only",
				"Remove tls=false from EVENTSTORE_URL"}
		}
		return nil
	}
	err = handshake(ctx, address, &tls.Config{RootCAs: config.RootCAs, ServerName: host, NextProtos: []string{"h2"},
		InsecureSkipVerify: config.SkipCertificateVerification})
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &authority):
		return &Refused{"EVENTSTORE_CA_UNKNOWN",
			"the certificate of the event store at " + address + " was issued by an authority that is not trusted here",
			"Name the authority's certificate in EVENTSTORE_URL: tlsCaFile=/path/to/ca.crt"}
	case errors.As(err, &name), errors.As(err, &invalid):
		return &Refused{"EVENTSTORE_CERTIFICATE", fmt.Sprintf("the certificate of the event store at %s is not valid: %v", address, err),
			"Use an address that the certificate names, or replace the certificate"}
	case speaksPlainly(ctx, address):
		return &Refused{"EVENTSTORE_WITHOUT_TLS", "the event store at " + address + " does not speak TLS",
			"Turn on TLS there, or add tls=false to EVENTSTORE_URL if nobody else can reach the network between"}
	}
	return nil
}

func handshake(ctx context.Context, address string, config *tls.Config) error {
	ctx, cancel := context.WithTimeout(ctx, handshakeLimit)
	defer cancel()
	conn, err := (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// speaksPlainly reports whether a server answers HTTP/2 without TLS.
func speaksPlainly(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, handshakeLimit)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(handshakeLimit)) // an error shows below
	const settings = 4                                   // the type of the first frame on either side
	hello := "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + string([]byte{0, 0, 0, settings, 0, 0, 0, 0, 0})
	if _, err := conn.Write([]byte(hello)); err != nil {
		return false
	}
	var frame [9]byte
	_, err = io.ReadFull(conn, frame[:])
	return err == nil && frame[3] == settings
}
