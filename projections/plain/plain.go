// Package plain reduces texts to what searches compare: case, accents, width and Unicode form make no
// difference. Read models store plain texts, and searches are reduced in the same way, so the two always
// agree.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/rangetable"
)

// Text returns a text in its plain form, which has single spaces and no apostrophes: D’Amico becomes damico. It is
// empty if nothing in the text can be searched for.
func Text(s string) string {
	return strings.ReplaceAll(reduce(s), "'", "")
}

// Lines returns texts in their plain forms, each ended by a line break, so that a column can hold several.
func Lines(texts ...string) string {
	var all strings.Builder
	for _, t := range texts {
		all.WriteString(Text(t) + "\n")
	}
	return all.String()
}

// Parts returns what a search asks for in names and addresses: each part must be somewhere in them. Spaces and hyphens
// separate parts.
func Parts(search string) []string {
	text := Text(search)
	parts := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '-' })
	if len(parts) == 0 && text != "" {
		return []string{text}
	}
	return parts
}

// reduce returns the plain form of a text, with apostrophes.
func reduce(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	ascii := true
	for _, r := range norm.NFKD.String(apostrophes.Replace(s)) {
		if r = reduced(r); r < 0 {
			continue
		}
		if spelled, ok := spellings[r]; ok {
			b.WriteString(spelled)
			ascii = ascii && spelled[0] < utf8.RuneSelf
			continue
		}
		b.WriteRune(r)
		ascii = ascii && r < utf8.RuneSelf
	}
	if s = b.String(); !ascii {
		s = norm.NFC.String(s) // decomposition has also taken Hangul and kana apart
	}
	return strings.Join(strings.Fields(s), " ")
}

// reduced returns a decomposed character in its plain form, or -1 if it does not count.
func reduced(r rune) rune {
	switch {
	case r < utf8.RuneSelf && unicode.IsPrint(r):
		return unicode.ToLower(r)
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r), r == brailleBlank:
		return ' '
	case isAccent(r), isInvisible(r), r == tatweel, r == middleDot, r >= firstSkinTone && r <= lastSkinTone:
		return -1
	case unicode.Is(unicode.Pd, r):
		return '-'
	case unicode.Is(unicode.Nd, r):
		return digits[r]
	}
	return unicode.ToLower(r)
}

const (
	tatweel                     = 'ـ' // stretches Arabic words
	middleDot                   = '·' // in Catalan col·legi
	brailleBlank                = '\u2800'
	firstSkinTone, lastSkinTone = '\U0001F3FB', '\U0001F3FF'
)

// accented lists the scripts that write accents and vowel points as marks. In others, such as Thai and Devanagari,
// marks are letters.
var accented = []*unicode.RangeTable{
	unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Syriac,
}

func isAccent(r rune) bool {
	switch r {
	case '\u3099', '\u309A': // these make another letter in kana
		return false
	case '\u093C': // the dot in Devanagari, which many leave out
		return true
	}
	return unicode.In(r, unicode.Mn, unicode.Me) && unicode.In(r, accented...)
}

func isInvisible(r rune) bool {
	switch r {
	case '\u115F', '\u1160', '\u3164', utf8.RuneError: // fillers of Hangul
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector)
}

// digits holds the ASCII digit for every decimal digit of any script. Unicode lists them in tens, from zero to nine.
var digits = func() map[rune]rune {
	all := make(map[rune]rune)
	rangetable.Visit(unicode.Nd, func(r rune) { all[r] = '0' + rune(len(all)%10) })
	return all
}()

// apostrophes replaces everything that people and keyboards use as an apostrophe.
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "‛", "'", "`", "'", "´", "'", "′", "'", "ʹ", "'", "ʼ", "'",
	"ʻ", "'", "ʾ", "'", "ʿ", "'", "＇", "'", "׳", "'", "ŉ", "'n")

// spellings says how letters are written in plain form that have no decomposition, or are often exchanged.
var spellings = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ŧ': "t", 'ŋ': "n",
	'ı': "i", 'ȷ': "j", 'ĸ': "k", 'ƀ': "b", 'ɓ': "b", 'ɖ': "d", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y",
	'ς': "σ",
	'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ک': "ك", 'ة': "ه", 'ہ': "ه", 'ھ': "ه",
}
