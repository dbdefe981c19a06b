package transfer

import (
	"time"

	"parley/domain"
)

// Command is a wish about one transfer. Clock and ids arrive inside it.
type Command interface{ isTransferCommand() }

// Request offers the interaction to others. The sender is never among them; with nobody left it is refused at once.
type Request struct{ Requested }

// Accept reserves the transfer for one agent.
type Accept struct {
	By        domain.AgentID
	SignedOut bool // as his own stream says
	Left      bool // the queue it was offered to has him no more
	At        time.Time
}

// Reject refuses on behalf of one agent; when he is the last one, the transfer is refused.
type Reject struct {
	By domain.AgentID
	At time.Time
}

// Complete says the interaction has its new owner.
type Complete struct{ At time.Time }

// Expire ends a transfer whose time has run out.
type Expire struct{ At time.Time }

// Cancel takes it back, on the sender's word or a supervisor's.
type Cancel struct {
	By         domain.AgentID
	Supervisor bool
	At         time.Time
}

// Refuse ends a transfer that nobody is left for.
type Refuse struct {
	Reason string // AllRejected or NobodyOnline
	At     time.Time
}

// Void ends a transfer because the interaction will not have it any more.
type Void struct {
	Reason string // a code
	At     time.Time
}

func (Request) isTransferCommand()  {}
func (Accept) isTransferCommand()   {}
func (Reject) isTransferCommand()   {}
func (Complete) isTransferCommand() {}
func (Expire) isTransferCommand()   {}
func (Cancel) isTransferCommand()   {}
func (Refuse) isTransferCommand()   {}
func (Void) isTransferCommand()     {}
