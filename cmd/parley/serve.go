package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"strings"

	"parley/internal/process"
)

// serve runs the program in production: all roles in one process, or some of them in each of many.
func serve(ctx context.Context, e environment) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	roles := flags.String("roles", "", "web, projector, reactor (default: all)")
	if err := flags.Parse(e.args); err != nil {
		return err
	}
	cfg, err := LoadConfig(func(name string) string {
		if name == "PARLEY_ROLES" && *roles != "" {
			return *roles
		}
		return e.getenv(name)
	})
	if err == nil && cfg.DatabaseURL == "" {
		err = errors.New("DATABASE_URL is required, for example postgres://parley:…@127.0.0.1:5432/parley")
	}
	if err != nil {
		return err
	}
	log := process.NewLog(e.stderr, cfg.LogLevel)
	p, err := build(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer p.close()
	listener, err := listen(cfg.Listen, "PARLEY_LISTEN")
	if err != nil {
		return err
	}
	if cfg.Has("web") && !Loopback(cfg.Listen) && !strings.HasPrefix(cfg.PublicURL, "https://") {
		log.Warn("other machines can connect without TLS: use a TLS proxy and set PARLEY_PUBLIC_URL",
			"listen", cfg.Listen)
	}
	log.Info("serving", "listen", listener.Addr().String(), "roles", strings.Join(cfg.Roles, ","))
	return p.run(ctx, p.serveHTTP(listener, p.handler()))
}

// listen opens a port. Its error says how to choose another one.
func listen(address, setting string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s (%w): stop the program that uses it, or choose another address with %s",
			address, errors.Unwrap(err), setting)
	}
	return l, nil
}
