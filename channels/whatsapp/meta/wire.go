package meta

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The types below are Meta's. A value of the wrong type stays empty, and decode
// reports that something did not fit.

type envelope struct {
	Object text    `json:"object"`
	Entry  []entry `json:"entry"`
}

type entry struct {
	ID      text     `json:"id"`
	Time    text     `json:"time"`
	Changes []change `json:"changes"`
}

type change struct {
	Field text  `json:"field"`
	Value value `json:"value"`
}

type value struct {
	Metadata  ourNumber    `json:"metadata"`
	Recipient ourNumber    `json:"recipient"` // in a handover, instead of metadata
	Contacts  []contact    `json:"contacts"`
	Messages  []message    `json:"messages"`
	Statuses  []status     `json:"statuses"`
	Errors    []graphError `json:"errors"`

	more bool // it has other members
}

// UnmarshalJSON also notes whether there is more than the fields above.
func (v *value) UnmarshalJSON(raw []byte) error {
	type plain value
	var members map[string]json.RawMessage
	decode(raw, &members)
	for name := range members {
		switch name {
		case "messaging_product", "metadata", "contacts", "messages", "statuses", "errors":
		default:
			v.more = true
		}
	}
	return json.Unmarshal(raw, (*plain)(v))
}

type ourNumber struct {
	DisplayPhoneNumber text `json:"display_phone_number"`
	PhoneNumberID      text `json:"phone_number_id"`
}

type userIDUpdate struct {
	WaID         text    `json:"wa_id"`
	UserID       changed `json:"user_id"`
	ParentUserID changed `json:"parent_user_id"`
	Timestamp    text    `json:"timestamp"`
}

type changed struct {
	Previous text `json:"previous"`
	Current  text `json:"current"`
}

type contact struct {
	Profile struct {
		Name     text `json:"name"`
		Username text `json:"username"`
	} `json:"profile"`
	Username     text `json:"username"`
	WaID         text `json:"wa_id"`
	UserID       text `json:"user_id"`
	ParentUserID text `json:"parent_user_id"`
}

type graphError struct {
	Code      text            `json:"code"`
	Title     text            `json:"title"`
	Message   text            `json:"message"`
	Details   text            `json:"details"` // in older errors, which have no error_data
	ErrorData json.RawMessage `json:"error_data"`
}

// text accepts a string, a number or a boolean. NUL, which the database refuses, becomes U+FFFD.
type text string

// UnmarshalJSON never fails. An object or an array leaves it empty.
func (t *text) UnmarshalJSON(raw []byte) error {
	*t = ""
	if len(raw) == 0 {
		return nil
	}
	switch raw[0] {
	case '"':
		inner := raw[1 : len(raw)-1]
		if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			*t = text(inner)
			return nil
		}
		var s string
		if json.Unmarshal(raw, &s) == nil {
			*t = text(strings.ReplaceAll(s, "\x00", "\uFFFD"))
		}
	case '{', '[', 'n':
	default:
		*t = text(raw)
	}
	return nil
}

// flag accepts true, "true" and 1 as true.
type flag bool

// UnmarshalJSON never fails. Anything else is false.
func (f *flag) UnmarshalJSON(raw []byte) error {
	switch strings.Trim(string(raw), `"`) {
	case "true", "1":
		*f = true
	default:
		*f = false
	}
	return nil
}

// number accepts a number, also in a string.
type number float64

// UnmarshalJSON never fails. Anything that is not a finite number is 0.
func (n *number) UnmarshalJSON(raw []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		f = 0
	}
	*n = number(f)
	return nil
}

// yearTenThousand is the first second that a JSON time cannot hold.
const yearTenThousand = 253_402_300_800

// instant reads Unix seconds. A value too large for seconds is read as milliseconds, microseconds or
// nanoseconds. It returns the zero time for anything else.
func instant(t text) time.Time {
	f, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || !(f > 0 && f < 1e19) {
		return time.Time{}
	}
	for f >= 1e12 {
		f /= 1000
	}
	if f >= yearTenThousand {
		return time.Time{}
	}
	seconds, fraction := math.Modf(f)
	return time.Unix(int64(seconds), int64(math.Round(fraction*1000))*int64(time.Millisecond)).UTC()
}

// decode decodes what fits and reports whether everything did.
func decode(raw []byte, into any) bool { return json.Unmarshal(raw, into) == nil }

func strs[T ~string](list []T) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, string(s))
		}
	}
	return out
}
