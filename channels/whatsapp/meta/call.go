package meta

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"parley/channels"
	"parley/domain/interaction"
	"parley/internal/fault"
)

// maxAnswer is how much of a JSON answer is read.
const maxAnswer = 1 << 20

// request is one call to the Graph API.
type request struct {
	method, path, contentType string
	body                      io.Reader
	timeout                   time.Duration
}

// call makes one request and decodes the answer into out. Every error is a *channels.SendError.
func (m *Meta) call(ctx context.Context, a channels.Account, r request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	var reached atomic.Bool // the latest attempt got a connection, so bytes may have been sent
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { reached.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { reached.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, r.method, endpoint(a, r.path), r.body)
	if err != nil {
		return channels.NewSendError(failed, "INVALID", interaction.FailedAccountDown, nil)
	}
	req.Header.Set("Authorization", "Bearer "+a.Secret(AccessToken))
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
		return channels.NewSendError(unknown, "ANSWER", interaction.FailedUnclear, errors.New("answer is not the expected JSON"))
	}
	return nil
}

func endpoint(a channels.Account, path string) string {
	return strings.TrimRight(a.Setting(BaseURL), "/") + "/" + a.Setting(APIVersion) + "/" + path
}

// broken returns the error of a call without an answer. Without a connection it was
// not accepted; otherwise its outcome is unknown.
func broken(err error, reached bool) *channels.SendError {
	code := "CONNECTION"
	if errors.Is(err, context.DeadlineExceeded) || timedOut(err) {
		code = "TIMEOUT"
	}
	if reached {
		return channels.NewSendError(unknown, code, interaction.FailedUnclear, cause(err))
	}
	return channels.NewSendError(notAccepted, code, interaction.FailedProviderDown, cause(err))
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// cause removes the URL that net/http puts into its errors, because it contains our number.
func cause(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}

// failure returns the error of an answer: by Meta's code if there is one, otherwise by the HTTP status.
func failure(resp *http.Response, answer []byte) *channels.SendError {
	var body struct {
		Error graphError `json:"error"`
	}
	decode(answer, &body)
	code := string(body.Error.Code)
	after := retryAfter(resp.Header.Get("Retry-After"))
	if m, ok := meaningOf(code); ok {
		e := channels.NewSendError(m.outcome, code, m.reason, nil)
		e.Effect, e.RetryAfter = m.effect, max(m.wait, after)
		return e
	}
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		m := meanings[130429]
		e := channels.NewSendError(notAccepted, "HTTP_429", m.reason, nil)
		e.Effect, e.RetryAfter = m.effect, max(m.wait, after)
		return e
	case code != "" && status < 500:
		e := channels.NewSendError(failed, code, interaction.FailedOther, nil)
		told := explainAll([]graphError{body.Error})[0]
		e.Detail = cmp.Or(told.Details, told.Title)
		return e
	case status >= 500:
		// Meta does not document it as not accepted, whatever code it may carry.
		return channels.NewSendError(unknown, cmp.Or(code, fmt.Sprintf("HTTP_%d", status)), interaction.FailedUnclear, nil)
	case status == http.StatusUnauthorized:
		e := channels.NewSendError(failed, "HTTP_401", interaction.FailedToken, nil)
		e.Effect = channels.StopAccount
		return e
	default:
		return channels.NewSendError(failed, fmt.Sprintf("HTTP_%d", status), interaction.FailedOther, nil)
	}
}

// retryAfter reads seconds or a date, and returns at most an hour.
func retryAfter(header string) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil && seconds > 0 {
		return min(time.Duration(min(seconds, 3600))*time.Second, time.Hour)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(time.Until(at), 0), time.Hour)
	}
	return 0
}

// Health reads the account's number, which needs a valid token and the right phone number id.
func (m *Meta) Health(ctx context.Context, a channels.Account) error {
	var answer struct{}
	path := url.PathEscape(a.Setting(PhoneNumberID)) + "?fields=id"
	return m.call(ctx, a, request{method: http.MethodGet, path: path, timeout: callTimeout}, &answer)
}
