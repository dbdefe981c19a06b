package files

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

const maxName = 120 // characters

// reserved lists names of devices on some systems, which no extension changes.
const reserved = " CON PRN AUX NUL COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9" +
	" LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9 "

// cleanName makes a file name safe on every system and honest about its type: no folders, no invisible
// characters or changes of writing direction, no reserved characters or names. The result may be empty.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && !unicode.IsControl(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimLeft(name, " ."), " .")
	stem, _, _ := strings.Cut(name, ".")
	if stem != "" && strings.Contains(reserved, " "+strings.ToUpper(strings.TrimSpace(stem))+" ") {
		name = "_" + name
	}
	return shorten(name)
}

// shorten cuts a long name but keeps its extension, which tells people the type.
func shorten(name string) string {
	tooLong := utf8.RuneCountInString(name) - maxName
	if tooLong <= 0 {
		return name
	}
	ext := path.Ext(name)
	if utf8.RuneCountInString(ext) > 12 {
		ext = ""
	}
	stem := []rune(strings.TrimSuffix(name, ext))
	return strings.TrimRight(string(stem[:len(stem)-tooLong]), " .") + ext
}

// named returns the clean name of a file, or one made from its type if that is empty.
func named(name, kind, mime string) string {
	if name = cleanName(name); name != "" {
		return name
	}
	ext := ""
	if known := mimetype.Lookup(mime); known != nil {
		ext = known.Extension()
	}
	return strings.ToLower(kind) + ext
}

// disposition returns a Content-Disposition with the name for every browser: in ASCII, and in full (RFC 6266,
// RFC 8187).
func disposition(how, name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return how + `; filename="` + ascii + `"; filename*=UTF-8''` +
		strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
