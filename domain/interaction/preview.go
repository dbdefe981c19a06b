package interaction

import (
	"strings"
	"unicode/utf8"
)

// Preview holds the parts of a message that lists show. Screens put them into words.
type Preview struct {
	Kind     MessageKind // empty before the first message
	Text     string      // what was written, chosen or named
	FileName string
	Pieces   int         // of an order
	Call     CallOutcome // of a call
	Erased   bool
}

// PreviewOf returns the preview of a message. An erased message keeps only its kind.
func PreviewOf(kind MessageKind, c Content, erased bool) Preview {
	p := Preview{Kind: kind, Erased: erased}
	if erased {
		return p
	}
	p.Text, p.Pieces = strings.TrimSpace(c.Text), c.Order.Pieces()
	if c.Media != nil {
		p.FileName = c.Media.FileName
	}
	if c.Call != nil {
		p.Call = c.Call.Outcome
	}
	switch {
	case p.Text != "":
	case c.Choice != nil:
		p.Text = c.Choice.Title
	case c.Location != nil:
		p.Text = c.Location.Name
	case c.Template != nil:
		p.Text = c.Template.Name
	}
	return p
}

// Edited returns the preview after an edit, which replaces only what it carries.
func (p Preview) Edited(edit Content, erased bool) Preview {
	now := PreviewOf(p.Kind, edit, erased)
	if erased {
		return now
	}
	if now.Text == "" && !edit.HasText() {
		now.Text = p.Text
	}
	if now.FileName == "" || p.FileName != "" {
		now.FileName = p.FileName
	}
	if edit.Order == nil {
		now.Pieces = p.Pieces
	}
	return now
}

// Short cuts the text and the file name to this many characters each.
func (p Preview) Short(length int) Preview {
	p.Text, p.FileName = cut(p.Text, length), cut(p.FileName, length)
	return p
}

// FirstLine keeps only the first line of the text.
func (p Preview) FirstLine() Preview {
	p.Text, _, _ = strings.Cut(p.Text, "\n")
	return p
}

func cut(s string, length int) string {
	if utf8.RuneCountInString(s) <= length {
		return s
	}
	return string([]rune(s)[:length-1]) + "…"
}
