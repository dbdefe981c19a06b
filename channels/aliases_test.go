package channels_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "parley/channels"
)

func TestASenderIsKnownByEveryIDItHas(t *testing.T) {
	require.Equal(t, []string{"bsuid:IT.123", "bsuid-parent:IT.ENT.9", "tel:5511987654321"},
		Sender{WaID: "551187654321", UserID: "IT.123", ParentUserID: "IT.ENT.9"}.Aliases())
	require.Equal(t, []string{"bsuid:BR.7"}, Sender{UserID: "BR.7", Username: "ana"}.Aliases())
	require.Empty(t, Sender{ProfileName: "nobody"}.Aliases())
}

func TestAUserIDIsNotANumber(t *testing.T) {
	require.True(t, IsUserID("IT.123"))
	require.True(t, IsUserID("IT.ENT.9aZ"))
	require.False(t, IsUserID("393331112222"))
	require.False(t, IsUserID("IT."))
}
