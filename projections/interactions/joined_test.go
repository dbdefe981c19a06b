package interactions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/access"
	"parley/projections/all"
	"parley/projections/interactions"
	"parley/projections/projectionstest"
)

func TestTheRowOfAnInteractionShowsTheLastMessageOfWhatIsJoinedIntoIt(t *testing.T) {
	latest := at(5)
	one := opened("one", "shop", "sales", 0, interaction.Customer{Name: "Ida", Phone: "491510001"}, "by number",
		interaction.Joined{Other: "two", LastMessageID: "m-two", LastMessageAt: &latest, LastIn: "two", Inbound: 1,
			Unseen: []domain.MessageID{"m-two"}, At: at(6)})
	two := opened("two", "shop", "sales", 5, interaction.Customer{Name: "Ida", Phone: "491510002"}, "by user id, says Ida",
		interaction.JoinedInto{Survivor: "one", Reason: interaction.JoinOpenedFirst, At: at(6)}, interaction.Closed{At: at(6)})
	db := projectionstest.Run(t, all.Models(), settings(), one, two)
	for _, masked := range []bool{false, true} {
		v := access.Viewer{Everything: true, Masked: masked}
		r, found, err := interactions.ByID(t.Context(), db.For(v), v, "one")
		require.NoError(t, err)
		require.True(t, found)
		want := "by user id, says Ida"
		if masked {
			want = "by user id, says •••"
		}
		require.Equal(t, []any{want, "m-two", 2}, []any{r.Preview.Text, r.LastMessageID, r.Unread})
		require.True(t, r.LastMessageAt.Equal(latest))
	}
}
