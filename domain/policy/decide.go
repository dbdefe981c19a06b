package policy

import (
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// The commands and the state of the policy: it is created, changed as a whole, and archived.
type (
	Command = setting.Command[Settings]
	Create  = setting.Create[Settings]
	Change  = setting.Change[Settings]
	Archive = setting.Archive[Settings]
	State   = setting.State[Settings]
)

// Decider answers the commands of the policy. There is one from the beginning, the default, so it is only ever changed.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "policy", Initial: State{Exists: true, Value: Default()}, Decide: rules.Decide, Evolve: rules.Evolve,
}

var rules = setting.Rules[Settings, Event]{
	Aggregate: "policy",
	Check:     check,
	Created:   func(v Settings, by domain.UserID, at time.Time) Event { return Created{Settings: v, By: by, At: at} },
	Changed:   func(v Settings, by domain.UserID, at time.Time) Event { return Changed{Settings: v, By: by, At: at} },
	Archived:  func(by domain.UserID, at time.Time) Event { return Archived{By: by, At: at} },
	Read:      read,
}

func read(e Event) setting.Fact[Settings] {
	switch e := e.(type) {
	case Created:
		return setting.Is(e.Settings)
	case Changed:
		return setting.Is(e.Settings)
	}
	return setting.Gone[Settings]()
}
