// Package demo loads a demo organisation: a travel company, its staff, and weeks of conversations.
package demo

import (
	"slices"
	"strings"

	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/user"
)

// person is a member of staff. Passwords are random for each data folder.
type person struct {
	login, name, alias string
	role               user.Role
	queues             []string // keys of queues
	lists              []string // keys of lists
	masked             bool
	capacity           int
}

var staff = []person{
	{login: "admin", name: "Ada Ferri", role: user.Admin},
	{login: "sofia", name: "Sofia Conti", role: user.Supervisor,
		queues: []string{"bookings", "support", "groups"}, lists: []string{"travellers", "companies"}},
	{login: "audit", name: "Aldo Neri", role: user.Auditor},
	{login: "analyst", name: "Nina Vidal", role: user.Analyst, masked: true},
	agentIn("anna", "Anna Rossi", 8, "bookings", "support"),
	agentIn("ben", "Ben Carter", 8, "bookings", "support"),
	agentIn("chiara", "Chiara Bassi", 6, "bookings"),
	agentIn("davide", "Davide Greco", 6, "bookings"),
	agentIn("elena", "Elena Moretti", 6, "support"),
	agentIn("farid", "Farid Haddad", 6, "support"),
	agentIn("greta", "Greta Lindqvist", 5, "support", "groups"),
	agentIn("hugo", "Hugo Martins", 5, "groups"),
	agentIn("irene", "Irene Costa", 5, "groups"),
	agentIn("jonas", "Jonas Weber", 6, "bookings").withMask(),
	agentIn("katia", "Katia Russo", 6, "support").withMask(),
	agentIn("luca", "Luca Fontana", 6, "bookings", "groups"),
}

// agentIn returns an agent of the given queues, with the contact lists that go with them.
func agentIn(login, name string, capacity int, queues ...string) person {
	alias, _, _ := strings.Cut(name, " ")
	p := person{login: login, name: name, alias: alias, role: user.Agent, queues: queues, capacity: capacity}
	if slices.Contains(queues, "bookings") || slices.Contains(queues, "support") {
		p.lists = append(p.lists, "travellers")
	}
	if slices.Contains(queues, "groups") {
		p.lists = append(p.lists, "companies")
	}
	return p
}

func (p person) withMask() person {
	p.masked = true
	return p
}

type namedQueue struct {
	key      string
	settings queue.Settings // without members, who follow from the staff
}

var queues = []namedQueue{
	{"bookings", queue.Settings{Name: "Bookings", Description: "New trips and changes of dates",
		Strategy: queue.BeepAll, OfferTimeout: 45, Weight: 5, Take: true}},
	{"support", queue.Settings{Name: "Support", Description: "Help while travelling",
		Strategy: queue.BeepAll, OfferTimeout: 30, Weight: 8, Take: true, Sticky: true}},
	{"groups", queue.Settings{Name: "Groups", Description: "Companies, and groups of ten or more",
		Strategy: queue.LeastRecent, OfferTimeout: 60, Weight: 2, Take: true}},
}

type namedList struct {
	key      string
	settings list.Settings
}

var lists = []namedList{
	{"travellers", list.Settings{Name: "Travellers", Description: "Private travellers", DialPrefix: "39",
		Fields: []list.Field{
			{Key: "booking", Label: "Booking", Type: "TEXT"},
			{Key: "loyalty", Label: "Loyalty", Type: "SELECT", Options: []string{"none", "silver", "gold"}},
			{Key: "newsletter", Label: "Newsletter", Type: "SWITCH"},
		}}},
	{"companies", list.Settings{Name: "Companies", Description: "Groups and business travel", DialPrefix: "39",
		Fields: []list.Field{
			{Key: "company", Label: "Company", Type: "TEXT", Required: true},
			{Key: "seats", Label: "Seats", Type: "NUMBER"},
		}}},
}

// number is one of the organisation's two WhatsApp numbers.
type number struct {
	shortCode, name, queue, list string
	queues                       []string // queues whose agents share the number
	phoneNumberID, digits        string
}

var numbers = []number{
	{shortCode: "AUR", name: "Aurora Travel", queue: "bookings", list: "travellers",
		queues:        []string{"bookings", "support", "groups"},
		phoneNumberID: "100200300400501", digits: "390612345678"},
	{shortCode: "HELP", name: "Aurora on the road", queue: "support", list: "travellers",
		queues:        []string{"support", "groups"},
		phoneNumberID: "100200300400502", digits: "390298765432"},
}

type label struct {
	key, parent, label string
	scope, of          string // key of the queue or account
}

var outcomes = []label{
	{key: "sold", label: "Sold", scope: "GLOBAL"},
	{key: "sold-flight", parent: "sold", label: "Flight", scope: "GLOBAL"},
	{key: "sold-hotel", parent: "sold", label: "Hotel", scope: "GLOBAL"},
	{key: "sold-package", parent: "sold", label: "Package", scope: "GLOBAL"},
	{key: "open-offer", label: "Offer sent", scope: "GLOBAL"},
	{key: "not-interested", label: "Not interested", scope: "GLOBAL"},
	{key: "not-price", parent: "not-interested", label: "Too expensive", scope: "GLOBAL"},
	{key: "not-dates", parent: "not-interested", label: "Dates not available", scope: "GLOBAL"},
	{key: "solved", label: "Solved", scope: "QUEUE", of: "support"},
	{key: "solved-luggage", parent: "solved", label: "Luggage", scope: "QUEUE", of: "support"},
	{key: "solved-delay", parent: "solved", label: "Delay", scope: "QUEUE", of: "support"},
	{key: "refund", label: "Refund requested", scope: "QUEUE", of: "support"},
	{key: "spam", label: "Spam", scope: "GLOBAL"},
}

type canned struct{ shortcut, title, text, account string }

var cannedAnswers = []canned{
	{"hi", "Greeting", "Hello {{contact.firstName}}, this is {{agent.name}} from Aurora Travel. How can I help?", ""},
	{"ciao", "Greeting in Italian",
		"Ciao {{contact.firstName}}, sono {{agent.name}} di Aurora Travel. Come posso aiutarti?", ""},
	{"wait", "One moment", "One moment please, I am looking it up.", ""},
	{"docs", "Documents", "Please send me a photo of the passport of each traveller, one file per message.",
		"AUR"},
	{"pay", "Payment link", "I am sending you the payment link by email. It is valid for 48 hours.", "AUR"},
	{"delay", "Delay", "I am sorry about the delay. I have told the hotel; your room is being held.", "HELP"},
	{"bye", "Goodbye", "Thank you for writing to us. Have a good trip!", ""},
}

var tags = map[string]string{
	"vip": "amber", "family": "green", "business": "blue", "complaint": "red", "refund": "rose", "new": "teal",
	"honeymoon": "violet",
}

var desktop = policy.Settings{
	MaskName:     policy.Mask{Mode: policy.MaskPartial, Keep: 1},
	MaskPhone:    policy.Mask{Mode: policy.MaskPartial, Keep: 3},
	MaskEmail:    policy.Mask{Mode: policy.MaskFull},
	PauseReasons: []string{"BREAK", "LUNCH", "TRAINING", "Back office"}, TagThreshold: 3, TabsLimit: 20,
	DisconnectAfter: 300, MissedOffersLimit: 3,
}
