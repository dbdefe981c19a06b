package main

import (
	"context"
	"net/http"
	"net/http/pprof"
	"time"
)

// serveProfiles lets go tool pprof look at the running program. It is off unless asked for, and on this machine alone.
func (p *program) serveProfiles(ctx context.Context) error {
	listener, err := listen(p.cfg.Profiles, "PARLEY_PPROF")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	_ = server.Serve(listener)
	return nil
}
