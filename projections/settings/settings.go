// Package settings is the read model of all that is set by hand: accounts, queues, users, lists, dispositions, canned
// answers, tags, and the policy.
package settings

import (
	"parley/eventstore"
	"parley/projections"
)

// Name is what the read model is called where it is waited for, its version included.
const Name = "settings_v1"

// Model is the read model. Its views are used by those of other models, which come later.
func Model() projections.Model {
	return projections.Model{
		Name: Name,
		Tables: []projections.AnyTable{
			accounts, queues, users, lists, dispositions, cannedAnswers, tags, policies,
		},
		Schema: accountSchema + queueSchema + userSchema + listSchema + dispositionSchema + cannedAnswerSchema + tagSchema + policySchema,
		Views:  accountViews + queueViews + userViews + listViews + dispositionViews + cannedAnswerViews + tagViews + policyViews,
	}
}

// ofStream is the key of events of one aggregate: the stream's id.
func ofStream(aggregate string) func(eventstore.Recorded) []string {
	return func(e eventstore.Recorded) []string {
		if e.Aggregate != aggregate {
			return nil
		}
		return []string{e.AggregateID}
	}
}

// changed says that settings of a kind have changed; everybody may hear of it.
func changed(kind, id string) []projections.Change {
	return []projections.Change{{Kind: kind, ID: id}}
}

// rightsChanged says that a user's rights may be others now, so what he has subscribed to must be looked at again.
func rightsChanged[T ~string](users ...T) []projections.Change {
	var all []projections.Change
	for _, u := range users {
		if u != "" {
			all = append(all, projections.Change{Kind: "access", ID: string(u), Agents: []string{string(u)}})
		}
	}
	return all
}
