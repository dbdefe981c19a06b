package httpserver

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// Compressed compresses answers with gzip for clients that accept it. Sockets pass through as they are.
func Compressed(next http.Handler) http.Handler {
	compressing := gzhttp.GzipHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			next.ServeHTTP(w, r)
			return
		}
		compressing.ServeHTTP(w, r)
	})
}
