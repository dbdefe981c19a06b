package seal

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/testwait"
)

func TestCallersThatArriveDuringAStatementShareTheNext(t *testing.T) {
	b := newKeyBatcher()
	began, proceed := make(chan struct{}), make(chan struct{})
	var runs [][]Subject
	run := func(_ context.Context, subjects []Subject) {
		runs = append(runs, subjects)
		if len(runs) == 1 {
			close(began)
			<-proceed
		}
	}
	var callers sync.WaitGroup
	callers.Go(func() { b.join(t.Context(), []Subject{"first"}, run) })
	<-began
	for i := range 10 {
		callers.Go(func() { b.join(t.Context(), []Subject{strconv.Itoa(i)}, run) })
	}
	require.Eventually(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.next != nil && len(b.next.subjects) == 10
	}, testwait.Limit, time.Millisecond)
	close(proceed)
	callers.Wait()
	require.Len(t, runs, 2)
	require.Equal(t, []Subject{"first"}, runs[0])
	require.ElementsMatch(t, []Subject{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, runs[1])
}
