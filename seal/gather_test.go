package seal

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWhoComesWhileAStatementRunsSharesTheNext(t *testing.T) {
	g := newGathering()
	began, goOn := make(chan struct{}), make(chan struct{})
	var runs [][]Subject
	run := func(_ context.Context, subjects []Subject) {
		runs = append(runs, subjects)
		if len(runs) == 1 {
			close(began)
			<-goOn
		}
	}
	var all sync.WaitGroup
	all.Go(func() { g.join(t.Context(), []Subject{"first"}, run) })
	<-began
	for i := range 10 {
		all.Go(func() { g.join(t.Context(), []Subject{strconv.Itoa(i)}, run) })
	}
	require.Eventually(t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.next != nil && len(g.next.subjects) == 10
	}, 10*time.Second, time.Millisecond)
	close(goOn)
	all.Wait()
	require.Len(t, runs, 2)
	require.Equal(t, []Subject{"first"}, runs[0])
	require.ElementsMatch(t, []Subject{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, runs[1])
}
