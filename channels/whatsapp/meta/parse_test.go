package meta_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/channelstest"
	"parley/channels/whatsapp/meta"
)

var _ = flag.Bool("golden", false, "write the golden files")

func provider(allowed ...string) *meta.Meta {
	p, err := meta.New(allowed...)
	if err != nil {
		panic(err)
	}
	return p
}

func TestEveryRecordedDeliveryParsesAsItsGoldenFile(t *testing.T) {
	channelstest.Inbound(t, provider(), "testdata/inbound", "")
}

func TestABodyThatIsNotADeliveryIsAnError(t *testing.T) {
	for _, raw := range []string{"", "{", "null", "[]", `"x"`, `{"a":1}`, "\xff"} {
		_, err := provider().Parse(channels.Delivery{Body: []byte(raw)})
		require.ErrorIs(t, err, channels.ErrEnvelope, raw)
	}
}

func TestAMessageTooLargeForAnEventIsKeptAsRawBytes(t *testing.T) {
	long := strings.Repeat("x", 600<<10)
	body := fmt.Sprintf(`{"object":"w","entry":[{"changes":[{"field":"messages","value":{
		"metadata":{"phone_number_id":"1"},"messages":[
		{"from":"393331112222","id":"wamid.L","type":"text","text":{"body":%q}},
		{"from":"393331112222","id":"wamid.M","type":"text","text":{"body":"short"}}]}}]}]}`, long)
	items, err := provider().Parse(channels.Delivery{Body: []byte(body)})
	require.NoError(t, err)
	require.Len(t, items, 2)
	require.Equal(t, "unsupported", items[0].Content.(channels.Message).Body.Kind())
	require.Equal(t, "wamid.L", items[0].ProviderID)
	require.Len(t, items[0].Raw, channels.MaxRaw)
	require.Greater(t, len(items[0].LargeRaw), 600<<10)
	require.Equal(t, channels.Text{Text: "short"}, items[1].Content.(channels.Message).Body)
}

func TestARepeatedMessageWithoutAnIDIsRecognised(t *testing.T) {
	raw, err := os.ReadFile("testdata/inbound/message_without_id.json")
	require.NoError(t, err)
	first, err := provider().Parse(channels.Delivery{Body: raw})
	require.NoError(t, err)
	again, err := provider().Parse(channels.Delivery{Body: raw})
	require.NoError(t, err)
	require.NotEmpty(t, first[0].ProviderID)
	require.Equal(t, first[0].ProviderID, again[0].ProviderID)
}

func FuzzParseNeverPanics(f *testing.F) {
	files, _ := filepath.Glob("testdata/inbound/*.json")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
	}
	p := provider()
	f.Fuzz(func(t *testing.T, raw []byte) {
		items, err := p.Parse(channels.Delivery{Body: raw})
		if err != nil {
			require.ErrorIs(t, err, channels.ErrEnvelope)
		}
		for _, in := range items {
			require.NotNil(t, in.Content)
			require.LessOrEqual(t, len(in.Raw), channels.MaxRaw)
			_, err := in.MarshalJSON()
			require.NoError(t, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	raw, err := os.ReadFile("testdata/inbound/text.json")
	require.NoError(b, err)
	p := provider()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = p.Parse(channels.Delivery{Body: raw})
	}
}
