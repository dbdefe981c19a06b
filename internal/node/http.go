package node

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strconv"
	"time"
)

// newHTTP creates the server that answers health checks over HTTP/1. It asks for no password.
func (n *Node) newHTTP(users bool) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health/live", n.live)
	mux.HandleFunc("GET /info", func(w http.ResponseWriter, _ *http.Request) { writeInfo(w, users) })
	return &http.Server{
		Handler: mux, ReadHeaderTimeout: helloPatience, ReadTimeout: helloPatience, WriteTimeout: helloPatience,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0),
	}
}

// live answers 204, or the status that the caller asks for, if the node can reach its database; otherwise
// 503.
func (n *Node) live(w http.ResponseWriter, r *http.Request) {
	code := http.StatusNoContent
	if asked, err := strconv.Atoi(r.URL.Query().Get("liveCode")); err == nil && asked >= 200 && asked < 300 {
		code = asked
	}
	if n.health.down.Load() {
		code = http.StatusServiceUnavailable
	}
	w.WriteHeader(code)
}

func writeInfo(w http.ResponseWriter, users bool) {
	authentication := "insecure"
	if users {
		authentication = "internal"
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{ // the caller may have left
		"dbVersion": serverVersion, "esVersion": serverVersion, "state": "leader",
		"features":       map[string]bool{"projections": false, "userManagement": false, "atomPub": false},
		"authentication": map[string]any{"type": authentication, "properties": map[string]string{}},
	})
}
