package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// searchedContacts are the customers of the searches below. Each has a contact, and an interaction that begins with
// their text, under the same name and number.
var searchedContacts = []struct{ first, last, phone, email, text string }{
	{"Nicolò", "D’Amico", "393335551001", "", "Perché l'ordine non è arrivato?"},
	{"Nicolo", "Damico", "393335551002", "", "J’ai reçu l’œuvre abîmée"},
	{"Jose\u0301", "Nu\u0301n\u0303ez", "12025550103", "", "Manana, man\u0303ana.pdf"},
	{"Łukasz", "Wójcik", "447700900804", "", "Zażółć gęślą jaźń"},
	{"Søren", "Østergård", "447700900805", "", "Smørrebrød og øl"},
	{"Jürgen", "Strauß", "491713920006", "", "Die Größe paßt nicht"},
	{"Mary", "O'Neill", "447700900807", "", "A ﬁne oﬃce"},
	{"Mary", "ONeill", "447700900808", "", "spe\u200bdi\u00adzione ＡＢＣ"},
	{"小龍", "李", "447700900809", "", "我要退款，谢谢"},
	{"太郎", "山田", "447700900810", "", "ﾊﾟｿｺﾝの返品をお願いします"},
	{"ﾔﾏﾀﾞ", "", "447700900811", "", "ヤマトで送って"},
	{"أحمد", "", "447700900812", "", "أينَ الطَّلَبُ مـــن فضلك ١٢٣٤٥"},
	{"Cotone 100%", "", "447700900813", "a_b@example.com", "Grazie ❤\ufe0f 👍🏽"},
	{"Cotone 1000", "", "447700900814", "aXb@example.com", "👨\u200d👩\u200d👧 in vacanza"},
	{"Back\\slash", "", "447700900815", "", "C:\\temp"},
	{"Maria", "Rossi", "447700900816", "", "Vorrei un preventivo"},
	{"İlker", "Işık", "447700900817", "", "ILIK çay İstanbul'dan"},
	{"Ανδρέας", "", "447700900818", "", "Πού είναι οι παραγγελίες μας; ΟΔΟΣ"},
	{"Семён", "Ёлкин", "447700900819", "", "Чёрный чай и пирожок"},
	{"Hà", "Đặng", "447700900820", "", "Đơn hàng của tôi đâu rồi"},
	{"Lætitia", "Cœur", "447700900821", "", "Aujourd'hui c’est Noël"},
	{"שָׁלוֹם", "כהן", "447700900822", "", "איפה הַהַזמנה שלי"},
	{"हिन्दी", "ज़ैदी", "447700900823", "", "मुझे ज़रूरत है"},
	{"สมชาย", "ใจดี", "447700900824", "", "ขอคืนเงินครับ"},
	{"민수", "김", "447700900825", "", "환불을 요청합니다"},
}

func TestASearchInEitherListIgnoresAccentsCaseAndSpelling(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, list := w.as(t, "anna"), w.travellers(t)
	a := w.accounts[0]
	number := make(map[string]int) // of a customer, from 1, by phone
	for i, c := range searchedContacts {
		number[c.phone] = i + 1
		emails := []string{}
		if c.email != "" {
			emails = []string{c.email}
		}
		made := anna.do(t, "createContact", "CreateContactInput", "contact{id}", vars{"commandId": newID(), "listId": list,
			"firstName": c.first, "lastName": c.last, "phones": []string{"+" + c.phone}, "emails": emails})
		require.Empty(t, made.code(), made.raw)
		body := textDelivery(a, c.phone, strings.TrimSpace(c.first+" "+c.last), "wamid.search"+c.phone, c.text, w.p.now())
		require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	}
	find := func(path, text string) []int {
		t.Helper()
		kind := map[string]string{"interactions": "InteractionFilter", "contacts": "ContactFilter"}[path]
		selection := map[string]string{"interactions": "customer{phone}", "contacts": "phones"}[path]
		page := get[map[string]struct {
			Edges []struct {
				Node struct {
					Phones   []string
					Customer struct{ Phone string }
				}
			}
		}](t, anna, "query($f:"+kind+"){"+path+"(first:50,filter:$f){edges{node{"+selection+"}}}}",
			vars{"f": vars{"search": text}})
		found := []int{}
		for _, e := range page[path].Edges {
			phone := e.Node.Customer.Phone
			if len(e.Node.Phones) > 0 {
				phone = e.Node.Phones[0]
			}
			if n := number[strings.TrimPrefix(phone, "+")]; n > 0 {
				found = append(found, n)
			}
		}
		slices.Sort(found)
		return found
	}
	require.Eventually(t, func() bool {
		return len(get[struct{ Interactions struct{ Edges []any } }](t, anna,
			"{interactions(first:50){edges{node{contact{id}}}}}", nil).Interactions.Edges) >= len(searchedContacts)
	}, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool { return slices.Equal(find("interactions", "山田太郎"), []int{10}) }, patience,
		10*time.Millisecond, "the contacts were not linked")

	for _, c := range []struct {
		search string
		want   []int
	}{
		{"nicolo", []int{1, 2}}, {"NICOLÒ", []int{1, 2}}, {"nicolo\u0300", []int{1, 2}},
		{"d'amico", []int{1, 2}}, {"d’amico", []int{1, 2}}, {"damico", []int{1, 2}},
		{"nunez", []int{3}}, {"josé", []int{3}}, {"NU\u0301ÑEZ", []int{3}},
		{"lukasz", []int{4}}, {"wojcik", []int{4}}, {"soren", []int{5}}, {"ostergard", []int{5}},
		{"strauss", []int{6}}, {"STRAUSS", []int{6}}, {"strauß", []int{6}}, {"jurgen strau", []int{6}},
		{"oneill", []int{7, 8}}, {"o'neill", []int{7, 8}}, {"o’neill", []int{7, 8}},
		{"李小", []int{9}}, {"小龍", []int{9}}, {"龍", []int{9}}, {"山田太郎", []int{10}}, {"太郎", []int{10}},
		{"山田　太郎", []int{10}}, {"ヤマダ", []int{11}}, {"ﾔﾏﾀﾞ", []int{11}}, {"احمد", []int{12}}, {"أَحمـد", []int{12}},
		{"100%", []int{13}}, {"%", []int{13}}, {"\\", []int{15}}, {"back\\s", []int{15}},
		{"maria rossi", []int{16}}, {"rossi  maria", []int{16}}, {" rossi ", []int{16}},
		{"ilker", []int{17}}, {"isik", []int{17}}, {"IŞIK", []int{17}},
		{"ανδρεασ", []int{18}}, {"ΑΝΔΡΕΑΣ", []int{18}}, {"Ανδρέας", []int{18}},
		{"елкин", []int{19}}, {"семен", []int{19}}, {"СЕМЕ\u0308Н", []int{19}}, {"dang", []int{20}}, {"ĐẶNG", []int{20}},
		{"laetitia", []int{21}}, {"coeur", []int{21}}, {"שלום", []int{22}}, {"हिन्दी", []int{23}}, {"जैदी", []int{23}},
		{"ใจดี", []int{24}}, {"김민수", []int{25}}, {"민수", []int{25}}, {"\u1106\u1175\u11ab\u1109\u116e", []int{25}},
		{"3335551001", []int{1}}, {"+39 333 555 1001", []int{1}}, {"0039 333 555 10 01", []int{1}},
		{"+39\u00a0333\u202f555\u00a01001", []int{1}}, {"\u202a+39 333 555‑1001\u202c", []int{1}},
		{"333-555-1001", []int{1}}, {"55510", []int{1, 2}}, {"(202) 555-0103", []int{3}}, {"+44 (0)7700 900804", []int{4}},
		{"٣٣٣٥٥٥١٠٠١", []int{1}}, {"+３９ ３３３ ５５５ １００１", []int{1}},
		{"'; --", []int{}}, {"(", []int{}}, {"*", []int{}}, {"\u200b", []int{}}, {"’", []int{}},
	} {
		require.Equal(t, c.want, find("contacts", c.search), "contacts by %q", c.search)
		require.Equal(t, c.want, find("interactions", c.search), "interactions by %q", c.search)
	}
	for search, want := range map[string][]int{"_": {13}, "a_b": {13}, "A_B@example.com": {13}, "axb@": {14}, "[a": {}} {
		require.Equal(t, want, find("contacts", search), "contacts by %q", search)
	}
	for _, c := range []struct {
		search string
		want   []int
	}{
		{"perche", []int{1}}, {"PERCHE\u0301", []int{1}}, {"ordine", []int{1}}, {"l’ordine", []int{1}}, {"lordine", []int{1}},
		{"recu oeuvre", []int{2}}, {"l'œuvre abimee", []int{2}}, {"mañana", []int{3}}, {"zazolc gesla", []int{4}},
		{"smorrebrod", []int{5}}, {"grosse passt", []int{6}}, {"GRÖSSE", []int{6}}, {"fine office", []int{7}},
		{"spedizione abc", []int{8}}, {"退款", []int{9}}, {"款", []int{9}}, {"谢谢", []int{9}}, {"款谢", []int{}},
		{"パソコン", []int{10}}, {"返品", []int{10}}, {"願い", []int{10}}, {"اين الطلب", []int{12}}, {"من", []int{12}},
		{"12345", []int{12}}, {"❤", []int{13}}, {"👍", []int{13}}, {"👍🏽", []int{13}}, {"👨", []int{14}},
		{"ilik", []int{17}}, {"istanbul", []int{17}}, {"που παραγγελιεσ", []int{18}}, {"οδος", []int{18}}, {"ΟΔΌΣ", []int{18}},
		{"черный чаи\u0306", []int{19}}, {"чёрный", []int{19}}, {"don hang", []int{20}}, {"đâu rồi", []int{20}},
		{"noel", []int{21}}, {"aujourdhui", []int{21}}, {"ההזמנה", []int{22}}, {"जरूरत", []int{23}}, {"เงิน", []int{24}},
		{"환불", []int{25}}, {"환불 요청", []int{25}},
	} {
		require.Equal(t, c.want, find("interactions", c.search), "messages by %q", c.search)
	}
}
