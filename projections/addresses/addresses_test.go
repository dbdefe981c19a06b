package addresses_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/address"
	"parley/projections/addresses"
	"parley/projections/all"
	"parley/projections/projectionstest"
)

func TestAnAliasBelongsToItsLastLinkedAddress(t *testing.T) {
	db := projectionstest.Run(t, all.Models(),
		projectionstest.Record("address-a", address.AliasNamed{Canonical: "a"}),
		projectionstest.Record("address-b", address.AliasNamed{Canonical: "b"},
			address.AliasLinked{From: "b", Canonical: "a", Reason: "SEEN_TOGETHER"}))
	found, err := addresses.Canonical(t.Context(), db.Clear, []string{"a", "b", "c"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "a", "b": "a"}, found)
	aliases, err := addresses.AliasesOf(t.Context(), db.Clear, "a")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, aliases)
}
