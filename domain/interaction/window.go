package interaction

import "time"

// WindowEnd returns when the reply window closes for free text: some hours after the customer's last message, or
// when the provider rejected free text, if it did. A window of 0 never closes; WindowEnd is then zero.
func WindowEnd(lastInbound time.Time, closedAt *time.Time, window time.Duration) time.Time {
	switch end := lastInbound.Add(window); {
	case window == 0:
		return time.Time{}
	case closedAt != nil && closedAt.Before(end):
		return *closedAt
	default:
		return end
	}
}

// WindowOpen reports whether free text may be sent now. lastInbound is zero if the customer never wrote.
func WindowOpen(lastInbound time.Time, closedAt *time.Time, window time.Duration, now time.Time) bool {
	return window == 0 || now.Before(WindowEnd(lastInbound, closedAt, window))
}

func (s State) windowOpen(window time.Duration, now time.Time) bool {
	return WindowOpen(s.LastInboundAt, s.WindowClosedAt, window, now)
}

// closesWindow reports whether the failure of our message means that the window is closed now. It does not if the
// customer wrote after the message was queued.
func (s State) closesWindow(m message, reason FailureReason) bool {
	return reason == FailedWindow && m.seq > s.lastInbound
}
