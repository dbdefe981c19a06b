package addresses_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/address"
	"parley/projections/all"
	"parley/projections/projectionstest"
)

func TestAnAliasBelongsToItsPresentHolder(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	db := projectionstest.Run(t, all.Models(),
		projectionstest.Record("address-a", address.AliasNamed{Canonical: "a"}),
		projectionstest.Record("address-b", address.AliasNamed{Canonical: "b"},
			address.AliasLinked{From: "b", Canonical: "a", Reason: "SEEN_TOGETHER"}),
		projectionstest.Record("address-c", address.AliasNamed{Canonical: "a"},
			address.AliasIdentified{From: "a", Canonical: "a", User: "a", Since: noon},
			address.AliasMoved{From: "a", Canonical: "z", User: "z", Since: noon.Add(time.Hour)},
			address.AliasMoved{From: "a", Canonical: "y", User: "y", Since: noon.Add(-time.Hour)}),
		projectionstest.Record("address-d", address.AliasNamed{Canonical: "d"},
			address.AliasLinked{From: "d", Canonical: "a", Reason: "SEEN_TOGETHER"}, address.AliasUnlinked{Canonical: "a"}))
	for alias, want := range map[string][]string{"a": {"a", ""}, "b": {"b", "a"}, "c": {"z", ""}, "d": {"d", ""}} {
		var canonical, linked string
		require.NoError(t, db.Clear.QueryRow(t.Context(),
			"SELECT canonical_id, linked_to FROM addresses WHERE alias_id = $1", alias).Scan(&canonical, &linked))
		require.Equal(t, want, []string{canonical, linked}, alias)
	}
}
