package node_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
)

func TestOnlyTheOwnerOfTheIdentityMayUseTheNode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "node")
	identity, err := node.OpenIdentity(dir)
	require.NoError(t, err)
	n := startNode(t, identity.Secure(node.Config{DatabaseURL: devpg.TestDatabase(t),
		Users: map[string]string{"report": "secret"}}, nil))

	for name, address := range map[string]string{
		"the program itself": identity.URL(n),
		"a program with a user of its own": strings.Replace(identity.URL(n), credentialsOf(t, identity.URL(n)),
			"report:secret", 1),
	} {
		t.Run(name, func(t *testing.T) { appendOne(t, storetest.Connect(t, address), "mine-1") })
	}
	for name, address := range map[string]string{
		"another local account": n.URL() + "&tlsverifycert=false",
		"a wrong password":      strings.Replace(identity.URL(n), credentialsOf(t, identity.URL(n)), "parley:guess", 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := storetest.Connect(t, address).AppendToStream(withTimeout(t), "mine-1",
				esdb.AppendToStreamOptions{}, event())
			require.Error(t, err)
		})
	}
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "others can read %s", f.Name())
	}
}

// credentialsOf returns the user and password of a connection string.
func credentialsOf(t *testing.T, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	return parsed.User.String()
}

func TestTheIdentityOfANodeSurvivesARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "node")
	first, err := node.OpenIdentity(dir)
	require.NoError(t, err)
	n := startNode(t, first.Secure(node.Config{DatabaseURL: devpg.TestDatabase(t)}, nil))
	again, err := node.OpenIdentity(dir)
	require.NoError(t, err)
	require.Equal(t, first.URL(n), again.URL(n))
}

// Rust's TLS, in the clients for Rust and Node.js, refuses a server whose certificate is an authority.
func TestTheCertificateOfANodeIsSignedByAnAuthorityOfItsOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "node")
	identity, err := node.OpenIdentity(dir)
	require.NoError(t, err)
	n := startNode(t, identity.Secure(node.Config{DatabaseURL: devpg.TestDatabase(t)}, nil))
	trusted, err := os.ReadFile(filepath.Join(dir, "node.pem"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(trusted))
	for _, host := range []string{"127.0.0.1", "localhost"} {
		conn, err := tls.Dial("tcp", n.Addr(), &tls.Config{ServerName: host, RootCAs: roots})
		require.NoError(t, err)
		shown := conn.ConnectionState().PeerCertificates
		require.NoError(t, conn.Close())
		require.False(t, shown[0].IsCA)
		require.NoError(t, shown[0].CheckSignatureFrom(shown[1]))
		require.True(t, shown[1].IsCA)
	}
}

func TestClientsThatKnowTheNodeByItsNameGetItsOwnCertificate(t *testing.T) {
	identity, err := node.OpenIdentity(filepath.Join(t.TempDir(), "node"))
	require.NoError(t, err)
	own := selfSigned(t)
	n := startNode(t, identity.Secure(node.Config{DatabaseURL: devpg.TestDatabase(t)}, &own))
	shown := func(host string) []byte {
		conn, err := tls.Dial("tcp", n.Addr(), &tls.Config{ServerName: host, InsecureSkipVerify: true})
		require.NoError(t, err)
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].Raw
	}
	require.Equal(t, own.Certificate[0], shown("store.example.org"))
	require.NotEqual(t, own.Certificate[0], shown("127.0.0.1"))
}
