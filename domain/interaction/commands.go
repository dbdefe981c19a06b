package interaction

import (
	"time"

	"parley/domain"
)

// Command is a wish about one interaction. Clock and new ids arrive inside it.
type Command interface{ isInteractionCommand() }

// Open begins a session. Refused with ErrOpen while this one exists already.
type Open struct {
	Opened // as it is to be recorded; the loop above has worked out number and carry-over
}

// Receive takes in a customer's message; a known MessageID changes nothing.
type Receive struct{ MessageReceived }

// ReceiveEdit takes in a customer's change of a message.
type ReceiveEdit struct{ MessageEdited }

// ReceiveRevoke takes in a customer's deletion of a message.
type ReceiveRevoke struct{ MessageRevoked }

// ReceiveReaction takes in a customer's emoji.
type ReceiveReaction struct{ ReactionReceived }

// Send queues a message to the customer.
type Send struct {
	MessageID   domain.MessageID
	By          domain.AgentID
	Author      Author
	Kind        MessageKind
	Content     Content
	QuotedID    domain.MessageID
	RetryOf     domain.MessageID // the failed or unknown message this one repeats on the agent's word
	AnswersTo   domain.MessageID // last message the sender had seen; empty: do not check
	Window      time.Duration    // how long free text is allowed after the last inbound; 0 = no limit
	Attachments bool             // the account allows files (R56)
	MaxBytes    int64            // of a file (R55)
	At          time.Time
}

// React puts an emoji on a customer's message and sends it.
type React struct {
	MessageID domain.MessageID
	SendID    domain.MessageID
	By        domain.AgentID
	Emoji     string
	Window    time.Duration
	At        time.Time
}

// StartSending claims one attempt to send; who gets the event may call the provider.
type StartSending struct {
	MessageID domain.MessageID
	At        time.Time
}

// RecordNotTaken, RecordAccepted, RecordFailed and RecordUnknown say how a claimed attempt ended.
type (
	RecordNotTaken struct {
		MessageID domain.MessageID
		Attempt   int
		Code      string
		RetryAt   time.Time
		At        time.Time
	}
	RecordAccepted struct {
		MessageID         domain.MessageID
		ProviderMessageID string
		ProviderTag       string
		At                time.Time
	}
	RecordFailed struct {
		MessageID domain.MessageID
		Attempt   int    // 0: whichever is running, or none when sending is given up
		Code      string // CodeWindowClosed when the provider says so; anything else as it came
		Reason    string
		Detail    string
		At        time.Time
	}
	RecordUnknown struct {
		MessageID domain.MessageID
		Attempt   int // 0: whichever is running
		Code      string
		At        time.Time
	}
)

// Status is how far a message to the customer got.
type Status string

// The states of a message to the customer, in rising order; failed and unknown stand apart.
const (
	StatusQueued    Status = "QUEUED"
	StatusAccepted  Status = "ACCEPTED"
	StatusSent      Status = "SENT"
	StatusDelivered Status = "DELIVERED"
	StatusRead      Status = "READ"
	StatusFailed    Status = "FAILED"
	StatusUnknown   Status = "UNKNOWN"
)

// RecordStatus takes in a provider's report. A status only rises; a late one settles an unknown outcome.
type RecordStatus struct {
	MessageID         domain.MessageID
	Status            Status // SENT, DELIVERED, READ or FAILED
	ProviderMessageID string
	ProviderTag       string
	Code, Reason      string // of a failure
	Detail            string
	StatusAt          time.Time
	At                time.Time
}

// StoreMedia says the file of a message is kept by us.
type StoreMedia struct{ MediaStored }

// FailMedia says the file of a message cannot be had.
type FailMedia struct{ MediaFailed }

// Offer offers a waiting interaction to agents.
type Offer struct {
	OfferID   domain.OfferID
	QueueID   domain.QueueID
	Agents    []domain.AgentID
	ExpiresAt time.Time
	At        time.Time
}

// Reject refuses an offer.
type Reject struct {
	OfferID domain.OfferID
	By      domain.AgentID
	At      time.Time
}

// ExpireOffer ends an offer whose time has run out.
type ExpireOffer struct {
	OfferID domain.OfferID
	At      time.Time
}

// Presence is what the handler folded from the agent's stream.
type Presence string

// The presences of an agent.
const (
	Available Presence = "AVAILABLE"
	PausedNow Presence = "PAUSED"
	AwayNow   Presence = "AWAY"
	SignedOut Presence = "SIGNED_OUT"
)

// Accept takes over an interaction one was offered.
type Accept struct {
	OfferID  domain.OfferID
	By       domain.AgentID
	ByName   string // for the ones who come too late
	Presence Presence
	Left     bool // the queue has him no more
	At       time.Time
}

// Take takes a waiting interaction from the list.
type Take struct {
	By       domain.AgentID
	Presence Presence
	Member   bool // of its queue
	Allowed  bool // the queue's setting
	At       time.Time
}

// Assign gives the interaction to an agent on a supervisor's word.
type Assign struct {
	To domain.AgentID
	By domain.UserID
	At time.Time
}

// Release puts the interaction back to waiting. Because an owner is silent or gone it does so only once he has been for long enough.
type Release struct {
	By     domain.UserID
	From   domain.AgentID // if set, only while he is still the owner
	Reason ReleaseReason
	Gone   time.Time     // since when the owner has been signed out, folded from his stream; zero while he is signed in
	After  time.Duration // how long he may be silent or gone
	At     time.Time
}

// StartTransfer asks to hand the interaction over.
type StartTransfer struct {
	TransferID domain.TransferID
	By         domain.AgentID
	ToAgent    domain.AgentID
	ToQueue    domain.QueueID
	Allowed    bool // the account's setting for this kind of target
	At         time.Time
}

// ChangeOwner completes an accepted transfer.
type ChangeOwner struct {
	TransferID domain.TransferID
	To         domain.AgentID
	At         time.Time
}

// EndTransfer ends a transfer without a new owner.
type EndTransfer struct {
	TransferID domain.TransferID
	Outcome    string
	At         time.Time
}

// AddNote, AddWhisper, RevokeNote and Spy are for colleagues; the customer never sees anything of them.
type (
	AddNote struct {
		NoteID domain.NoteID
		By     domain.UserID
		Text   string
		At     time.Time
	}
	AddWhisper struct {
		NoteID domain.NoteID
		By     domain.UserID
		Text   string
		At     time.Time
	}
	RevokeNote struct {
		NoteID domain.NoteID
		By     domain.UserID
		At     time.Time
	}
	Spy struct {
		By domain.UserID
		At time.Time
	}
)

// AddTag and RemoveTag change the interaction's tags.
type (
	AddTag struct {
		Tag string
		By  domain.UserID
		At  time.Time
	}
	RemoveTag struct {
		Tag string
		By  domain.UserID
		At  time.Time
	}
)

// MarkSeen says the owner has seen everything up to a message; MarkUnread takes it back.
type (
	MarkSeen struct {
		By      domain.AgentID
		Through domain.MessageID
		At      time.Time
	}
	MarkUnread struct {
		By domain.AgentID
		At time.Time
	}
)

// LinkContact says which contact the customer is.
type LinkContact struct {
	ContactID domain.ContactID
	First     bool // only if nobody has said so yet
	By        domain.UserID
	At        time.Time
}

// Close ends the session.
type Close struct {
	By          domain.UserID
	Supervisor  bool             // may close what is not his
	SeenThrough domain.MessageID // the last customer message he had on screen; a later one refuses the close
	At          time.Time
}

// Dispose says what came of the session; open sessions are disposed by closing first.
type Dispose struct {
	DispositionID domain.DispositionID
	Path          []string
	By            domain.UserID
	Supervisor    bool
	At            time.Time
}

func (Open) isInteractionCommand()            {}
func (Receive) isInteractionCommand()         {}
func (ReceiveEdit) isInteractionCommand()     {}
func (ReceiveRevoke) isInteractionCommand()   {}
func (ReceiveReaction) isInteractionCommand() {}
func (Send) isInteractionCommand()            {}
func (React) isInteractionCommand()           {}
func (StartSending) isInteractionCommand()    {}
func (RecordNotTaken) isInteractionCommand()  {}
func (RecordAccepted) isInteractionCommand()  {}
func (RecordFailed) isInteractionCommand()    {}
func (RecordUnknown) isInteractionCommand()   {}
func (RecordStatus) isInteractionCommand()    {}
func (StoreMedia) isInteractionCommand()      {}
func (FailMedia) isInteractionCommand()       {}
func (Offer) isInteractionCommand()           {}
func (Reject) isInteractionCommand()          {}
func (ExpireOffer) isInteractionCommand()     {}
func (Accept) isInteractionCommand()          {}
func (Take) isInteractionCommand()            {}
func (Assign) isInteractionCommand()          {}
func (Release) isInteractionCommand()         {}
func (StartTransfer) isInteractionCommand()   {}
func (ChangeOwner) isInteractionCommand()     {}
func (EndTransfer) isInteractionCommand()     {}
func (AddNote) isInteractionCommand()         {}
func (AddWhisper) isInteractionCommand()      {}
func (RevokeNote) isInteractionCommand()      {}
func (Spy) isInteractionCommand()             {}
func (AddTag) isInteractionCommand()          {}
func (RemoveTag) isInteractionCommand()       {}
func (MarkSeen) isInteractionCommand()        {}
func (MarkUnread) isInteractionCommand()      {}
func (LinkContact) isInteractionCommand()     {}
func (Close) isInteractionCommand()           {}
func (Dispose) isInteractionCommand()         {}
