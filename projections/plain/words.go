package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	longestWord = 64      // characters; what follows is not searched
	mostWords   = 1 << 17 // bytes of a text's words
)

// Words returns the words of a text as an index holds them, in their order and with a space before, between and
// after them. In scripts written without spaces, every two characters that follow each other count as a word, and so
// does the last character alone. A word with an apostrophe counts as a whole and in its parts: l'ordine is found by
// ordine and by lordine.
func Words(s string) string {
	var b strings.Builder
	for _, w := range split(reduce(s)) {
		if b.Len() > mostWords {
			break
		}
		for _, each := range w.entries() {
			b.WriteString(" " + each)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + " "
}

// Term is a word that a search asks for.
type Term struct {
	Query   string // the tsquery that finds it by index, perhaps among others
	Pattern string // what Words has if the text has the word
}

// Terms returns the words that a search asks for. The last one may be unfinished.
func Terms(search string) []Term {
	words := split(reduce(search))
	all := make([]Term, len(words))
	for i, w := range words {
		all[i] = w.term(i == len(words)-1)
	}
	return all
}

// Grams returns the single characters and pairs of characters of a text's words in scripts written without spaces.
// An index of trigrams cannot find so little.
func Grams(s string) []string {
	var all []string
	for _, w := range split(reduce(s)) {
		if !w.unspaced {
			continue
		}
		runes := []rune(w.text)
		for i := range runes {
			all = append(all, string(runes[i]))
			if i > 0 {
				all = append(all, string(runes[i-1:i+1]))
			}
		}
	}
	return distinct(all)
}

// Pairs returns those of a text's Grams by which an index finds it best: pairs, or the character that stands alone.
func Pairs(s string) []string {
	var all []string
	for _, w := range split(reduce(s)) {
		if w.unspaced {
			all = append(all, w.pairs()...)
		}
	}
	return distinct(all)
}

// Hidden returns what a text's words must not have or be, so that it does not give away these names: whole words, and
// single characters of scripts written without spaces.
func Hidden(names ...string) []string {
	var all []string
	for _, w := range split(reduce(strings.Join(names, " "))) {
		if w.unspaced {
			for _, c := range w.text {
				all = append(all, string(c))
			}
			continue
		}
		for _, each := range w.entries() {
			if utf8.RuneCountInString(each) > 1 {
				all = append(all, each)
			}
		}
	}
	return distinct(all)
}

// Unspaced returns names without the spaces between them if they are written in a script that needs none. It returns
// "" for others.
func Unspaced(names ...string) string {
	joined := strings.ReplaceAll(Text(strings.Join(names, "")), " ", "")
	if strings.ContainsFunc(joined, isUnspaced) {
		return joined
	}
	return ""
}

// word is a word of a reduced text, perhaps with apostrophes, or characters of a script written without spaces.
type word struct {
	text     string
	unspaced bool
}

// entries returns what the index holds of a word.
func (w word) entries() []string {
	if w.unspaced {
		pairs := w.pairs()
		if _, size := utf8.DecodeLastRuneInString(w.text); size < len(w.text) {
			pairs = append(pairs, w.text[len(w.text)-size:])
		}
		return pairs
	}
	parts := strings.FieldsFunc(w.text, func(c rune) bool { return c == '\'' })
	if len(parts) > 1 {
		parts = append(parts, strings.Join(parts, ""))
	}
	for i := range parts {
		parts[i] = cut(parts[i])
	}
	return parts
}

// pairs returns every two characters that follow each other, or the only one.
func (w word) pairs() []string {
	runes := []rune(w.text)
	all := []string{string(runes[:min(2, len(runes))])}
	for i := 2; i < len(runes); i++ {
		all = append(all, string(runes[i-1:i+1]))
	}
	return all
}

func (w word) term(last bool) Term {
	if w.unspaced {
		pairs := w.pairs()
		t := Term{Query: "'" + strings.Join(pairs, "' & '") + "'", Pattern: " " + strings.Join(pairs, " ")}
		if utf8.RuneCountInString(w.text) == 1 {
			t.Query += ":*"
		}
		return t
	}
	text := cut(strings.ReplaceAll(w.text, "'", ""))
	if last {
		return Term{Query: "'" + text + "':*", Pattern: " " + text}
	}
	return Term{Query: "'" + text + "'", Pattern: " " + text + " "}
}

// split returns the words of a reduced text.
func split(s string) []word {
	var all []word
	start, unspaced := -1, false
	end := func(i int) {
		if start >= 0 {
			if text := strings.Trim(s[start:i], "'"); text != "" {
				all = append(all, word{text: text, unspaced: unspaced})
			}
		}
		start = -1
	}
	for i, r := range s {
		without := isUnspaced(r)
		switch {
		case !without && !unicode.In(r, unicode.L, unicode.N, unicode.M) && (r != '\'' || start < 0 || unspaced):
			end(i)
		case start < 0 || without != unspaced && !unicode.IsMark(r):
			end(i)
			start, unspaced = i, without
		}
	}
	end(len(s))
	return all
}

// isUnspaced reports whether a character belongs to a script written without spaces, or to one where what follows a
// word is written together with it. Symbols such as emoji count too.
func isUnspaced(r rune) bool {
	if r < utf8.RuneSelf {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao,
		unicode.Khmer, unicode.Myanmar, unicode.So) || r == 'ー'
}

func cut(s string) string {
	n := 0
	for i := range s {
		if n == longestWord {
			return s[:i]
		}
		n++
	}
	return s
}

func distinct(all []string) []string {
	seen := make(map[string]bool, len(all))
	kept := all[:0]
	for _, s := range all {
		if s != "" && !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
