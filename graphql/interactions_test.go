package graphql

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/account"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/settings"
)

func TestRepliesAndFilesAreOfferedOnlyWhileTheReplyWindowIsOpen(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	at := func(ago time.Duration) *time.Time { t := now.Add(-ago); return &t }
	ann := access.Viewer{User: "ann", Permissions: []access.Permission{access.HandleInteractions}}
	for _, c := range []struct {
		name    string
		inbound *time.Time
		closed  *time.Time
		hours   int
		offered bool
	}{
		{"the customer wrote an hour ago", at(time.Hour), nil, 24, true},
		{"the customer wrote a day ago", at(24 * time.Hour), nil, 24, false},
		{"the provider said that the window is closed", at(time.Hour), at(time.Minute), 24, false},
		{"the customer never wrote", nil, nil, 24, false},
		{"the channel has no window", at(99 * time.Hour), nil, 0, true},
	} {
		row := interactions.Row{ID: "i", Status: interactions.StatusOpen, OwnerID: "ann",
			LastInboundAt: c.inbound, WindowClosedAt: c.closed}
		a := settings.Account{Settings: account.Settings{WindowHours: c.hours, Attachments: true}}
		offered := actions(ann, row, a, nil, now)
		for _, action := range []model.InteractionAction{model.InteractionActionReply, model.InteractionActionAttach} {
			if c.offered {
				require.Contains(t, offered, action, c.name)
			} else {
				require.NotContains(t, offered, action, c.name)
			}
		}
		require.Contains(t, offered, model.InteractionActionNote, c.name)
		require.Contains(t, offered, model.InteractionActionClose, c.name)
	}
}
