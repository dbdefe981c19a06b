// Package blobstest fakes an S3 bucket, with as much of S3 as package blobs uses.
package blobstest

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Objects serves the few S3 requests a store makes, for one bucket named "files" and the access key "key".
type Objects struct {
	mu    sync.Mutex
	kept  map[string][]byte
	parts map[string]map[int][]byte
}

// NewObjects returns an empty bucket.
func NewObjects() *Objects {
	return &Objects{kept: map[string][]byte{}, parts: map[string]map[int][]byte{}}
}

// Kept returns the keys of all objects.
func (o *Objects) Kept() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Sorted(maps.Keys(o.kept))
}

// Unfinished returns the number of multipart uploads neither completed nor aborted.
func (o *Objects) Unfinished() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.parts)
}

// ServeHTTP answers one request.
func (o *Objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/files/")
	q := r.URL.Query()
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPost && q.Has("uploads"):
		o.parts[key] = map[int][]byte{}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><Bucket>files</Bucket><Key>%s</Key>"+
			"<UploadId>u</UploadId></InitiateMultipartUploadResult>", key)
	case r.Method == http.MethodPut && q.Has("partNumber"):
		n, _ := strconv.Atoi(q.Get("partNumber"))
		o.parts[key][n] = payload(r)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodPut && r.Header.Get("X-Amz-Copy-Source") != "":
		o.copy(w, strings.TrimPrefix(strings.TrimPrefix(r.Header.Get("X-Amz-Copy-Source"), "/"), "files/"), key)
	case r.Method == http.MethodPut:
		o.kept[key] = payload(r)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodPost && q.Has("uploadId"):
		for n := 1; n <= len(o.parts[key]); n++ {
			o.kept[key] = append(o.kept[key], o.parts[key][n]...)
		}
		delete(o.parts, key)
		fmt.Fprintf(w, "<CompleteMultipartUploadResult><Bucket>files</Bucket><Key>%s</Key>"+
			"<ETag>e</ETag></CompleteMultipartUploadResult>", key)
	case r.Method == http.MethodDelete && q.Has("uploadId"):
		delete(o.parts, key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodDelete:
		delete(o.kept, key)
		w.WriteHeader(http.StatusNoContent)
	case q.Has("list-type"):
		o.list(w)
	default:
		o.get(w, r, key)
	}
}

func (o *Objects) list(w io.Writer) {
	type object struct {
		Key, LastModified string
		Size              int
	}
	var result struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}
	for key, content := range o.kept {
		result.Contents = append(result.Contents,
			object{key, time.Now().UTC().Format(time.RFC3339), len(content)})
	}
	_ = xml.NewEncoder(w).Encode(result)
}

func (o *Objects) get(w http.ResponseWriter, r *http.Request, key string) {
	content, ok := o.kept[key]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
		return
	}
	w.Header().Set("ETag", `"e"`)
	http.ServeContent(w, r, "", time.Now(), bytes.NewReader(content))
}

func (o *Objects) copy(w http.ResponseWriter, from, to string) {
	content, ok := o.kept[from]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
		return
	}
	o.kept[to] = bytes.Clone(content)
	fmt.Fprintf(w, "<CopyObjectResult><LastModified>%s</LastModified><ETag>e</ETag></CopyObjectResult>",
		time.Now().UTC().Format(time.RFC3339))
}

// payload returns the body without the chunk signatures that clients add over plain HTTP.
func payload(r *http.Request) []byte {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		raw, _ := io.ReadAll(r.Body)
		return raw
	}
	var out []byte
	body := bufio.NewReader(r.Body)
	for {
		head, err := body.ReadString('\n')
		size, _, _ := strings.Cut(strings.TrimSpace(head), ";")
		n, parseErr := strconv.ParseInt(size, 16, 64)
		if err != nil || parseErr != nil || n == 0 {
			_, _ = io.Copy(io.Discard, body)
			return out
		}
		chunk := make([]byte, n+2)
		_, _ = io.ReadFull(body, chunk)
		out = append(out, chunk[:n]...)
	}
}
