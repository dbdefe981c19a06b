// Package web carries the built agent desktop inside the binary and serves it.
package web

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/vearutop/statigz"
	"github.com/vearutop/statigz/brotli"
)

//go:embed all:dist
var dist embed.FS

// Handler serves the built agent desktop. Files under /assets/ were compressed by the build, carry a hash in
// their name and are cached for ever. Any other path without an extension is a page of the app and gets the
// index, which is never cached. Before the first build of the UI it answers 503 with a page that says how to
// build it.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is named in the directive above, so this cannot happen at run time
	}
	return handler(files.(fs.ReadDirFS)) // sub-folders of an embedded folder implement it
}

func handler(files fs.ReadDirFS) http.Handler {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return http.HandlerFunc(notBuilt)
	}
	static := http.FileServerFS(files)
	assets := statigz.FileServer(files, brotli.AddEncoding)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		switch {
		case name == "" || name == "index.html" || path.Ext(name) == "":
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			http.ServeContent(w, r, "index.html", time.Time{}, bytes.NewReader(index))
		case strings.HasPrefix(name, "assets/") && assets.Found(r):
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			assets.ServeHTTP(w, r)
		case isFile(files, name) && !strings.HasPrefix(name, "."):
			w.Header().Set("Cache-Control", "public, max-age=3600")
			static.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	})
}

func isFile(files fs.FS, name string) bool {
	info, err := fs.Stat(files, name)
	return err == nil && info.Mode().IsRegular()
}

const notBuiltPage = `<!doctype html><meta charset="utf-8"><title>Parley</title>
<h1>The agent desktop is not built yet</h1>
<p>The server is running. Run <code>make web</code> and start it again to have the pages inside it.</p>
`

func notBuilt(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(notBuiltPage))
}
