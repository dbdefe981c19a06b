package node

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// LocalUser is the user that Parley's own processes connect as.
const LocalUser = "parley"

const (
	certificateLasts = 10 * 365 * 24 * time.Hour
	renewedBefore    = 365 * 24 * time.Hour // the end of a certificate
)

// Identity is a node's certificate, and the password it asks local clients for. Only the owner of its folder can read
// the password, so no other local account can use the node.
type Identity struct {
	certificate tls.Certificate
	file        string // the certificate, which clients trust
	password    string // of LocalUser
}

// OpenIdentity reads an identity from a folder, or makes one: a certificate for loopback addresses and a password.
// A certificate that will end soon is replaced.
func OpenIdentity(dir string) (*Identity, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := filepath.Abs(filepath.Join(dir, "node.pem"))
	if err != nil {
		return nil, err
	}
	password, err := keep(filepath.Join(dir, "password"), func() ([]byte, error) { return []byte(rand.Text()), nil })
	if err != nil {
		return nil, err
	}
	content, err := keep(file, newCertificate)
	if err != nil {
		return nil, err
	}
	certificate, err := tls.X509KeyPair(content, content)
	if err == nil && time.Until(certificate.Leaf.NotAfter) < renewedBefore {
		if content, err = newCertificate(); err == nil {
			err = replace(file, content)
		}
		if err == nil {
			certificate, err = tls.X509KeyPair(content, content)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("event store certificate %s: %w", file, err)
	}
	return &Identity{certificate: certificate, file: file, password: strings.TrimSpace(string(password))}, nil
}

// keep returns the content of a file, or creates it. Of several processes that create it at once, all get the same.
func keep(path string, create func() ([]byte, error)) ([]byte, error) {
	content, err := os.ReadFile(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return content, err
	}
	if content, err = create(); err != nil {
		return nil, err
	}
	temp, err := writeTemp(path, content)
	if err != nil {
		return nil, err
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

func replace(path string, content []byte) error {
	temp, err := writeTemp(path, content)
	if err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// writeTemp writes a file beside path that only its owner can read.
func writeTemp(path string, content []byte) (string, error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	return file.Name(), errors.Join(err, file.Sync(), file.Close())
}

// newCertificate returns, in PEM, a certificate for loopback addresses, the authority that signed it, and its
// key. The authority signs nothing else, because its own key is not kept. A single self-signed certificate
// would not do: Rust's TLS, which the Node.js client uses too, refuses a server whose certificate may sign
// others.
func newCertificate() ([]byte, error) {
	signerKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	signer := &x509.Certificate{
		SerialNumber: serialNumber(), Subject: pkix.Name{CommonName: "Authority of Parley's embedded event store"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLasts),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
	}
	own := &x509.Certificate{
		SerialNumber: serialNumber(), Subject: pkix.Name{CommonName: "Parley's embedded event store"},
		NotBefore: signer.NotBefore, NotAfter: signer.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	authority, err := x509.CreateCertificate(rand.Reader, signer, signer, &signerKey.PublicKey, signerKey)
	if err != nil {
		return nil, err
	}
	signed, err := x509.CreateCertificate(rand.Reader, own, signer, &key.PublicKey, signerKey)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return slices.Concat(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), nil
}

func serialNumber() *big.Int {
	var random [15]byte
	_, _ = rand.Read(random[:]) // never fails
	return new(big.Int).SetBytes(random[:])
}

// Secure adds the identity to a configuration. Clients that ask for a host by name get the configuration's own
// certificate if it has one; those on this machine, which connect to an address, get the identity's.
func (i *Identity) Secure(cfg Config, own *tls.Certificate) Config {
	users := map[string]string{LocalUser: i.password}
	maps.Copy(users, cfg.Users)
	cfg.Users = users
	cfg.TLS = &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if own != nil && hello.ServerName != "" && hello.ServerName != "localhost" {
				return own, nil
			}
			return &i.certificate, nil
		},
	}
	return cfg
}

// URL returns the connection string for clients on this machine. It contains the password.
func (i *Identity) URL(n *Node) string {
	return "esdb://" + LocalUser + ":" + i.password + "@" + n.localAddress() +
		"?tls=true&tlsCaFile=" + url.QueryEscape(i.file)
}
