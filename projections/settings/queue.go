package settings

import (
	"slices"

	"parley/domain"
	"parley/domain/queue"
	"parley/eventstore"
	"parley/projections"
)

// Queue is where interactions wait for an agent.
type Queue struct {
	ID       string
	Settings queue.Settings
	Members  []string
	Archived bool
}

var queues = projections.Table[string, Queue]{
	Name: "queues_v1",
	Columns: projections.Columns(
		projections.Key("id", func(r *Queue) *string { return &r.ID }).Open(),
		projections.Text("name", func(r *Queue) *string { return &r.Settings.Name }).Open(),
		projections.Int("weight", func(r *Queue) *int { return &r.Settings.Weight }).Open(),
		projections.Int("silent_owner", func(r *Queue) *int { return &r.Settings.SilentOwner }).Open(),
		projections.Texts("members", func(r *Queue) *[]string { return &r.Members }).Open(),
		projections.Bool("archived", func(r *Queue) *bool { return &r.Archived }).Open(),
		projections.JSON("settings", func(r *Queue) *queue.Settings { return &r.Settings }).Open(),
	),
	KeyOf: func(r Queue) string { return r.ID },
	Keys:  ofStream("queue"),
	New:   func(id string) Queue { return Queue{ID: id} },
	Evolve: func(r Queue, e eventstore.Recorded) Queue {
		switch ev := e.Event.(type) {
		case queue.Created:
			r.Settings = ev.Settings
		case queue.Changed:
			r.Settings = ev.Settings
		case queue.Archived:
			r.Archived = true
		}
		r.Members = strs(r.Settings.Members)
		return r
	},
	Changes: func(before, after Queue, _ eventstore.Recorded) []projections.Change {
		var moved []domain.AgentID
		for _, m := range slices.Concat(before.Settings.Members, after.Settings.Members) {
			if slices.Contains(before.Settings.Members, m) != slices.Contains(after.Settings.Members, m) ||
				before.Archived != after.Archived {
				moved = append(moved, m)
			}
		}
		// A queue changes with every arrival. A change of its settings is rare and announced separately.
		hints := []projections.Change{{Kind: projections.QueueChanged, ID: after.ID, Queue: after.ID},
			{Kind: projections.QueueSettingsChanged, ID: after.ID, Queue: after.ID}}
		return append(hints, rightsChanged(moved...)...)
	},
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
