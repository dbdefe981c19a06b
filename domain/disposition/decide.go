package disposition

import (
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// The commands and the state of a disposition: it is created, changed as a whole, and archived.
type (
	Command = setting.Command[Settings]
	Create  = setting.Create[Settings]
	Change  = setting.Change[Settings]
	Archive = setting.Archive[Settings]
	State   = setting.State[Settings]
)

// Decider answers the commands of one disposition.
var Decider = setting.Rules[Settings, Event]{
	Aggregate: "disposition",
	Check:     check,
	Keep:      keep,
	Created:   func(v Settings, by domain.UserID, at time.Time) Event { return Created{Settings: v, By: by, At: at} },
	Changed:   func(v Settings, by domain.UserID, at time.Time) Event { return Changed{Settings: v, By: by, At: at} },
	Archived:  func(by domain.UserID, at time.Time) Event { return Archived{By: by, At: at} },
	Read:      read,
}.Decider()

func read(e Event) setting.Fact[Settings] {
	switch e := e.(type) {
	case Created:
		return setting.Is(e.Settings)
	case Changed:
		return setting.Is(e.Settings)
	}
	return setting.Gone[Settings]()
}
