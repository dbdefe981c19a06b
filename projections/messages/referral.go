package messages

import (
	"encoding/json"
	"net/url"
)

// Referral is the advertisement or post that led the customer here.
type Referral struct {
	Type     string `json:"type"` // the provider's word: ad or post
	Headline string `json:"headline"`
	Body     string `json:"body"`
	URL      string `json:"url"` // of the web, or empty
}

// referral reads where a message came from as it stands in an event. JSON names match in any case.
func referral(raw json.RawMessage) *Referral {
	var r struct{ SourceURL, SourceType, Headline, Body string }
	if len(raw) == 0 || json.Unmarshal(raw, &r) != nil {
		return nil
	}
	return &Referral{Type: r.SourceType, Headline: r.Headline, Body: r.Body, URL: webAddress(r.SourceURL)}
}

// webAddress is an address that may be followed by a click; empty for what is none, or would do something else.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
