package turns

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/internal/testwait"
)

// waits starts to wait for a turn, and returns its outcome once it is in the line.
func waits(t *testing.T, ctx context.Context, l *Turns, user domain.UserID) <-chan func() {
	t.Helper()
	before := l.inside(user)
	turn := make(chan func(), 1)
	go func() {
		leave, err := l.Enter(ctx, user)
		if err != nil {
			leave = nil
		}
		turn <- leave
	}()
	require.Eventually(t, func() bool { return l.inside(user) > before }, testwait.Limit, 1)
	return turn
}

func (l *Turns) inside(user domain.UserID) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own := l.lines[user]; own != nil {
		return own.inside
	}
	return 0
}

func TestAUserWhoDoesTooMuchAtOnceWaitsAndIsThenRefused(t *testing.T) {
	l := New(Limits{Each: 1, Waiting: 1})
	leave, err := l.Enter(t.Context(), "anna")
	require.NoError(t, err)
	turn := waits(t, t.Context(), l, "anna")
	_, err = l.Enter(t.Context(), "anna")
	require.ErrorIs(t, err, ErrTooMany)
	others, err := l.Enter(t.Context(), "ben")
	require.NoError(t, err, "another user does not wait")
	others()
	require.Empty(t, turn)
	leave()
	leave() // a second time changes nothing
	(<-turn)()
	require.Empty(t, l.lines)
}

func TestAUserWhoLeavesWhileWaitingGivesUpTheirPlace(t *testing.T) {
	l := New(Limits{Each: 1, Waiting: 1, All: 1})
	leave, err := l.Enter(t.Context(), "anna")
	require.NoError(t, err)
	for _, user := range []domain.UserID{"anna", "ben"} { // one waits in their own line, one for all users' limit
		ctx, cancel := context.WithCancel(t.Context())
		turn := waits(t, ctx, l, user)
		cancel()
		require.Nil(t, <-turn)
	}
	require.Equal(t, 1, l.inside("anna"))
	turn := waits(t, t.Context(), l, "ben")
	leave()
	(<-turn)()
	require.Empty(t, l.lines)
	require.Empty(t, l.all)
}

func TestAUserRestsAfterWorkAndOthersDoNot(t *testing.T) {
	l := New(Limits{Each: 1, Waiting: 1, All: 1, Rest: 1_000_000})
	leave, err := l.Enter(t.Context(), "anna")
	require.NoError(t, err)
	turn := waits(t, t.Context(), l, "anna")
	ended := time.Now()
	leave()
	others, err := l.Enter(t.Context(), "ben")
	require.NoError(t, err)
	others()
	require.NotNil(t, <-turn)
	require.GreaterOrEqual(t, time.Since(ended), time.Second)
}

func TestWorkThatWaitsTooLongIsRefused(t *testing.T) {
	l := New(Limits{Each: 1, Patience: time.Millisecond})
	leave, err := l.Enter(t.Context(), "anna")
	require.NoError(t, err)
	_, err = l.Enter(t.Context(), "anna")
	require.ErrorIs(t, err, ErrTooMany)
	leave()
	require.Empty(t, l.lines)
}
