package address_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/domain/address"
	"parley/domain/domaintest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestAliasesOfAnAddress(t *testing.T) {
	named := AliasNamed{Canonical: "a1", At: noon}
	linked := AliasLinked{From: "a1", Canonical: "a2", Reason: SeenTogether, At: noon}
	unlinked := AliasUnlinked{Canonical: "a2", By: "eva", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a new alias is named", When: Name{Canonical: "a1", At: noon}, Then: []Event{named}},
		{Name: "naming an alias twice is a no-op", Given: []Event{named}, When: Name{Canonical: "a1", At: noon}},
		{Name: "naming an alias differently is refused", Given: []Event{named}, When: Name{Canonical: "a2", At: noon}, Err: ErrNamed},
		{Name: "naming an alias needs an address", When: Name{At: noon}, Err: ErrInvalid},
		{Name: "an address is linked to another one", Given: []Event{named},
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Then: []Event{linked}},
		{Name: "linking an address twice is a no-op", Given: []Event{named, linked},
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}},
		{Name: "an address that leads elsewhere is not linked again", Given: []Event{named, linked},
			When: Link{Canonical: "a3", Reason: SeenTogether, At: noon}, Err: ErrLinked},
		{Name: "an alias that was never seen cannot be linked",
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Err: ErrUnknown},
		{Name: "a link needs a reason", Given: []Event{named}, When: Link{Canonical: "a2", At: noon}, Err: ErrInvalid},
		{Name: "a link can be undone", Given: []Event{named, linked},
			When: Unlink{Canonical: "a2", By: "eva", At: noon}, Then: []Event{unlinked}},
		{Name: "undoing a link twice is a no-op", Given: []Event{named, linked, unlinked},
			When: Unlink{Canonical: "a2", By: "eva", At: noon}},
		{Name: "addresses that someone separated are not linked again", Given: []Event{named, linked, unlinked},
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Err: ErrUnlinked},
		{Name: "an address knows what leads to it", When: Join{From: "a1", At: noon}, Then: []Event{Joined{From: "a1", At: noon}}},
		{Name: "an address forgets what no longer leads to it", Given: []Event{Joined{From: "a1", At: noon}},
			When: Part{From: "a1", At: noon}, Then: []Event{Parted{From: "a1", At: noon}}},
		{Name: "parting what never led to an address is a no-op", When: Part{From: "a1", At: noon}},
	})
}

func TestANumberHasOneHolderAtATime(t *testing.T) {
	at := func(hour int) time.Time { return noon.Add(time.Duration(hour) * time.Hour) }
	named := AliasNamed{Canonical: "tel", At: noon}
	ada := AliasIdentified{From: "tel", Canonical: "tel", User: "ada", Since: at(2), At: noon}
	zoe := AliasMoved{From: "tel", Canonical: "zoe", User: "zoe", Since: at(5), At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a new number that comes with a user id is identified at once",
			When: Name{Canonical: "ada", User: "ada", Since: at(2), At: noon},
			Then: []Event{AliasNamed{Canonical: "ada", At: noon},
				AliasIdentified{From: "ada", Canonical: "ada", User: "ada", Since: at(2), At: noon}}},
		{Name: "the first user id that comes with a number is its holder's", Given: []Event{named},
			When: Identify{From: "tel", Canonical: "tel", User: "ada", Since: at(2), At: noon}, Then: []Event{ada}},
		{Name: "a second user id does not identify a number's holder again", Given: []Event{named, ada},
			When: Identify{From: "tel", Canonical: "tel", User: "zoe", Since: at(5), At: noon}, Err: ErrHeld},
		{Name: "a number that was never seen has no holder to identify",
			When: Identify{From: "tel", Canonical: "tel", User: "ada", Since: at(2), At: noon}, Err: ErrUnknown},
		{Name: "a holder without a user id is not identified", Given: []Event{named},
			When: Identify{From: "tel", Canonical: "tel", Since: at(2), At: noon}, Err: ErrInvalid},
		{Name: "a number moves to the customer who comes with another user id", Given: []Event{named, ada},
			When: Move{From: "tel", Canonical: "zoe", User: "zoe", Since: at(5), At: noon}, Then: []Event{zoe}},
		{Name: "a number does not move to its holder", Given: []Event{named, ada, zoe},
			When: Move{From: "zoe", Canonical: "zoe", User: "zoe", Since: at(6), At: noon}},
		{Name: "an old message of the former holder moves nothing", Given: []Event{named, ada, zoe},
			When: Move{From: "tel", Canonical: "tel", User: "ada", Since: at(3), At: noon}},
		{Name: "a number cannot move from someone who does not hold it", Given: []Event{named, ada},
			When: Move{From: "eve", Canonical: "zoe", User: "zoe", Since: at(5), At: noon}, Err: ErrHeld},
		{Name: "a number that was never seen cannot move",
			When: Move{From: "tel", Canonical: "zoe", User: "zoe", Since: at(5), At: noon}, Err: ErrUnknown},
	})
	s := Decider.Fold([]Event{named, ada, zoe})
	for hour, want := range map[int]string{1: "tel", 2: "tel", 4: "tel", 5: "zoe", 9: "zoe"} {
		require.Equal(t, want, string(s.Holder(at(hour)).Address), "at %d hours", hour)
	}
	late := Decider.Fold([]Event{AliasNamed{Canonical: "zoe"}, AliasIdentified{Canonical: "zoe", User: "zoe", Since: at(5)},
		AliasMoved{From: "zoe", Canonical: "ada", User: "ada", Since: at(2)}})
	require.Equal(t, "zoe", string(late.Present().Address), "what is learned late does not change who holds the number now")
	require.Equal(t, "ada", string(late.Holder(at(1)).Address))
}
