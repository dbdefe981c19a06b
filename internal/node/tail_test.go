package node

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func recordsFrom(first, last int64) (list []*record) {
	for position := first; position <= last; position++ {
		list = append(list, &record{position: position, data: make([]byte, 10)})
	}
	return list
}

func positionsOf(records []*record) []int64 {
	positions := []int64{}
	for _, r := range records {
		positions = append(positions, r.position)
	}
	return positions
}

func TestTheTailReturnsEventsAfterAPosition(t *testing.T) {
	tail := newTail(10)
	tail.publish(10, recordsFrom(11, 14))
	found, recent := tail.after(12, 100)
	require.True(t, recent)
	require.Equal(t, []int64{13, 14}, positionsOf(found))
	found, recent = tail.after(10, 2)
	require.True(t, recent)
	require.Equal(t, []int64{11, 12}, positionsOf(found))
	found, recent = tail.after(14, 100)
	require.True(t, recent)
	require.Empty(t, found)
}

func TestTheTailReportsWhenAPositionIsTooOld(t *testing.T) {
	tail := newTail(10)
	tail.publish(10, recordsFrom(11, 12))
	_, recent := tail.after(9, 100)
	require.False(t, recent)
}

func TestTheTailNeverReturnsAGap(t *testing.T) {
	tail := newTail(10)
	tail.publish(10, recordsFrom(11, 12))
	tail.publish(14, recordsFrom(15, 16)) // 13 and 14 were written by another process
	_, recent := tail.after(12, 100)
	require.False(t, recent)
	found, recent := tail.after(14, 100)
	require.True(t, recent)
	require.Equal(t, []int64{15, 16}, positionsOf(found))
}

func TestTheTailKeepsEachEventOnce(t *testing.T) {
	tail := newTail(0)
	tail.publish(0, recordsFrom(1, 4))
	tail.publish(1, recordsFrom(2, 6))
	tail.publish(2, recordsFrom(3, 5))
	found, _ := tail.after(0, 100)
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6}, positionsOf(found))
}

func TestTheTailDropsItsOldestEvents(t *testing.T) {
	tail := newTail(0)
	tail.publish(0, recordsFrom(1, tailRecords))
	kept, recent := tail.after(tailRecords-10, 100)
	require.True(t, recent)
	tail.publish(tailRecords, recordsFrom(tailRecords+1, tailRecords+1))
	_, recent = tail.after(0, 1)
	require.False(t, recent)
	found, recent := tail.after(tailRecords, 1)
	require.True(t, recent)
	require.Equal(t, []int64{tailRecords + 1}, positionsOf(found))
	require.Len(t, positionsOf(kept), 10, "a slice that a reader holds does not change")
}

func TestTheTailReturnsEventsWhosePositionsAreFarApart(t *testing.T) {
	tail := newTail(1000)
	wide := []*record{{position: 1130}, {position: 1400}, {position: 9000}}
	tail.publish(1000, wide[:2])
	tail.publish(1400, wide[2:])
	found, recent := tail.after(1130, 100)
	require.True(t, recent)
	require.Equal(t, []int64{1400, 9000}, positionsOf(found))
	_, recent = tail.after(999, 100)
	require.False(t, recent)
	tail.publish(9500, []*record{{position: 9700}}) // another process wrote the one at 9500
	_, recent = tail.after(9000, 100)
	require.False(t, recent)
}

func TestTheTailSignalsWhenTheLogGrows(t *testing.T) {
	tail := newTail(5)
	_, grown := tail.watch()
	tail.publish(3, recordsFrom(4, 5))
	select {
	case <-grown:
		require.Fail(t, "signalled without a new event")
	default:
	}
	tail.skip(9)
	<-grown
	head, _ := tail.watch()
	require.EqualValues(t, 9, head)
}
