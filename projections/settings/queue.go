package settings

import (
	"slices"

	"parley/domain"
	"parley/domain/queue"
	"parley/eventstore"
	"parley/projections"
)

// Queue is where interactions wait.
type Queue struct {
	ID       string
	Settings queue.Settings
	Members  []string
	Archived bool
}

var queues = projections.Table[string, Queue]{
	Name: "queues_v1",
	Key:  1,
	Columns: []projections.Column[Queue]{
		projections.Col("id", "text", func(r *Queue) *string { return &r.ID }),
		projections.Col("name", "text", func(r *Queue) *string { return &r.Settings.Name }),
		projections.Col("weight", "int4", func(r *Queue) *int { return &r.Settings.Weight }),
		projections.Col("silent_owner", "int4", func(r *Queue) *int { return &r.Settings.SilentOwner }),
		projections.Col("members", "text[]", func(r *Queue) *[]string { return &r.Members }),
		projections.Col("archived", "bool", func(r *Queue) *bool { return &r.Archived }),
		projections.Col("settings", "jsonb", func(r *Queue) *queue.Settings { return &r.Settings }),
	},
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
			if slices.Contains(before.Settings.Members, m) != slices.Contains(after.Settings.Members, m) || before.Archived != after.Archived {
				moved = append(moved, m)
			}
		}
		// A queue changes with every arrival in it as well; what is set of it does not, and is told by itself.
		hints := []projections.Change{{Kind: "queue", ID: after.ID, Queue: after.ID}, {Kind: "queuesettings", ID: after.ID, Queue: after.ID}}
		return append(hints, rightsChanged(moved...)...)
	},
}

const queueSchema = `
CREATE TABLE {table:queues_v1} (
	id text PRIMARY KEY,
	name text NOT NULL,
	weight int4 NOT NULL,
	silent_owner int4 NOT NULL,
	members text[],
	archived bool NOT NULL,
	settings jsonb NOT NULL
);
`

const queueViews = `
CREATE OR REPLACE VIEW app.queues AS SELECT * FROM {table:queues_v1};
CREATE OR REPLACE VIEW masked.queues AS SELECT * FROM {table:queues_v1};
`

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
