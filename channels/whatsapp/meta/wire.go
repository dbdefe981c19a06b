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

// The shapes below are Meta's. Decoding them never fails on a value of the wrong type: what does not fit stays empty,
// and the caller is told that something did not fit.

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
	Metadata struct {
		DisplayPhoneNumber text `json:"display_phone_number"`
		PhoneNumberID      text `json:"phone_number_id"`
	} `json:"metadata"`
	Contacts []contact `json:"contacts"`
	said
	Standby      said           `json:"standby"` // what another app of the same number is answering
	Errors       []graphError   `json:"errors"`
	UserIDUpdate []userIDUpdate `json:"user_id_update"`
}

type said struct {
	Messages []message `json:"messages"`
	Echoes   []message `json:"message_echoes"`
	Statuses []status  `json:"statuses"`
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
	Details   text            `json:"details"` // of older errors, which have no error_data
	ErrorData json.RawMessage `json:"error_data"`
}

// text takes a string, a number or a boolean for a string. NUL, which databases refuse, becomes U+FFFD.
type text string

// UnmarshalJSON never fails; objects and arrays leave it empty.
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

// flag takes true, "true" and 1 for true.
type flag bool

// UnmarshalJSON never fails; what is not clearly true is false.
func (f *flag) UnmarshalJSON(raw []byte) error {
	switch strings.Trim(string(raw), `"`) {
	case "true", "1":
		*f = true
	default:
		*f = false
	}
	return nil
}

// number takes numbers and numbers in strings.
type number float64

// UnmarshalJSON never fails; what is no finite number is 0.
func (n *number) UnmarshalJSON(raw []byte) error {
	f, err := strconv.ParseFloat(strings.Trim(string(raw), `"`), 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		f = 0
	}
	*n = number(f)
	return nil
}

// yearTenThousand is the first second that no JSON time can say.
const yearTenThousand = 253_402_300_800

// instant reads Unix seconds, or milliseconds, microseconds or nanoseconds where the value is too large for seconds.
// It is zero for anything else.
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

// decode fills in what fits and says whether everything did.
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
