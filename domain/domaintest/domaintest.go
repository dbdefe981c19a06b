// Package domaintest runs the given/when/then tables of the aggregates.
package domaintest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain"
)

// Case is one sentence about a decider: given this history, when this command comes, then these events or this refusal.
// Neither events nor a refusal means "already so".
type Case[C, E any] struct {
	Name  string
	Given []E
	When  C
	Then  []E
	Err   error // compared with errors.Is; it must be a *domain.Refusal
}

// Run checks every case exactly and in order. Each accepted command is then sent a second time, and nothing more may
// happen: no events, and no error but a refusal. Every prefix of what was given and what followed must fold.
func Run[S, C, E any](t *testing.T, d domain.Decider[S, C, E], cases []Case[C, E]) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Helper()
			Check(t, d, c)
		})
	}
}

// Check runs one case in the test it is called from.
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
		require.Empty(t, events, "it was already so")
	} else {
		require.Equal(t, c.Then, events)
	}

	after := before
	for _, e := range events {
		after = d.Evolve(after, e)
	}
	again, err := d.Decide(after, c.When)
	require.Empty(t, again, "the same command once more adds nothing")
	if err != nil {
		requireRefusal(t, err)
	}

	same, err := d.Decide(before, c.When)
	require.NoError(t, err, "folding on must not change the state folded from")
	require.Equal(t, events, same, "folding on must not change the state folded from")
}

func requireRefusal(t require.TestingT, err error) {
	var refusal *domain.Refusal
	require.True(t, errors.As(err, &refusal), "want a refusal, got %v", err)
	require.NotEmpty(t, refusal.Code)
	require.NotEmpty(t, refusal.Kind)
	require.NotEmpty(t, refusal.Message)
}
