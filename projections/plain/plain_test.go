package plain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/projections/plain"
)

func TestTextsThatReadAlikeHaveOnePlainForm(t *testing.T) {
	for want, texts := range map[string][]string{
		"nicolo damico":   {"Nicolò D’Amico", "NICOLO\u0300  d'amico", "nicolò D`Amico", " Nicolò\u00a0D´Amico ", "nico\u200blò\tdʼamico"},
		"jurgen strauss":  {"Jürgen Strauß", "JÜRGEN STRAUẞ", "Ju\u0308rgen Strauss"},
		"soren ostergard": {"Søren Østergård", "SO\u0338REN ØSTERGÅRD"},
		"lukasz zolc":     {"Łukasz Żółć", "ŁUKASZ ŻÓŁĆ"},
		"ilker isik":      {"İlker Işık", "ILKER IŞIK", "ilker ışık"},
		"ha dang":         {"Hà Đặng", "HA\u0300 ĐA\u0323\u0306NG"},
		"laetitia coeur":  {"Lætitia Cœur", "LÆTITIA CŒUR"},
		"ανδρεασ":         {"Ανδρέας", "ΑΝΔΡΈΑΣ", "ανδρεας"},
		"елкин семеи":     {"Ёлкин Семей", "Е\u0308лкин Семеи\u0306"},
		"احمد":            {"أحمد", "أَحْمَد", "احمـــد", "ﺃﺣﻤﺪ"},
		"مينا":            {"می\u200cنا", "مينا"},
		"שלום":            {"שָׁלוֹם", "שלום"},
		"जरूरत":           {"ज़रूरत", "ज\u093cरूरत"},
		"कि कु":           {"कि कु"},
		"ヤマダ":             {"ﾔﾏﾀﾞ", "ヤマダ", "ヤマタ\u3099"},
		"김민수":             {"김민수", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e"},
		"abc 123 (x)":     {"ＡＢＣ　１２３ （ｘ）"},
		"fine office":     {"ﬁne oﬃce"},
		"12345":           {"١٢٣٤٥", "۱۲۳۴۵", "१२३४५", "๑๒๓๔๕", "１２３４５", "𝟏𝟐𝟑𝟒𝟓", "12\u202c345"},
		"❤👍👨👩👧":           {"❤\ufe0f👍🏽👨\u200d👩\u200d👧", "❤👍👨👩👧"},
		"cotone 100%":     {"Cotone 100%"},
		"jean-pierre":     {"Jean‑Pierre", "JEAN–PIERRE"},
		"collegi":         {"Col·legi", "COĿLEGI"},
		"":                {"", " \t", "'", "\u200b\u200d", "\x00", "\u0301"},
	} {
		for _, text := range texts {
			require.Equal(t, want, plain.Text(text), "%+q", text)
		}
	}
}

func TestWordsAreFoundByTheTermsOfASearch(t *testing.T) {
	for _, c := range []struct {
		text, search string
		found        bool
	}{
		{"Perché l'ordine non è arrivato?", "perche", true},
		{"Perché l'ordine non è arrivato?", "ordine", true},
		{"Perché l'ordine non è arrivato?", "L’ORDINE", true},
		{"Perché l'ordine non è arrivato?", "arrivato ordi", true},
		{"Perché l'ordine non è arrivato?", "ordi arrivato", false},
		{"Perché l'ordine non è arrivato?", "dine", false},
		{"'quoted' words", "quoted", true},
		{"我要退款，谢谢", "退款", true},
		{"我要退款，谢谢", "款", true},
		{"我要退款，谢谢", "谢谢", true},
		{"我要退款，谢谢", "要退款", true},
		{"我要退款，谢谢", "款谢", false},
		{"要退 退款", "要退款", false},
		{"환불을 요청합니다", "환불 요청", true},
		{"ขอคืนเงินครับ", "เงิน", true},
		{"मुझे हिन्दी में", "हिन्दी", true},
		{"iPhoneをください", "iphone くだ", true},
		{"Thanks👍🏽", "👍", true},
		{"Thanks👍🏽", "thanks", true},
	} {
		words, found := plain.Words(c.text), true
		for _, term := range plain.Terms(c.search) {
			found = found && strings.Contains(words, term.Pattern)
		}
		require.Equal(t, c.found, found, "%s in %s", c.search, c.text)
	}
	require.Empty(t, plain.Terms("'; --"))
	require.Empty(t, plain.Words("?! -"))
}

func TestWordsStayWithinWhatAnIndexHolds(t *testing.T) {
	words := plain.Words(strings.Repeat("𝒜'", 5000) + strings.Repeat(" 山", 100_000) + strings.Repeat("word ", 100_000))
	require.Less(t, len(words), 1<<18)
	for w := range strings.SplitSeq(strings.TrimSpace(words), " ") {
		require.NotEmpty(t, w)
		require.LessOrEqual(t, len(w), 4*64)
	}
	long := strings.Repeat("x", 1000)
	require.Contains(t, plain.Words(long), plain.Terms(long)[0].Pattern)
}

func TestWordsWithoutNumbersHaveNeitherNumbersNorEmailAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"chiama il +39 333-111.22.22 ora":   " chiama il ora ",
		"chiama il ٣٣٣ ١١١ ٢٢ ٢٢ ora":       " chiama il ora ",
		"ordine 123456, grazie":             " ordine 123456 grazie ",
		"scrivi a Nicolò.D’Amico @posta.it": " scrivi a ",
		"scrivi a <zoe＠posta.it>, perché":   " scrivi a perche ",
	} {
		require.Equal(t, want, plain.WordsWithoutNumbers(text), text)
	}
}

func TestOneNumberIsReadInEverySpelling(t *testing.T) {
	for _, number := range []string{"+39 333 111 22 22", "0039 333 111 22 22", "39-333/111.22.22", "+39\u00a0333\u202f1112222",
		"\u202a+39 333 1112222\u202c", "＋３９ ３３３ １１１２２２２", "+٣٩ ٣٣٣ ١١١٢٢٢٢", "+39 (0)333 1112222", "(39)333‑1112222"} {
		require.Equal(t, "393331112222", plain.Digits(number), "%+q", number)
	}
	for _, other := range []string{"", "maria", "333 a", "100%", "a_b"} {
		require.Empty(t, plain.Digits(other), other)
	}
}
