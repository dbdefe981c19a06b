package channels

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/domain/interaction"
)

// The limits of a form. A document may be nested arbitrarily deep.
const (
	maxFields = 500
	maxDepth  = 8
)

// FormFields returns the answers of a form in a JSON document, in order. Objects and lists of objects become
// separate answers, and a list of plain values becomes one. A document that is not JSON is one answer without a
// label. rename maps the key of each member; it returns false to leave the member out.
func FormFields(document string, rename func(key string) (string, bool)) []interaction.FormField {
	document = strings.TrimSpace(document)
	switch {
	case document == "" || document == "null":
		return nil
	case !json.Valid([]byte(document)):
		return []interaction.FormField{{Value: document}}
	}
	f := fields{rename: rename}
	f.read(nil, nil, json.RawMessage(document))
	return f.found
}

// fields collects the answers of a document.
type fields struct {
	rename func(string) (string, bool)
	found  []interaction.FormField
}

func (f *fields) read(path, labels []string, value json.RawMessage) {
	switch {
	case len(f.found) == maxFields:
	case len(path) == maxDepth:
		f.add(path, labels, compact(value))
	case value[0] == '{':
		f.object(path, labels, value)
	case value[0] == '[':
		f.list(path, labels, value)
	default:
		f.add(path, labels, plain(value))
	}
}

func (f *fields) add(path, labels []string, value string) {
	f.found = append(f.found, interaction.FormField{
		Path: strings.Join(path, "."), Label: strings.Join(labels, " › "), Value: value,
	})
}

func (f *fields) object(path, labels []string, value json.RawMessage) {
	d := json.NewDecoder(bytes.NewReader(value))
	_, _ = d.Token()
	for d.More() {
		token, _ := d.Token()
		var member json.RawMessage
		_ = d.Decode(&member) // a valid document has a value after each key
		key, _ := token.(string)
		if name, keep := f.rename(key); keep {
			f.read(with(path, key), with(labels, readable(name)), member)
		}
	}
}

func (f *fields) list(path, labels []string, value json.RawMessage) {
	var elements []json.RawMessage
	_ = json.Unmarshal(value, &elements)
	words := make([]string, len(elements))
	for i, element := range elements {
		if element[0] == '{' || element[0] == '[' {
			f.each(path, labels, elements)
			return
		}
		words[i] = plain(element)
	}
	f.add(path, labels, strings.Join(words, ", "))
}

// each reads the elements of a list as separate fields, counted from 1.
func (f *fields) each(path, labels []string, elements []json.RawMessage) {
	for i, element := range elements {
		n := strconv.Itoa(i + 1)
		f.read(with(path, n), with(labels, n), element)
	}
}

// plain returns a scalar value in readable form.
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
	}
	return string(value)
}

func compact(value json.RawMessage) string {
	var b bytes.Buffer
	_ = json.Compact(&b, value)
	return b.String()
}

// readable turns a key into words: delivery_date and deliveryDate both become Delivery date.
func readable(key string) string {
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

// with returns a copy of the list with s appended.
func with(list []string, s string) []string { return append(list[:len(list):len(list)], s) }
