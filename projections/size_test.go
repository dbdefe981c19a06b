package projections

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheSizeOfARowCountsWhatItPointsTo(t *testing.T) {
	type inner struct{ Name string }
	type example struct {
		Text  string
		Raw   []byte
		Tags  []string
		By    map[string]inner
		Maybe *inner
		At    time.Time
	}
	size := func(r example) int { return sizeOf(reflect.ValueOf(&r).Elem()) }
	long := strings.Repeat("x", 1000)
	empty := size(example{})
	require.Equal(t, int(reflect.TypeFor[example]().Size()), empty)
	for name, r := range map[string]example{
		"text": {Text: long}, "bytes": {Raw: []byte(long)}, "a list": {Tags: []string{long}},
		"a map": {By: map[string]inner{"a": {Name: long}}}, "a pointer": {Maybe: &inner{Name: long}},
	} {
		require.InDelta(t, empty+1000, size(r), 100, name)
	}
	require.Equal(t, empty, size(example{At: time.Now()}), "a time zone belongs to all times")
}
