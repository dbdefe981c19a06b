package meta

import (
	"cmp"
	"encoding/json"

	"parley/channels"
	"parley/domain/interaction"
)

// message is an element of messages[] or message_echoes[], or the message inside an edit.
type message struct {
	From             text            `json:"from"`
	FromUserID       text            `json:"from_user_id"`
	FromParentUserID text            `json:"from_parent_user_id"`
	To               text            `json:"to"`
	ToUserID         text            `json:"to_user_id"`
	ID               text            `json:"id"`
	Timestamp        text            `json:"timestamp"`
	GroupID          text            `json:"group_id"`
	Type             text            `json:"type"`
	Context          *contextOf      `json:"context"`
	Referral         *referral       `json:"referral"`
	Errors           json.RawMessage `json:"errors"`
	HistoryContext   struct {
		Status text `json:"status"`
	} `json:"history_context"` // of an old message
	parts

	wrongType bool // a value had the wrong type
}

// contextOf relates a message to another one.
type contextOf struct {
	ID                  text     `json:"id"`
	Forwarded           flag     `json:"forwarded"`
	FrequentlyForwarded flag     `json:"frequently_forwarded"`
	ReferredProduct     *product `json:"referred_product"`
}

type product struct {
	CatalogID         text `json:"catalog_id"`
	ProductRetailerID text `json:"product_retailer_id"`
}

type referral struct {
	SourceURL    text `json:"source_url"`
	SourceID     text `json:"source_id"`
	SourceType   text `json:"source_type"`
	Headline     text `json:"headline"`
	Body         text `json:"body"`
	MediaType    text `json:"media_type"`
	ImageURL     text `json:"image_url"`
	VideoURL     text `json:"video_url"`
	ThumbnailURL text `json:"thumbnail_url"`
	CtwaClid     text `json:"ctwa_clid"`
	Welcome      struct {
		Text text `json:"text"`
	} `json:"welcome_message"`
}

// referralTypes are Meta's words for what a customer came from.
var referralTypes = map[text]interaction.ReferralType{"ad": interaction.ReferralAd, "post": interaction.ReferralPost}

// content returns the content of the message, and whether it was understood completely.
func (m *message) content() (channels.Content, bool) {
	switch {
	case m.Type == "reaction" && m.Reaction != nil && m.Reaction.MessageID != "":
		return channels.Reaction{TargetID: string(m.Reaction.MessageID), Emoji: string(m.Reaction.Emoji)}, true
	case m.Type == "edit" && m.Edit != nil && m.Edit.OriginalMessageID != "" && len(m.Edit.Message) > 0:
		body, understood := readMessage(m.Edit.Message).body()
		return channels.Edit{TargetID: string(m.Edit.OriginalMessageID), Body: body}, understood
	case m.Type == "revoke" && m.Revoke != nil && m.Revoke.OriginalMessageID != "":
		return channels.Revoke{TargetID: string(m.Revoke.OriginalMessageID)}, true
	case m.Type == "system" && m.System != nil:
		return m.System.content(), true
	}
	body, understood := m.body()
	return m.addCommon(body), understood
}

// addCommon adds what a message of any type can carry.
func (m *message) addCommon(body channels.Body) channels.Message {
	out := channels.Message{Body: body}
	if c := m.Context; c != nil {
		out.QuotedID = string(c.ID)
		out.ForwardedOften = bool(c.FrequentlyForwarded)
		out.Forwarded = bool(c.Forwarded) || out.ForwardedOften
		if p := c.ReferredProduct; p != nil {
			out.ReferredProduct = &interaction.Product{CatalogID: string(p.CatalogID), ID: string(p.ProductRetailerID)}
		}
	}
	if r := m.Referral; r != nil {
		out.Referral = &interaction.Referral{
			Type: referralTypes[r.SourceType], SourceID: string(r.SourceID), URL: string(r.SourceURL),
			Headline: string(r.Headline), Body: string(r.Body),
			MediaType: string(r.MediaType), MediaURL: string(cmp.Or(r.ImageURL, r.VideoURL)), ThumbnailURL: string(r.ThumbnailURL),
			ClickID: string(r.CtwaClid), Greeting: string(r.Welcome.Text),
		}
	}
	return out
}
