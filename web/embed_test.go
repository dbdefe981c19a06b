package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"
)

func get(t *testing.T, files fstest.MapFS, method, target string) *http.Response {
	t.Helper()
	rec := httptest.NewRecorder()
	handler(files).ServeHTTP(rec, httptest.NewRequest(method, target, nil))
	return rec.Result()
}

func TestServingTheDesktop(t *testing.T) {
	built := fstest.MapFS{
		"index.html":           {Data: []byte("<title>Parley</title>")},
		"assets/app-abc123.js": {Data: []byte("export {}")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		".keep":                {Data: []byte("kept")},
	}
	for name, c := range map[string]struct {
		method, path, cache string
		status              int
	}{
		"the front page is never cached":            {"GET", "/", "no-cache", 200},
		"a page of the app gets the index":          {"GET", "/interactions/018f3a?panel=contact", "no-cache", 200},
		"a hashed file is cached for ever":          {"GET", "/assets/app-abc123.js", "public, max-age=31536000, immutable", 200},
		"a file without a hash is cached for a bit": {"GET", "/favicon.svg", "public, max-age=3600", 200},
		"a missing file is not the index":           {"GET", "/assets/gone-999.js", "", 404},
		"a hidden file is not served":               {"GET", "/.keep", "", 404},
		"a path cannot leave the folder":            {"GET", "/assets/../../embed.go", "", 404},
		"pages are only read":                       {"POST", "/", "", 405},
	} {
		t.Run(name, func(t *testing.T) {
			res := get(t, built, c.method, c.path)
			require.Equal(t, c.status, res.StatusCode)
			require.Equal(t, c.cache, res.Header.Get("Cache-Control"))
		})
	}
}

func TestAssetsAreSentInTheFormTheClientAccepts(t *testing.T) {
	const script = "export const greeting = 'hello'"
	var brotlied, gzipped bytes.Buffer
	b, g := brotli.NewWriter(&brotlied), gzip.NewWriter(&gzipped)
	for _, w := range []io.WriteCloser{b, g} {
		_, err := io.WriteString(w, script)
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	built := fstest.MapFS{
		"index.html":           {Data: []byte("<title>Parley</title>")},
		"assets/app-abc.js.br": {Data: brotlied.Bytes()},
		"assets/app-abc.js.gz": {Data: gzipped.Bytes()},
	}
	for name, c := range map[string]struct{ accepts, encoding, body string }{
		"a browser over TLS":                {"gzip, deflate, br", "br", brotlied.String()},
		"a browser over plain HTTP":         {"gzip, deflate", "gzip", gzipped.String()},
		"a client that accepts no encoding": {"", "", script},
	} {
		t.Run(name, func(t *testing.T) {
			rec, req := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/assets/app-abc.js", nil)
			req.Header.Set("Accept-Encoding", c.accepts)
			handler(built).ServeHTTP(rec, req)
			require.Equal(t, http.StatusOK, rec.Code)
			require.Equal(t, c.encoding, rec.Header().Get("Content-Encoding"))
			require.Equal(t, "application/javascript", rec.Header().Get("Content-Type"))
			require.Contains(t, rec.Header().Values("Vary"), "Accept-Encoding")
			require.Equal(t, c.body, rec.Body.String())
		})
	}
}

func TestBeforeTheFirstBuildThePageSaysWhatToDo(t *testing.T) {
	rec := httptest.NewRecorder()
	handler(fstest.MapFS{".keep": {}}).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, http.StatusServiceUnavailable, rec.Code)
	require.Contains(t, rec.Body.String(), "make web")
}
