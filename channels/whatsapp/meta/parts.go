package meta

import (
	"encoding/json"
	"strings"

	"parley/channels"
)

// parts holds the part of each type of message. A message has the one that its type names.
type parts struct {
	Text        *plainText      `json:"text"`
	Image       *media          `json:"image"`
	Video       *media          `json:"video"`
	Audio       *media          `json:"audio"`
	Voice       *media          `json:"voice"`
	Document    *media          `json:"document"`
	Sticker     *media          `json:"sticker"`
	Location    *location       `json:"location"`
	Contacts    json.RawMessage `json:"contacts"`
	Button      *button         `json:"button"`
	Interactive *interactive    `json:"interactive"`
	Order       *order          `json:"order"`
	Reaction    *reaction       `json:"reaction"`
	Edit        *edit           `json:"edit"`
	Revoke      *revoke         `json:"revoke"`
	System      *system         `json:"system"`
	Unsupported *named          `json:"unsupported"`
}

type plainText struct {
	Body text `json:"body"`
}

type named struct {
	Type text `json:"type"`
}

type media struct {
	ID       text `json:"id"`
	MimeType text `json:"mime_type"`
	SHA256   text `json:"sha256"`
	Caption  text `json:"caption"`
	Filename text `json:"filename"`
	Voice    flag `json:"voice"`
	Animated flag `json:"animated"`
}

type location struct {
	Latitude  *number `json:"latitude"`
	Longitude *number `json:"longitude"`
	Name      text    `json:"name"`
	Address   text    `json:"address"`
	URL       text    `json:"url"`
}

type button struct {
	Payload text `json:"payload"`
	Text    text `json:"text"`
}

type interactive struct {
	Type        text    `json:"type"`
	ButtonReply *choice `json:"button_reply"`
	ListReply   *choice `json:"list_reply"`
	NfmReply    *struct {
		Name         text            `json:"name"`
		Body         text            `json:"body"`
		ResponseJSON json.RawMessage `json:"response_json"`
	} `json:"nfm_reply"`
	CallPermission *struct {
		Response    text `json:"response"`
		IsPermanent flag `json:"is_permanent"`
		Expiration  text `json:"expiration_timestamp"`
	} `json:"call_permission_reply"`
}

type choice struct {
	ID          text `json:"id"`
	Title       text `json:"title"`
	Description text `json:"description"`
}

type order struct {
	CatalogID    text `json:"catalog_id"`
	Text         text `json:"text"`
	ProductItems []struct {
		ProductRetailerID text   `json:"product_retailer_id"`
		Quantity          number `json:"quantity"`
		ItemPrice         text   `json:"item_price"`
		Currency          text   `json:"currency"`
	} `json:"product_items"`
}

type reaction struct {
	MessageID text `json:"message_id"`
	Emoji     text `json:"emoji"`
}

type edit struct {
	OriginalMessageID text            `json:"original_message_id"`
	Message           json.RawMessage `json:"message"`
}

type revoke struct {
	OriginalMessageID text `json:"original_message_id"`
}

type system struct {
	Body             text `json:"body"`
	Type             text `json:"type"`
	WaID             text `json:"wa_id"`
	NewWaID          text `json:"new_wa_id"`
	UserID           text `json:"user_id"`
	ParentUserID     text `json:"parent_user_id"`
	PreviousUserID   text `json:"previous_user_id"`
	PreviousParentID text `json:"previous_parent_user_id"`
	Customer         text `json:"customer"` // the old number; older payloads have no from
}

func (s system) content() channels.System {
	out := channels.System{Type: string(s.Type), Text: string(s.Body), NewUserID: string(s.UserID), NewParentUserID: string(s.ParentUserID)}
	switch {
	case s.NewWaID != "":
		out.NewWaID = strings.TrimPrefix(string(s.NewWaID), "+")
	case strings.HasSuffix(string(s.Type), "changed_number"):
		out.NewWaID = strings.TrimPrefix(string(s.WaID), "+")
	}
	return out
}
