package meta

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"parley/channels"
	"parley/domain/interaction"
)

// mediaTimeout bounds the upload or download of one file.
const mediaTimeout = 2 * time.Minute

// UploadMedia uploads a file to Meta, which keeps it for 30 days.
func (m *Meta) UploadMedia(ctx context.Context, a channels.Account, file channels.Upload) (string, error) {
	reader, writer := io.Pipe()
	defer reader.Close()
	form := multipart.NewWriter(writer)
	go func() { writer.CloseWithError(writeForm(form, file)) }()

	var answer struct {
		ID text `json:"id"`
	}
	upload := request{method: http.MethodPost, path: url.PathEscape(a.Setting(PhoneNumberID)) + "/media",
		contentType: form.FormDataContentType(), body: reader, timeout: mediaTimeout}
	if err := m.call(ctx, a, upload, &answer); err != nil {
		return "", err
	}
	if answer.ID == "" {
		return "", channels.NewSendError(unknown, "ANSWER", interaction.FailedUnclear, errors.New("the answer has no file id"))
	}
	return string(answer.ID), nil
}

func writeForm(form *multipart.Writer, file channels.Upload) error {
	if err := errors.Join(form.WriteField("messaging_product", "whatsapp"), form.WriteField("type", file.MimeType)); err != nil {
		return err
	}
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", file.FileName))
	header.Set("Content-Type", file.MimeType)
	part, err := form.CreatePart(header)
	if err != nil {
		return err
	}
	if _, err := io.Copy(part, file.Body); err != nil {
		return err
	}
	return form.Close()
}

// FetchMedia looks up the URL of a file and downloads it. The URL is valid for minutes, so an expired one is
// looked up again once.
func (m *Meta) FetchMedia(
	ctx context.Context, a channels.Account, mediaID string, w io.Writer, limit int64,
) (channels.MediaInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, mediaTimeout)
	defer cancel()
	for attempt := 0; ; attempt++ {
		address, info, err := m.lookUp(ctx, a, mediaID)
		if err != nil {
			return channels.MediaInfo{}, err
		}
		if info.Size > limit {
			return channels.MediaInfo{}, channels.ErrTooLarge
		}
		got, err := m.download(ctx, a, address, w, limit)
		if errors.Is(err, channels.ErrMediaGone) && attempt == 0 {
			continue
		}
		if err != nil {
			return channels.MediaInfo{}, err
		}
		if info.MimeType == "" {
			info.MimeType = got.MimeType
		}
		info.Size, info.SHA256 = got.Size, got.SHA256
		return info, nil
	}
}

func (m *Meta) lookUp(ctx context.Context, a channels.Account, mediaID string) (*url.URL, channels.MediaInfo, error) {
	var answer struct {
		URL      text   `json:"url"`
		MimeType text   `json:"mime_type"`
		FileSize number `json:"file_size"`
	}
	path := url.PathEscape(mediaID) + "?phone_number_id=" + url.QueryEscape(a.Setting(PhoneNumberID))
	err := m.call(ctx, a, request{method: http.MethodGet, path: path, timeout: callTimeout}, &answer)
	if e := new(channels.SendError); errors.As(err, &e) && (e.Code == "100" || e.Code == "33" || e.Code == "HTTP_404") {
		return nil, channels.MediaInfo{}, channels.ErrMediaGone
	}
	if err != nil {
		return nil, channels.MediaInfo{}, err
	}
	address, err := url.Parse(string(answer.URL))
	if err != nil || !mayHaveToken(a, address) {
		return nil, channels.MediaInfo{}, errors.New("the URL of the file is not one of the provider's")
	}
	return address, channels.MediaInfo{MimeType: string(answer.MimeType), Size: int64(answer.FileSize)}, nil
}

// mayHaveToken reports whether the token may be sent to an address that Meta named: one of its own hosts, or
// the host of the account's calls.
func mayHaveToken(a channels.Account, address *url.URL) bool {
	if base, err := url.Parse(a.Setting(BaseURL)); err == nil && sameOrigin(base, address) {
		return true
	}
	if address.Scheme != "https" || address.User != nil {
		return false
	}
	host := "." + strings.ToLower(address.Hostname())
	for _, own := range []string{".facebook.com", ".fbsbx.com", ".fbcdn.net", ".whatsapp.net"} {
		if strings.HasSuffix(host, own) {
			return true
		}
	}
	return false
}

func (m *Meta) download(ctx context.Context, a channels.Account, address *url.URL, w io.Writer, limit int64) (channels.MediaInfo, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return channels.MediaInfo{}, errors.New("the URL of the file cannot be requested")
	}
	req.Header.Set("Authorization", "Bearer "+a.Secret(AccessToken))
	req.Header.Set("User-Agent", userAgent)
	resp, err := m.client.Do(req)
	if err != nil {
		return channels.MediaInfo{}, fmt.Errorf("download: %w", cause(err))
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return channels.MediaInfo{}, channels.ErrMediaGone
	case resp.StatusCode != http.StatusOK:
		return channels.MediaInfo{}, fmt.Errorf("download: HTTP %d", resp.StatusCode)
	case resp.ContentLength > limit:
		return channels.MediaInfo{}, channels.ErrTooLarge
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(resp.Body, limit))
	if err != nil {
		return channels.MediaInfo{}, fmt.Errorf("download: %w", err)
	}
	if more, _ := io.CopyN(io.Discard, resp.Body, 1); more > 0 {
		return channels.MediaInfo{}, channels.ErrTooLarge
	}
	return channels.MediaInfo{MimeType: resp.Header.Get("Content-Type"), Size: n, SHA256: sum.Sum(nil)}, nil
}
