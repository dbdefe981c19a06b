package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"strings"
)

// serve runs the program for real: on one machine, or one of its roles on many.
func serve(ctx context.Context, e environment) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	roles := flags.String("roles", "", "web, projector, reactor; all by default")
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
		err = errors.New("DATABASE_URL: say which Postgres to use, such as postgres://parley:…@127.0.0.1:5432/parley")
	}
	if err != nil {
		return err
	}
	log := newLog(e.stderr, cfg.LogLevel)
	p, err := build(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer p.close()
	if !cfg.Has("web") {
		return p.run(ctx, nil)
	}
	listener, err := listen(cfg.Listen, "PARLEY_LISTEN")
	if err != nil {
		return err
	}
	if !Loopback(cfg.Listen) && !strings.HasPrefix(cfg.PublicURL, "https://") {
		log.Warn("served without TLS beyond this machine: put a proxy with TLS in front and set PARLEY_PUBLIC_URL", "listen", cfg.Listen)
	}
	log.Info("serving", "listen", listener.Addr().String(), "roles", strings.Join(cfg.Roles, ","))
	return p.run(ctx, p.serveHTTP(listener, p.handler()))
}

// listen opens a port, or says in a sentence why not.
func listen(address, setting string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s (%w): stop what uses it, or choose another address with %s", address, errors.Unwrap(err), setting)
	}
	return l, nil
}
