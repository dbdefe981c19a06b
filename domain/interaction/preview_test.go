package interaction

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPreviewHoldsOnlyPartsOfTheMessage(t *testing.T) {
	for _, c := range []struct {
		name    string
		kind    MessageKind
		content Content
		want    Preview
	}{
		{"a text is its own preview", KindText, Content{Text: " hello\nthere "}, Preview{Text: "hello\nthere"}},
		{"a file without a caption has its name", KindDocument,
			Content{Media: &Media{FileName: "invoice.pdf"}}, Preview{FileName: "invoice.pdf"}},
		{"a picture without a caption has only its kind", KindImage, Content{Media: &Media{}}, Preview{}},
		{"an order has its pieces and its note", KindOrder,
			Content{Text: "for Saturday", Order: &Order{Items: []OrderItem{{Quantity: 2}, {Quantity: 1}}}},
			Preview{Text: "for Saturday", Pieces: 3}},
		{"a chosen entry shows its title", KindReply, Content{Choice: &Choice{ID: "7", Title: "Tomorrow"}}, Preview{Text: "Tomorrow"}},
		{"a place shows its name", KindLocation, Content{Location: &Location{Name: "Office"}}, Preview{Text: "Office"}},
		{"a call has its outcome", KindCall, Content{Call: &Call{Outcome: CallMissed}}, Preview{Call: CallMissed}},
		{"a template shows its name", KindTemplate, Content{Template: &Template{Name: "recontact"}}, Preview{Text: "recontact"}},
	} {
		c.want.Kind = c.kind
		require.Equal(t, c.want, PreviewOf(c.kind, c.content, false), c.name)
	}
}

func TestAnErasedMessageKeepsOnlyItsKindInThePreview(t *testing.T) {
	require.Equal(t, Preview{Kind: KindText, Erased: true}, PreviewOf(KindText, Content{Text: "secret"}, true))
}

func TestAPreviewCanBeCutToOneLineAndToALength(t *testing.T) {
	p := PreviewOf(KindText, Content{Text: "hello\nthere", Media: &Media{FileName: "longname.pdf"}}, false)
	require.Equal(t, "hello", p.FirstLine().Text)
	require.Equal(t, "hell…", p.Short(5).Text)
	require.Equal(t, "long…", p.Short(5).FileName)
}
