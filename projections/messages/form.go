package messages

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// flowToken is what ties an answer to the form that was sent: nobody filled it in.
const flowToken = "flow_token"

// builtField is how Meta's builder of forms names a field, around the words its author gave it.
var builtField = regexp.MustCompile(`^screen_\d+_(.+)_\d+$`)

// answers reads what was filled into a form, in its order; what is no object is told as it is.
func answers(form json.RawMessage) []Detail {
	var filled struct{ JSON string }
	if len(form) == 0 || json.Unmarshal(form, &filled) != nil || filled.JSON == "" {
		return nil
	}
	document := json.RawMessage(strings.TrimSpace(filled.JSON))
	if !json.Valid(document) {
		return []Detail{{Value: filled.JSON}}
	}
	if document[0] != '{' {
		return []Detail{{Value: plain(document)}}
	}
	var out []Detail
	d := json.NewDecoder(bytes.NewReader(document))
	_, _ = d.Token()
	for d.More() {
		key, _ := d.Token()
		var value json.RawMessage
		_ = d.Decode(&value) // a valid document has a value behind each key
		if name, _ := key.(string); name != flowToken {
			out = append(out, Detail{Label: label(name), Value: plain(value)})
		}
	}
	return out
}

// plain is a value as people read it: lists of words in a row, what is nested further as it was written.
func plain(value json.RawMessage) string {
	switch value[0] {
	case '"':
		var s string
		_ = json.Unmarshal(value, &s)
		return s
	case 't':
		return "✓"
	case 'f':
		return "✗"
	case 'n':
		return ""
	case '[':
		var list []json.RawMessage
		_ = json.Unmarshal(value, &list)
		words := make([]string, len(list))
		for i, element := range list {
			if element[0] == '{' || element[0] == '[' {
				return compact(value)
			}
			words[i] = plain(element)
		}
		return strings.Join(words, ", ")
	case '{':
		return compact(value)
	}
	return string(value)
}

func compact(value json.RawMessage) string {
	var b bytes.Buffer
	_ = json.Compact(&b, value)
	return b.String()
}

// label makes the key of a field readable: delivery_date and deliveryDate are both Delivery date.
func label(key string) string {
	if built := builtField.FindStringSubmatch(key); built != nil {
		key = built[1]
	}
	var b strings.Builder
	runes := []rune(strings.NewReplacer("_", " ", "-", " ").Replace(key))
	for i, c := range runes {
		if i > 0 && unicode.IsUpper(c) && unicode.IsLower(runes[i-1]) {
			b.WriteByte(' ')
			if i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
				c = unicode.ToLower(c)
			}
		}
		b.WriteRune(c)
	}
	words := strings.Join(strings.Fields(b.String()), " ")
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return key
	}
	return string(unicode.ToUpper(first)) + words[size:]
}
