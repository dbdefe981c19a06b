// Package settings is the read model of everything administrators configure: accounts, queues, users, lists,
// dispositions, canned answers, tags, and the policy.
package settings

import (
	"parley/eventstore"
	"parley/projections"
)

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "settings_v1"

// Model returns the read model. The views of other models use its views, so it comes first.
func Model() projections.Model {
	return projections.Model{
		Name: Name,
		Tables: []projections.AnyTable{
			accounts, queues, users, lists, dispositions, cannedAnswers, tags, policies,
		},
		Consumes: []projections.Stream{
			{Aggregate: "account"}, {Aggregate: "queue"}, {Aggregate: "user"}, {Aggregate: "list"},
			{Aggregate: "disposition"}, {Aggregate: "cannedanswer"}, {Aggregate: "tag"}, {Aggregate: "policy"},
		},
		Indexes: "CREATE INDEX ON {table:users_v1} (login)",
		Views:   []projections.View{{Name: "masking", Select: masking, ClearOnly: true}},
	}
}

// ofStream returns the key of one aggregate's events: the stream's id.
func ofStream(aggregate string) func(eventstore.Recorded) []string {
	return func(e eventstore.Recorded) []string {
		if e.Aggregate != aggregate {
			return nil
		}
		return []string{e.AggregateID}
	}
}

// changed returns the change of a setting that everyone may see.
func changed(kind projections.ChangeKind, id string) []projections.Change {
	return []projections.Change{{Kind: kind, ID: id}}
}

// rightsChanged announces that the rights of users may have changed, so their subscriptions must be checked
// again.
func rightsChanged[T ~string](users ...T) []projections.Change {
	var all []projections.Change
	for _, u := range users {
		if u != "" {
			all = append(all, projections.Change{Kind: projections.AccessChanged, ID: string(u),
				Agents: []string{string(u)}})
		}
	}
	return all
}
