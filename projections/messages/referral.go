package messages

import (
	"net/url"

	"parley/domain/interaction"
)

// Referral is the advertisement or post that brought the customer here.
type Referral struct {
	Type     string `json:"type"` // AD, POST, or empty
	Headline string `json:"headline"`
	Body     string `json:"body"`
	URL      string `json:"url"` // web address, or empty
}

func referral(r *interaction.Referral) *Referral {
	if r == nil {
		return nil
	}
	return &Referral{Type: string(r.Type), Headline: r.Headline, Body: r.Body, URL: webAddress(r.URL)}
}

// webAddress returns an address that is safe to open with a click, or "".
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
