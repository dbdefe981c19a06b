package meta_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
)

// library returns a server that holds one file; file answers its n-th download.
func library(t *testing.T, file func(w http.ResponseWriter, r *http.Request, n int)) *httptest.Server {
	t.Helper()
	downloads := 0
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /v24.0/701", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token-1" || r.URL.Query().Get("phone_number_id") != "1001" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprintf(w, `{"url":"%s/file","mime_type":"image/jpeg","file_size":"5","id":"701"}`, server.URL)
	})
	mux.HandleFunc("GET /v24.0/gone", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"code":100,"message":"Unsupported get request"}}`)
	})
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, r *http.Request) {
		downloads++
		file(w, r, downloads)
	})
	return server
}

func hello(w http.ResponseWriter, r *http.Request, _ int) {
	if r.Header.Get("Authorization") == "Bearer token-1" {
		_, _ = io.WriteString(w, "hello")
	}
}

func TestAFileIsLookedUpAndDownloadedWithTheToken(t *testing.T) {
	server := library(t, hello)
	var got bytes.Buffer
	info, err := provider(server.URL).FetchMedia(context.Background(), at(server.URL), "701", &got, 100)
	require.NoError(t, err)
	sum := sha256.Sum256([]byte("hello"))
	require.Equal(t, channels.MediaInfo{MimeType: "image/jpeg", Size: 5, SHA256: sum[:]}, info)
	require.Equal(t, "hello", got.String())
}

func TestAnExpiredURLIsLookedUpAgainOnce(t *testing.T) {
	server := library(t, func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 1 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		hello(w, r, n)
	})
	var got bytes.Buffer
	_, err := provider(server.URL).FetchMedia(context.Background(), at(server.URL), "701", &got, 100)
	require.NoError(t, err)
	require.Equal(t, "hello", got.String())
}

func TestAFileTheProviderNoLongerHasIsGone(t *testing.T) {
	server := library(t, func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusNotFound) })
	for _, id := range []string{"701", "gone", "never-was"} {
		_, err := provider(server.URL).FetchMedia(context.Background(), at(server.URL), id, io.Discard, 100)
		require.ErrorIs(t, err, channels.ErrMediaGone, id)
	}
}

func TestAFileAboveTheLimitIsNotReadToItsEnd(t *testing.T) {
	server := library(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.(http.Flusher).Flush() // without a Content-Length
		_, _ = io.WriteString(w, strings.Repeat("x", 1000))
	})
	var got bytes.Buffer
	_, err := provider(server.URL).FetchMedia(context.Background(), at(server.URL), "701", &got, 100)
	require.ErrorIs(t, err, channels.ErrTooLarge)
	require.LessOrEqual(t, got.Len(), 100)
	_, err = provider(server.URL).FetchMedia(context.Background(), at(server.URL), "701", io.Discard, 4)
	require.ErrorIs(t, err, channels.ErrTooLarge, "by the size in the look-up")
}

func TestTheTokenDoesNotFollowARedirectToAnotherHost(t *testing.T) {
	var seen []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, "hello")
	}))
	defer other.Close()
	server := library(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		http.Redirect(w, r, other.URL, http.StatusFound)
	})
	_, err := provider(server.URL, other.URL).FetchMedia(context.Background(), at(server.URL), "701", io.Discard, 100)
	require.NoError(t, err)
	require.Equal(t, []string{""}, seen)
}

func TestEndlessRedirectsAreNotFollowed(t *testing.T) {
	server := library(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		http.Redirect(w, r, "/file", http.StatusFound)
	})
	_, err := provider(server.URL).FetchMedia(context.Background(), at(server.URL), "701", io.Discard, 100)
	require.ErrorContains(t, err, "too many redirects")
}

func TestTheTokenIsNotSentToAHostOutsideTheProvider(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v24.0/701", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"url":"https://facebook.com.example.org/file"}`)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	_, err := provider(server.URL).FetchMedia(context.Background(), at(server.URL), "701", io.Discard, 100)
	require.ErrorContains(t, err, "not one of the provider's")
}

func TestAFileIsUploadedAsAMultipartForm(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil || r.URL.Path != "/v24.0/1001/media" || r.FormValue("messaging_product") != "whatsapp" ||
			r.FormValue("type") != "image/png" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		content, _ := io.ReadAll(file)
		fmt.Fprintf(w, `{"id":"%s %s %s"}`, content, header.Filename, header.Header.Get("Content-Type"))
	}))
	defer server.Close()
	id, err := provider(server.URL).UploadMedia(context.Background(), at(server.URL),
		channels.Upload{MimeType: "image/png", FileName: "a.png", Body: strings.NewReader("bytes")})
	require.NoError(t, err)
	require.Equal(t, "bytes a.png image/png", id)
}

func TestAReadMarkIsSentToMeta(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got = string(raw)
		_, _ = io.WriteString(w, `{"success":true}`)
	}))
	defer server.Close()
	require.NoError(t, provider(server.URL).MarkRead(context.Background(), at(server.URL), "wamid.A"))
	require.JSONEq(t, `{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}`, got)
}
