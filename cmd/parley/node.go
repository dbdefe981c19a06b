package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"parley/internal/node"
)

// nodeFolder returns the folder with the certificate and the password of the embedded event store.
func nodeFolder(cfg Config) string { return filepath.Join(cfg.DataDir, "node") }

// startNode starts the embedded event store. It returns the connection string for this program, which contains a
// password.
func startNode(ctx context.Context, cfg Config, log *slog.Logger) (*node.Node, string, error) {
	users, err := cfg.nodeUsers()
	if err != nil {
		return nil, "", err
	}
	var own *tls.Certificate
	if cfg.NodeCertFile != "" {
		certificate, err := tls.LoadX509KeyPair(cfg.NodeCertFile, cfg.NodeKeyFile)
		if err != nil {
			return nil, "", fmt.Errorf("PARLEY_NODE_CERT_FILE and PARLEY_NODE_KEY_FILE: %w", err)
		}
		own = &certificate
	}
	identity, err := node.OpenIdentity(nodeFolder(cfg))
	if err != nil {
		return nil, "", err
	}
	n, err := node.Start(ctx, identity.Secure(node.Config{
		DatabaseURL: string(cfg.DatabaseURL), Listen: cfg.NodeListen, Users: users, Log: log,
	}, own))
	if err != nil {
		return nil, "", err
	}
	return n, identity.URL(n), nil
}

// nodeUsers returns the passwords of the programs that may use the embedded event store, by name.
func (c Config) nodeUsers() (map[string]string, error) {
	users := make(map[string]string)
	for _, line := range strings.FieldsFunc(string(c.NodeUsers), func(r rune) bool { return r == ',' || r == '\n' }) {
		name, password, found := strings.Cut(strings.TrimSpace(line), ":")
		switch {
		case !found || name == "" || password == "":
			return nil, errors.New("each entry is NAME:PASSWORD")
		case name == node.LocalUser:
			return nil, fmt.Errorf("the name %s is Parley's own", name)
		}
		users[name] = password
	}
	return users, nil
}
