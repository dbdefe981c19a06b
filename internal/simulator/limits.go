package simulator

import (
	"cmp"
	"time"

	"golang.org/x/time/rate"
)

// Limits are the sending limits of the network.
type Limits struct {
	PerSecond int           // messages per second and number; 80 if 0
	PairEvery time.Duration // interval between messages to the same customer; 6 s if 0
	PairBurst int           // messages that may be sent ahead of that interval; 45 if 0
}

type limiter struct {
	Limits
	numbers map[string]*rate.Limiter
	pairs   map[string]*rate.Limiter
}

func newLimiter(l Limits) *limiter {
	return &limiter{
		Limits: Limits{
			PerSecond: cmp.Or(l.PerSecond, 80),
			PairEvery: cmp.Or(l.PairEvery, 6*time.Second),
			PairBurst: cmp.Or(l.PairBurst, 45),
		},
		numbers: map[string]*rate.Limiter{}, pairs: map[string]*rate.Limiter{},
	}
}

// numberOK reports whether the number may send now.
func (l *limiter) numberOK(number string) bool {
	if l.numbers[number] == nil {
		l.numbers[number] = rate.NewLimiter(rate.Limit(l.PerSecond), l.PerSecond)
	}
	return l.numbers[number].Allow()
}

// pairOK reports whether the number may send to this customer now.
func (l *limiter) pairOK(number, phone string) bool {
	key := number + " " + phone
	if l.pairs[key] == nil {
		l.pairs[key] = rate.NewLimiter(rate.Every(l.PairEvery), l.PairBurst)
	}
	return l.pairs[key].Allow()
}
