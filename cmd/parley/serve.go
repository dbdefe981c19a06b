package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

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
	if cfg.Has("web") && !Loopback(cfg.Listen) && !strings.HasPrefix(cfg.PublicURL, "https://") {
		log.Warn("other machines can connect without TLS: use a TLS proxy and set PARLEY_PUBLIC_URL",
			"listen", cfg.Listen)
	}
	return serveOn(ctx, cfg, log)
}

// serveOn runs the program until ctx ends. When the deployment moves to another event store, it starts again
// there. The port stays open, so connections made in between wait. allowed lists additional base URLs of
// providers.
func serveOn(ctx context.Context, cfg Config, log *slog.Logger, allowed ...string) error {
	var port net.Listener
	for {
		p, err := build(ctx, cfg, log, allowed...)
		if err != nil && port != nil && ctx.Err() == nil { // the other event store may not be reachable yet
			log.Warn("the other event store cannot be used; trying again", "error", err)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			continue
		}
		if err != nil {
			return err
		}
		if port == nil {
			if port, err = listen(cfg.Listen, "PARLEY_LISTEN"); err != nil {
				p.close()
				return err
			}
			defer func() { _ = port.Close() }()
		}
		log.Info("serving", "listen", port.Addr().String(), "roles", strings.Join(cfg.Roles, ","))
		again, err := duplicate(port)
		if err == nil {
			err = p.run(ctx, p.serveHTTP(again, p.handler()))
		}
		url, moved := p.movedTo(ctx, err)
		p.close()
		if !moved {
			return err
		}
		cfg.EventStoreURL = Secret(url)
		log.Info("starting again on the other event store")
	}
}

// duplicate returns a second listener on a port, which stays open when the first one is closed.
func duplicate(l net.Listener) (net.Listener, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, fmt.Errorf("%s is not a TCP port", l.Addr())
	}
	f, err := tcp.File()
	if err != nil {
		return nil, err
	}
	defer f.Close() // FileListener has its own
	return net.FileListener(f)
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
