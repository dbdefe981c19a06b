package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"parley/domain/audit"
	"parley/internal/demo"
)

// canary is a customer whose personal values appear nowhere else.
type canary struct {
	digits, name, email, username, userID, wamid, mediaID, fileName, place, address, card, cardPhone, cardEmail string
}

func theCanary() canary {
	digits := "393927418365"
	return canary{
		digits: digits, name: "Zebedee Quorndon", email: "zebedee.quorndon@canarymail.example",
		username: "zebquorn", userID: "IT.839201746510293",
		wamid:   "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1d\x18\x0c"+digits+"\x15\x02\x00\x11\x18\x12QQZZ9911")),
		mediaID: "770913355284601", fileName: "Passport-" + digits + "_Zebedee_QUORNDON.pdf", place: "Zebedee's place, bell +39 392 741 8365",
		address: "Mail " + "zebedee.quorndon@canarymail.example",
		card:    "Zacharias Quillfeather", cardPhone: "393915527743", cardEmail: "zacharias@quillmail.example",
	}
}

// spellings returns all the ways a value may be written.
func spellings(value string) []string {
	runes := []rune(value)
	slices.Reverse(runes)
	quoted, err := json.Marshal(value)
	if err != nil {
		panic(err) // a string always encodes
	}
	all := []string{
		value, string(runes), hex.EncodeToString([]byte(value)), url.QueryEscape(value), url.PathEscape(value),
		strings.Trim(string(quoted), `"`), html.EscapeString(value),
	}
	for skip := range 3 { // base64 reads differently at each of three offsets
		if len(value) < 9 {
			break
		}
		piece := value[skip : skip+(len(value)-skip)/3*3]
		all = append(all, base64.StdEncoding.EncodeToString([]byte(piece)),
			base64.RawURLEncoding.EncodeToString([]byte(piece)))
	}
	return all
}

// values returns what a masked viewer must not see.
func (c canary) values() []string {
	return []string{
		c.digits, c.digits[len(c.digits)-7:], "392 741 8365", "392-741-8365", c.email, "Quorndon", "Zebedee",
		c.username, c.userID, "41.5312", "12.5829", c.wamid, c.mediaID,
		"Quillfeather", c.cardPhone, c.cardPhone[len(c.cardPhone)-7:], c.cardEmail,
	}
}

var onlyDigits = regexp.MustCompile(`[^0-9]+`)

// requireNoCanary searches a text for the values, in any spelling.
func requireNoCanary(t *testing.T, c canary, what, text string) {
	t.Helper()
	lower, digits := strings.ToLower(text), onlyDigits.ReplaceAllString(text, "")
	for _, value := range c.values() {
		for _, s := range spellings(value) {
			if i := strings.Index(lower, strings.ToLower(s)); i >= 0 {
				require.Fail(t, "a canary is out", "%s says %q: …%s…", what, s,
					text[max(0, i-120):min(len(text), i+120)])
			}
		}
	}
	for _, number := range []string{c.digits[2:], c.cardPhone[2:]} {
		require.NotContains(t, digits, number, what)
	}
}

// canaryDelivery returns a webhook with everything personal that a customer can send.
func canaryDelivery(a demo.Account, c canary, at time.Time) []byte {
	message := func(i int, kind string, content any) map[string]any {
		return map[string]any{"from": c.digits, "from_user_id": c.userID,
			"id": fmt.Sprintf("%s%d", c.wamid, i), "timestamp": fmt.Sprint(at.Unix()), "type": kind, kind: content}
	}
	messages := []any{
		message(1, "text", map[string]any{"body": "Please call +" + c.digits + " or 392 741 8365 or mail " + c.email +
			", " + c.name + " here (zebquorn)"}),
		message(2, "document", map[string]any{"id": c.mediaID, "mime_type": "application/pdf",
			"filename": c.fileName, "sha256": "abc", "caption": "from " + c.digits}),
		message(3, "location", map[string]any{"latitude": 41.53127, "longitude": 12.58291, "name": c.place,
			"address": c.address}),
		message(4, "contacts", []any{map[string]any{
			"name":   map[string]any{"formatted_name": c.card, "first_name": "Zacharias"},
			"phones": []any{map[string]any{"phone": "+" + c.cardPhone, "wa_id": c.cardPhone}},
			"emails": []any{map[string]any{"email": c.cardEmail}},
		}}),
		message(9, "edit", map[string]any{"original_message_id": c.wamid + "unknown",
			"message": map[string]any{"type": "text",
				"text": map[string]any{"body": "It is +" + c.digits + ", " + c.email}}}),
		message(5, "interactive", map[string]any{"type": "nfm_reply", "nfm_reply": map[string]any{
			"response_json": fmt.Sprintf(`{"call_%s":"%s, %s","people":[{"mail":%q,"name":"Mr. %s"}]}`,
				c.digits, c.email, c.cardPhone, c.cardEmail, strings.ToUpper(c.name)),
		}}),
		message(6, "order", map[string]any{"text": "for " + c.email,
			"product_items": []any{map[string]any{"product_retailer_id": "for +" + c.digits, "quantity": 1,
				"item_price": c.cardPhone, "currency": c.cardEmail}}}),
	}
	led := message(7, "text", map[string]any{"body": "Is it there?"})
	led["referral"] = map[string]any{"source_url": "https://wa.me/" + c.digits, "source_type": c.email,
		"headline": "Call +" + c.cardPhone, "body": c.cardEmail}
	led["context"] = map[string]any{"referred_product": map[string]any{"catalog_id": c.digits,
		"product_retailer_id": c.email}}
	messages = append(messages, led)
	body, err := json.Marshal(map[string]any{
		"object": "whatsapp_business_account",
		"entry": []any{map[string]any{"id": "1",
			"changes": []any{map[string]any{"field": "messages", "value": map[string]any{
				"messaging_product": "whatsapp",
				"metadata": map[string]any{"display_phone_number": "390612345678",
					"phone_number_id": a.PhoneNumberID},
				"contacts": []any{map[string]any{"profile": map[string]any{"name": c.name,
					"username": c.username}, "wa_id": c.digits, "user_id": c.userID}},
				"messages": messages,
			}}}}},
	})
	if err != nil {
		panic(err) // a map of strings always encodes
	}
	return body
}

// everything selects all fields of a type, down to a depth.
func everything(s *ast.Schema, d *ast.Definition, depth int) string {
	var b strings.Builder
	b.WriteString("{__typename")
	for _, f := range d.Fields {
		child := s.Types[f.Type.Name()]
		if child.IsLeafType() {
			b.WriteString(" " + f.Name)
		} else if depth > 0 && f.Name != "journey" {
			b.WriteString(" " + f.Name + everything(s, child, depth-1))
		}
	}
	b.WriteString("}")
	return b.String()
}

func TestAMaskedViewerGetsNoPersonalDataByAnyQuery(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	c := theCanary()
	jonas, anna := w.works(t, "jonas"), w.works(t, "anna") // masked, clear
	s := theSchema()
	masked := jonas.subscribe(t, "subscription{live"+everything(s, s.Types["LiveBatch"], 3)+"}", nil)
	clear := anna.subscribe(t, "subscription{live"+everything(s, s.Types["LiveBatch"], 3)+"}", nil)

	a := w.accounts[0]
	body := canaryDelivery(a, c, w.p.now())
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	var id string
	require.Eventually(t, func() bool {
		found := get[struct {
			Interactions struct {
				Edges []struct{ Node struct{ ID string } }
			}
		}](t, anna.client,
			"query($f:InteractionFilter){interactions(filter:$f){edges{node{id}}}}", vars{"f": vars{"search": c.name}})
		if len(found.Interactions.Edges) == 1 {
			id = found.Interactions.Edges[0].Node.ID
		}
		return id != ""
	}, patience, 10*time.Millisecond, "the clear viewer finds the customer by name")
	talk := jonas.subscribe(t, "subscription($id:ID!){conversation(interactionId:$id)"+everything(s,
		s.Types["ConversationBatch"], 3)+"}", vars{"id": id})
	require.NotNil(t, talk.read(t).Payload)
	w.settle(t)
	var offers []offerShown
	require.Eventually(t, func() bool {
		offers = get[struct{ Offers []offerShown }](t, jonas.client, "{offers{"+offerFields+"}}", nil).Offers
		return len(offers) > 0
	}, patience, 10*time.Millisecond)
	got := jonas.do(t, "acceptOffer", "OfferInput", "interaction"+everything(s, s.Types["Interaction"], 2),
		vars{"commandId": newID(), "offerId": offers[0].ID})
	require.Empty(t, got.code(), got.raw)
	requireNoCanary(t, c, "acceptOffer", got.raw)
	jonas.sends(t, id, "Thank you")
	require.Empty(t, w.as(t, "admin").do(t, "addWhisper", "NoteInput", "message{id}", vars{"commandId": newID(),
		"interactionId": id, "text": "Ask Zebedee for the order number"}).code())

	t.Run("no query returns a clear value", func(t *testing.T) {
		asked := 0
		for _, p := range paths(t, s) {
			if p.operation != "query" || p.field.Name == "node" || !slices.Contains(mayCall["AGENT"], p.right) {
				continue // nodes are tested below
			}
			selection := ""
			if d := s.Types[p.field.Type.Name()]; !d.IsLeafType() {
				selection = everything(s, d, 3)
			}
			document := strings.Replace(p.document(s), "{__typename}", selection, 1)
			a := jonas.ask(t, document, p.arguments(s, func(argument string) string {
				if argument == "id" && p.field.Name == "contact" {
					return contactOf(t, anna.client, id)
				}
				return id
			}))
			require.Empty(t, a.code(), "%s: %.400s", p.field.Name, a.raw)
			requireNoCanary(t, c, p.field.Name, a.raw)
			asked++
		}
		require.Greater(t, asked, 15)
	})
	t.Run("no node returns a clear value", func(t *testing.T) {
		shown := anna.sees(t, id)
		ids := []string{id, contactOf(t, anna.client, id), offers[0].ID}
		for _, e := range shown.Messages.Edges {
			ids = append(ids, e.Node.ID)
		}
		for _, node := range ids {
			for _, kind := range []string{"Interaction", "Message", "Contact", "Offer"} {
				a := jonas.ask(t, "query($id:ID!){node(id:$id){id ... on "+kind+everything(s, s.Types[kind],
					2)+"}}", vars{"id": node})
				require.Empty(t, a.code(), a.raw)
				requireNoCanary(t, c, "node "+node, a.raw)
			}
		}
	})
	t.Run("no filter, order or cursor reveals a clear value", func(t *testing.T) {
		for _, order := range []string{"LAST_MESSAGE", "STARTED", "WINDOW"} {
			for _, f := range []vars{{}, {"status": "OPEN"}, {"read": false}, {"waiting": false},
				{"tags": []string{"vip"}, "tagsMatch": "ALL"}, {"startedFrom": "2020-01-01T00:00:00Z"}} {
				a := jonas.ask(t,
					"query($f:InteractionFilter,$o:InteractionOrder){interactions(filter:$f,orderBy:$o){edges{cursor node{id preview{text} customer{name phone username displayName}}} pageInfo{endCursor startCursor}}}",
					vars{"f": f, "o": order})
				require.Empty(t, a.code(), a.raw)
				requireNoCanary(t, c, "interactions", a.raw)
				requireSealed(t, c, a.raw)
			}
		}
		a := jonas.ask(t, "{contacts{edges{cursor node{id displayName phones emails}} pageInfo{endCursor}}}", nil)
		require.Contains(t, a.raw, `"cursor"`)
		requireNoCanary(t, c, "contacts", a.raw)
		requireSealed(t, c, a.raw)
	})
	t.Run("live updates are masked per viewer", func(t *testing.T) {
		body := textDelivery(a, c.digits, c.name, c.wamid+"live", "Still me, "+c.digits, w.p.now())
		require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
		for !strings.Contains(strings.Join(clear.raw, ""), "Still me") {
			clear.read(t)
		}
		require.Contains(t, strings.Join(clear.raw, ""), c.digits, "the clear viewer sees it")
		for !strings.Contains(strings.Join(masked.raw, ""), "Still me") {
			masked.read(t)
		}
		for !strings.Contains(strings.Join(talk.raw, ""), "Still me") {
			talk.read(t)
		}
		requireNoCanary(t, c, "live", strings.Join(masked.raw, "\n"))
		requireNoCanary(t, c, "conversation", strings.Join(talk.raw, "\n"))
	})
	t.Run("errors and logs reveal no clear value", func(t *testing.T) {
		for _, document := range []string{`{interaction(id:"` + c.digits + `"){id}}`, `{contact(id:"con_x"){id}}`} {
			require.NotEmpty(t, jonas.ask(t, document, nil).code())
		}
		requireNoCanary(t, c, "the log", w.log.String())
	})
}

func contactOf(t *testing.T, c client, interaction string) string {
	t.Helper()
	return get[struct {
		Interaction struct{ Contact struct{ ID string } }
	}](t, c, "query($id:ID!){interaction(id:$id){contact{id}}}", vars{"id": interaction}).Interaction.Contact.ID
}

var cursors = regexp.MustCompile(`"(?:cursor|endCursor|startCursor)":"([^"]+)"`)

// requireSealed decodes cursors as anyone could and finds nothing readable in them.
func requireSealed(t *testing.T, c canary, raw string) {
	t.Helper()
	for _, found := range cursors.FindAllStringSubmatch(raw, -1) {
		for _, coding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding,
			base64.URLEncoding, base64.RawURLEncoding} {
			plain, err := coding.DecodeString(found[1])
			if err != nil {
				continue
			}
			requireNoCanary(t, c, "a cursor", string(plain))
			require.False(t, json.Valid(plain))
			require.NotContains(t, string(plain), "int")
		}
	}
}

func TestAMaskedViewerFindsOnlyWholeValues(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	c := theCanary()
	jonas, anna := w.works(t, "jonas"), w.works(t, "anna")
	a := w.accounts[0]
	body := canaryDelivery(a, c, w.p.now())
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	found := func(who client, path, search string) int {
		kind := map[string]string{"interactions": "InteractionFilter", "contacts": "ContactFilter"}[path]
		shown := get[map[string]struct{ Edges []any }](t, who,
			"query($f:"+kind+"){"+path+"(filter:$f){edges{node{id}}}}", vars{"f": vars{"search": search}})
		return len(shown[path].Edges)
	}
	require.Eventually(t, func() bool {
		return found(anna.client, "contacts", "Zebed") == 1 && found(anna.client, "interactions", "3927418") == 1
	},
		patience, 10*time.Millisecond, "the clear viewer finds by a part")
	for _, part := range []string{"Zebed", "3927418", c.digits[:11]} {
		require.Zero(t, found(jonas.client, "interactions", part), part)
		require.Zero(t, found(jonas.client, "contacts", part), part)
	}
	require.Equal(t, 1, found(jonas.client, "contacts", "+"+c.digits), "a whole number")
	require.Equal(t, 1, found(jonas.client, "interactions", "+"+c.digits), "a whole number")
	tried := 8
	var refused answer
	for tried < 11 && refused.code() == "" {
		tried++
		refused = jonas.ask(t, `{contacts(filter:{search:"+391112223334"}){edges{node{id}}}}`, nil)
	}
	require.Equal(t, 11, tried)
	require.Equal(t, "RATE_LIMITED", refused.code(), refused.raw)
	recorded := 0
	for _, e := range w.events(t) {
		if r, ok := e.Event.(audit.Revealed); ok && string(r.By) == w.user(t, "jonas").ID {
			recorded++
		}
	}
	require.Equal(t, 10, recorded)
}
