package graphql

import (
	"strconv"
	"time"

	"parley/graphql/model"
	"parley/projections/engine"
)

// presentProjection shows how far behind a read model is.
func presentProjection(now time.Time) func(engine.Status) *model.Projection {
	return func(s engine.Status) *model.Projection {
		out := &model.Projection{
			Name: s.Name, Position: s.Position.String(), State: string(s.State), Problem: optional(s.Problem),
			Generation: int32(s.Generation),
		}
		if s.ProblemPosition != 0 {
			out.StoppedAt = optional(strconv.FormatUint(s.ProblemPosition, 10))
		}
		if !s.OldestUnseen.IsZero() {
			out.Behind = seconds(now.Sub(s.OldestUnseen))
		}
		return out
	}
}

// seconds returns whole seconds, at least 0.
func seconds(d time.Duration) int32 { return int32(max(0, d/time.Second)) }
