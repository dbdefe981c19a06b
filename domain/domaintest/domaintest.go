// Package domaintest runs given/when/then tables for the aggregates.
package domaintest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain"
)

// Case is one example: given a history, when a command arrives, then these events follow or this refusal. No
// events and no refusal is a no-op.
type Case[C, E any] struct {
	Name  string
	Given []E
	When  C
	Then  []E
	Err   error // compared with errors.Is; it must be a *domain.Refusal
}

// Run checks that every case gives exactly these events, in order. It then sends each accepted command again,
// which must add no events. Folding must not change an earlier state.
func Run[S, C, E any](t *testing.T, d domain.Decider[S, C, E], cases []Case[C, E]) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Helper()
			Check(t, d, c)
		})
	}
}

// Check runs one case in the calling test.
func Check[S, C, E any](t require.TestingT, d domain.Decider[S, C, E], c Case[C, E]) {
	if h, ok := t.(interface{ Helper() }); ok {
		h.Helper()
	}
	before := d.Initial
	for _, e := range c.Given {
		before = d.Evolve(before, e)
	}
	events, err := d.Decide(before, c.When)
	if c.Err != nil {
		requireRefusal(t, err)
		require.ErrorIs(t, err, c.Err)
		require.Empty(t, events, "a refused command has no events")
		return
	}
	require.NoError(t, err)
	if len(c.Then) == 0 {
		require.Empty(t, events, "the command has nothing to do")
	} else {
		require.Equal(t, c.Then, events)
	}

	after := before
	for _, e := range events {
		after = d.Evolve(after, e)
	}
	again, err := d.Decide(after, c.When)
	require.Empty(t, again, "a repeated command adds nothing")
	if err != nil {
		requireRefusal(t, err)
	}

	same, err := d.Decide(before, c.When)
	require.NoError(t, err, "folding must not change an earlier state")
	require.Equal(t, events, same, "folding must not change an earlier state")
}

func requireRefusal(t require.TestingT, err error) {
	var refusal *domain.Refusal
	require.True(t, errors.As(err, &refusal), "got %v instead of a refusal", err)
	require.NotEmpty(t, refusal.Code)
	require.NotEmpty(t, refusal.Kind)
	require.NotEmpty(t, refusal.Message)
}
