package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config holds all settings from the environment.
type Config struct {
	Listen         string        // PARLEY_LISTEN: where the UI, GraphQL and webhooks are served, or only health and metrics
	DataDir        string        // PARLEY_DATA_DIR: files, keys, the local queue, and in dev the private Postgres
	PublicURL      string        // PARLEY_PUBLIC_URL: how browsers and providers reach us; if empty, taken from the request
	DatabaseURL    Secret        // DATABASE_URL: required, except in dev
	EventStoreURL  Secret        // EVENTSTORE_URL: if empty, the embedded node is used
	NodeListen     string        // PARLEY_NODE_LISTEN: where the embedded node listens
	NodeCertFile   string        // PARLEY_NODE_CERT_FILE: certificate for clients that know the node by a host name
	NodeKeyFile    string        // PARLEY_NODE_KEY_FILE: its private key
	NodeUsers      Secret        // PARLEY_NODE_USERS: NAME:PASSWORD of other programs, separated by commas or line breaks
	MasterKeyFile  string        // PARLEY_MASTER_KEY_FILE: created on first start
	Roles          []string      // PARLEY_ROLES: web, projector, reactor
	Demo           string        // PARLEY_DEMO: full or empty (dev only)
	Drain          time.Duration // PARLEY_DRAIN: how long a stopping process that is not ready still accepts requests
	Grace          time.Duration // PARLEY_GRACE: how long open requests may take when stopping
	TrustedProxies []string      // PARLEY_TRUSTED_PROXIES: proxies whose X-Forwarded headers are trusted
	S3Endpoint     string        // PARLEY_S3_ENDPOINT: an object store for files; if empty, a folder of DataDir is used
	S3Bucket       string        // PARLEY_S3_BUCKET: an existing bucket that nothing else uses
	S3Region       string        // PARLEY_S3_REGION
	S3AccessKey    Secret        // PARLEY_S3_ACCESS_KEY
	S3SecretKey    Secret        // PARLEY_S3_SECRET_KEY
	LogLevel       string        // PARLEY_LOG_LEVEL: debug, info, warn, error
	Profiles       string        // PARLEY_PPROF: loopback address for Go profiles; if empty, none are served
}

// Secret is text that never shows in logs or dumps.
type Secret string

// String hides the secret.
func (Secret) String() string { return "***" }

// GoString hides the secret from %#v too.
func (Secret) GoString() string { return "***" }

// MarshalText hides the secret in JSON and logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

var allRoles = []string{"web", "projector", "reactor"}

// anyPort lets the system choose a free port for the embedded node.
const anyPort = "127.0.0.1:0"

// LoadConfig reads the environment and reports every bad value at once.
func LoadConfig(getenv func(string) string) (Config, error) {
	e := env{get: getenv}
	c := Config{
		Listen:         e.text("PARLEY_LISTEN", "127.0.0.1:8080"),
		DataDir:        e.text("PARLEY_DATA_DIR", ".parley"),
		PublicURL:      strings.TrimRight(e.text("PARLEY_PUBLIC_URL", ""), "/"),
		DatabaseURL:    e.secret("DATABASE_URL"),
		EventStoreURL:  e.secret("EVENTSTORE_URL"),
		NodeListen:     e.text("PARLEY_NODE_LISTEN", anyPort),
		NodeCertFile:   e.text("PARLEY_NODE_CERT_FILE", ""),
		NodeKeyFile:    e.text("PARLEY_NODE_KEY_FILE", ""),
		NodeUsers:      e.secret("PARLEY_NODE_USERS"),
		MasterKeyFile:  e.text("PARLEY_MASTER_KEY_FILE", ""),
		Roles:          e.list("PARLEY_ROLES", allRoles),
		Demo:           e.oneOf("PARLEY_DEMO", "full", "full", "empty"),
		Drain:          e.duration("PARLEY_DRAIN", 5*time.Second),
		Grace:          e.duration("PARLEY_GRACE", 30*time.Second),
		TrustedProxies: e.list("PARLEY_TRUSTED_PROXIES", nil),
		S3Endpoint:     e.text("PARLEY_S3_ENDPOINT", ""),
		S3Bucket:       e.text("PARLEY_S3_BUCKET", ""),
		S3Region:       e.text("PARLEY_S3_REGION", ""),
		S3AccessKey:    e.secret("PARLEY_S3_ACCESS_KEY"),
		S3SecretKey:    e.secret("PARLEY_S3_SECRET_KEY"),
		LogLevel:       e.oneOf("PARLEY_LOG_LEVEL", "info", "debug", "info", "warn", "error"),
		Profiles:       e.text("PARLEY_PPROF", ""),
	}
	for _, name := range []string{"PARLEY_LISTEN", "PARLEY_NODE_LISTEN", "PARLEY_PPROF"} {
		e.address(name)
	}
	if c.Profiles != "" && !Loopback(c.Profiles) {
		e.fail("PARLEY_PPROF", "%q can be reached from other machines: use 127.0.0.1:port", c.Profiles)
	}
	for _, role := range c.Roles {
		if !slices.Contains(allRoles, role) {
			e.fail("PARLEY_ROLES", "%q is not one of %s", role, strings.Join(allRoles, ", "))
		}
	}
	e.bucket(c)
	if (c.NodeCertFile == "") != (c.NodeKeyFile == "") {
		e.fail("PARLEY_NODE_CERT_FILE", "set it together with PARLEY_NODE_KEY_FILE")
	}
	if _, err := c.nodeUsers(); err != nil {
		e.fail("PARLEY_NODE_USERS", "%v", err)
	}
	if c.MasterKeyFile == "" {
		c.MasterKeyFile = filepath.Join(c.DataDir, "master.key")
	}
	return c, errors.Join(e.problems...)
}

// Loopback reports whether an address can be reached from this machine only.
func Loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Has reports whether this process has a role.
func (c Config) Has(role string) bool { return slices.Contains(c.Roles, role) }

// env reads values and collects what is wrong with them.
type env struct {
	get      func(string) string
	problems []error
}

func (e *env) fail(name, format string, args ...any) {
	e.problems = append(e.problems, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
}

func (e *env) text(name, fallback string) string {
	if v := strings.TrimSpace(e.get(name)); v != "" {
		return v
	}
	return fallback
}

// secret returns the value of NAME, or the content of the file in NAME_FILE.
func (e *env) secret(name string) Secret {
	file := e.text(name+"_FILE", "")
	if file == "" {
		return Secret(e.text(name, ""))
	}
	if e.get(name) != "" {
		e.fail(name, "set it or %s_FILE, not both", name)
		return ""
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		e.fail(name+"_FILE", "%v", err)
		return ""
	}
	return Secret(strings.TrimSpace(string(raw)))
}

func (e *env) list(name string, fallback []string) []string {
	v := e.text(name, "")
	if v == "" {
		return fallback
	}
	var all []string
	for part := range strings.SplitSeq(v, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func (e *env) oneOf(name, fallback string, allowed ...string) string {
	v := e.text(name, fallback)
	if !slices.Contains(allowed, v) {
		e.fail(name, "%q is not one of %s", v, strings.Join(allowed, ", "))
	}
	return v
}

func (e *env) duration(name string, fallback time.Duration) time.Duration {
	v := e.text(name, "")
	if v == "" {
		return fallback
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		e.fail(name, "%q is not a duration such as 30s", v)
	}
	return d
}

// bucket reports settings of an object store that are missing or wrong. Either all are set or none.
func (e *env) bucket(c Config) {
	if c.S3Endpoint+c.S3Bucket+c.S3Region+string(c.S3AccessKey)+string(c.S3SecretKey) == "" {
		return
	}
	if u, err := url.Parse(c.S3Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		e.fail("PARLEY_S3_ENDPOINT", "%q is not a URL such as https://s3.example.org", c.S3Endpoint)
	}
	for _, setting := range [][2]string{
		{"PARLEY_S3_BUCKET", c.S3Bucket},
		{"PARLEY_S3_ACCESS_KEY", string(c.S3AccessKey)},
		{"PARLEY_S3_SECRET_KEY", string(c.S3SecretKey)},
	} {
		if setting[1] == "" {
			e.fail(setting[0], "required as soon as any PARLEY_S3_ setting is used")
		}
	}
}

func (e *env) address(name string) {
	v := e.text(name, "")
	if v == "" {
		return
	}
	_, port, err := net.SplitHostPort(v)
	if n, portErr := strconv.Atoi(port); err != nil || portErr != nil || n < 0 || n > 65535 {
		e.fail(name, "%q is not an address such as 127.0.0.1:8080", v)
	}
}
