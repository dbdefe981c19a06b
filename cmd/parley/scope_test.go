package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/user"
)

func TestALiveBatchNamesNothingThatWasNeverInScope(t *testing.T) { // S4, S14
	t.Parallel()
	w := startWorld(t)
	anna := w.as(t, "anna")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	document := "subscription{live{resync removed settings interactions{id queue{id}}}}"
	type shown struct {
		Live struct {
			Resync            bool
			Removed, Settings []string
			Interactions      []struct {
				ID    string
				Queue struct{ ID string }
			}
		}
	}
	watching := anna.subscribe(t, document, nil)
	maria.writes(t, "Hello")
	var id, queue string
	for id == "" {
		for _, i := range batch[shown](t, watching).Live.Interactions {
			id, queue = i.ID, i.Queue.ID
		}
	}
	var others []string
	for _, q := range get[struct{ Queues []struct{ ID string } }](t, w.as(t, "admin"), "{queues{id}}", nil).Queues {
		if q.ID != queue {
			others = append(others, q.ID)
		}
	}
	changeAccount(t, w, w.accounts[0].PhoneNumberID, vars{"queueId": others[0], "queueIds": others})
	newcomer := w.hire(t, "newcomer", user.Agent, vars{"queueIds": []string{queue}})
	w.settle(t)
	require.Nil(t, newcomer.sees(t, id), "it is in his queue, and on an account that is not his queue's")

	watched := newcomer.subscribe(t, document, nil)
	require.False(t, batch[shown](t, watched).Live.Resync)
	maria.writes(t, "Are you there?")
	require.Eventually(t, func() bool { return w.counts(t)["received"] == 2 }, patience, 10e6)
	saved := w.as(t, "admin").do(t, "saveTag", "SaveTagInput", "tag{id}", vars{"commandId": newID(), "name": "afterwards", "color": "green"})
	require.Empty(t, saved.code(), saved.raw)
	for ended := false; !ended; {
		ended = slices.Contains(batch[shown](t, watched).Live.Settings, "tag")
	}
	require.NotContains(t, strings.Join(watched.raw, ""), id)
}
