package interaction_test

import (
	"time"

	"parley/domain"
	. "parley/domain/interaction"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return noon.Add(d) }

func history(e ...Event) []Event { return e }

func and(before []Event, e ...Event) []Event { return append(before[:len(before):len(before)], e...) }

const day = 24 * time.Hour

var (
	opened = Opened{AccountID: "acc", AddressID: "anna", Channel: "whatsapp", QueueID: "sales", Number: 1,
		Origin: OriginInbound, At: noon}
	hello = MessageReceived{MessageID: "in-1", AddressID: "anna", Kind: KindText, SentAt: noon,
		Content: Content{Text: "hello"}, At: noon}
	thanks = MessageReceived{MessageID: "in-2", AddressID: "anna", Kind: KindText,
		SentAt: after(time.Minute), Content: Content{Text: "thanks"}, At: after(time.Minute)}
	offered = Offered{OfferID: "o1", QueueID: "sales", Agents: []domain.AgentID{"ben", "cho"}, Round: 1,
		ExpiresAt: after(30 * time.Second), At: noon}
	byBen  = Accepted{OfferID: "o1", By: "ben", At: after(time.Second)}
	closed = Closed{By: "ben", SeenThrough: "in-1", At: after(time.Hour)}

	answered = MessageQueued{MessageID: "out-1", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindText, Content: Content{Text: "hi"}, At: noon}
	second = MessageQueued{MessageID: "out-2", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindText, Content: Content{Text: "there"}, At: noon}
	started = MessageSendStarted{MessageID: "out-1", Attempt: 1, At: noon}
	taken   = MessageAccepted{MessageID: "out-1", AddressID: "anna", ProviderTag: "tag",
		ProviderMessageID: "wamid.1", At: noon}
	sent    = MessageSent{MessageID: "out-1", StatusAt: noon, At: noon}
	unknown = MessageOutcomeUnknown{MessageID: "out-1", Code: "TIMEOUT", At: noon}
	failed  = MessageFailed{MessageID: "out-1", AddressID: "anna", Code: "131026",
		Reason: "Not on WhatsApp.", At: noon}

	handed = TransferStarted{TransferID: "t1", By: "ben", ToAgent: "cho", At: noon}
	toDeli = TransferStarted{TransferID: "t2", By: "ben", ToQueue: "delivery", At: noon}
)

var (
	waiting = history(opened, hello)
	bens    = history(opened, hello, offered, byBen)
	over    = and(bens, closed)
)
