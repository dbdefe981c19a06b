package meta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"parley/channels"
	"parley/internal/fault"
)

// maxAnswer bounds what is read of an answer that is JSON.
const maxAnswer = 1 << 20

// request is one call of the Graph API.
type request struct {
	method, path, contentType string
	body                      io.Reader
	timeout                   time.Duration
}

// call makes one Graph request and decodes its answer into out. Every error is a *channels.SendError.
func (m *Meta) call(ctx context.Context, with channels.Credentials, r request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	var reached atomic.Bool // a connection was given to the latest attempt, so bytes may have left
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { reached.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, r.method, endpoint(with, r.path), r.body)
	if err != nil {
		return channels.NewSendError(refused, "INVALID", "The account's base URL is not a valid address.", nil)
	}
	req.Header.Set("Authorization", "Bearer "+with.AccessToken)
	req.Header.Set("User-Agent", userAgent)
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	resp, err := m.client.Do(req)
	if err != nil {
		return broken(err, reached.Load())
	}
	defer resp.Body.Close()
	if r.method == http.MethodPost {
		_ = fault.Hit("provider.posted")
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode >= 300 {
		return failure(resp, answer)
	}
	if err != nil {
		return broken(err, true)
	}
	if json.Unmarshal(answer, out) != nil {
		return channels.NewSendError(unknown, "ANSWER", wordsUnclear, errors.New("answer is not the expected JSON"))
	}
	return nil
}

func endpoint(with channels.Credentials, path string) string {
	return strings.TrimRight(with.BaseURL, "/") + "/" + with.APIVersion + "/" + path
}

// broken is a call without an answer. It was not taken when nothing of it can have left; else nobody knows.
func broken(err error, reached bool) *channels.SendError {
	code := "CONNECTION"
	if errors.Is(err, context.DeadlineExceeded) || timedOut(err) {
		code = "TIMEOUT"
	}
	if reached {
		return channels.NewSendError(unknown, code, wordsUnclear, cause(err))
	}
	return channels.NewSendError(notTaken, code, "WhatsApp could not be reached. It will be tried again.", cause(err))
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// cause drops the URL that net/http puts into its errors: it names our number.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}

// failure reads an answer that is an error: by Meta's code when there is one, else by the HTTP status.
func failure(resp *http.Response, answer []byte) *channels.SendError {
	var body struct {
		Error graphError `json:"error"`
	}
	decode(answer, &body)
	code := string(body.Error.Code)
	after := retryAfter(resp.Header.Get("Retry-After"))
	if m, ok := meaningOf(code); ok {
		e := channels.NewSendError(m.outcome, code, m.words, nil)
		e.Effect, e.RetryAfter = m.effect, max(m.wait, after)
		return e
	}
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		m := meanings[130429]
		e := channels.NewSendError(notTaken, "HTTP_429", m.words, nil)
		e.Effect, e.RetryAfter = m.effect, max(m.wait, after)
		return e
	case code != "":
		return channels.NewSendError(refused, code, explainAll([]graphError{body.Error})[0].Words, nil)
	case status >= 500:
		return channels.NewSendError(unknown, fmt.Sprintf("HTTP_%d", status), wordsUnclear, nil)
	case status == http.StatusUnauthorized:
		e := channels.NewSendError(refused, "HTTP_401", wordsToken, nil)
		e.Effect = channels.StopAccount
		return e
	default:
		return channels.NewSendError(refused, fmt.Sprintf("HTTP_%d", status), fmt.Sprintf("WhatsApp did not accept the message (HTTP %d).", status), nil)
	}
}

// retryAfter reads seconds or a date; never more than an hour.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return min(time.Duration(min(seconds, 3600))*time.Second, time.Hour)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(time.Until(at), 0), time.Hour)
	}
	return 0
}
