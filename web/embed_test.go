package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

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
		"no way out of the folder":                  {"GET", "/assets/../../embed.go", "", 404},
		"pages are only read":                       {"POST", "/", "", 405},
	} {
		t.Run(name, func(t *testing.T) {
			res := get(t, built, c.method, c.path)
			require.Equal(t, c.status, res.StatusCode)
			require.Equal(t, c.cache, res.Header.Get("Cache-Control"))
		})
	}
}

func TestBeforeTheFirstBuildThePageSaysWhatToDo(t *testing.T) {
	rec := httptest.NewRecorder()
	handler(fstest.MapFS{".keep": {}}).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	require.Equal(t, http.StatusServiceUnavailable, rec.Code)
	require.Contains(t, rec.Body.String(), "make web")
}
