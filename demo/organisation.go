// Package demo is the organisation that Parley shows itself with: a travel company, its people, and some weeks of talk.
package demo

import (
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/user"
)

// person is one of the staff. Passwords are made at random for each data folder.
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
	{login: "sofia", name: "Sofia Conti", role: user.Supervisor, queues: []string{"bookings", "support", "groups"}, lists: []string{"travellers", "companies"}},
	{login: "audit", name: "Aldo Neri", role: user.Auditor},
	{login: "analyst", name: "Nina Vidal", role: user.Analyst, masked: true},
	{login: "anna", name: "Anna Rossi", alias: "Anna", role: user.Agent, queues: []string{"bookings", "support"}, lists: []string{"travellers"}, capacity: 8},
	{login: "ben", name: "Ben Carter", alias: "Ben", role: user.Agent, queues: []string{"bookings", "support"}, lists: []string{"travellers"}, capacity: 8},
	{login: "chiara", name: "Chiara Bassi", alias: "Chiara", role: user.Agent, queues: []string{"bookings"}, lists: []string{"travellers"}, capacity: 6},
	{login: "davide", name: "Davide Greco", alias: "Davide", role: user.Agent, queues: []string{"bookings"}, lists: []string{"travellers"}, capacity: 6},
	{login: "elena", name: "Elena Moretti", alias: "Elena", role: user.Agent, queues: []string{"support"}, lists: []string{"travellers"}, capacity: 6},
	{login: "farid", name: "Farid Haddad", alias: "Farid", role: user.Agent, queues: []string{"support"}, lists: []string{"travellers"}, capacity: 6},
	{login: "greta", name: "Greta Lindqvist", alias: "Greta", role: user.Agent, queues: []string{"support", "groups"}, lists: []string{"travellers", "companies"}, capacity: 5},
	{login: "hugo", name: "Hugo Martins", alias: "Hugo", role: user.Agent, queues: []string{"groups"}, lists: []string{"companies"}, capacity: 5},
	{login: "irene", name: "Irene Costa", alias: "Irene", role: user.Agent, queues: []string{"groups"}, lists: []string{"companies"}, capacity: 5},
	{login: "jonas", name: "Jonas Weber", alias: "Jonas", role: user.Agent, queues: []string{"bookings"}, lists: []string{"travellers"}, masked: true, capacity: 6},
	{login: "katia", name: "Katia Russo", alias: "Katia", role: user.Agent, queues: []string{"support"}, lists: []string{"travellers"}, masked: true, capacity: 6},
	{login: "luca", name: "Luca Fontana", alias: "Luca", role: user.Agent, queues: []string{"bookings", "groups"}, lists: []string{"travellers", "companies"}, capacity: 6},
}

type namedQueue struct {
	key      string
	settings queue.Settings // without members: they follow from the staff
}

var queues = []namedQueue{
	{"bookings", queue.Settings{Name: "Bookings", Description: "New trips and changes of dates", Strategy: queue.BeepAll, OfferTimeout: 45, Weight: 5, Take: true}},
	{"support", queue.Settings{Name: "Support", Description: "Help on the road", Strategy: queue.BeepAll, OfferTimeout: 30, Weight: 8, Take: true, Sticky: true}},
	{"groups", queue.Settings{Name: "Groups", Description: "Companies and groups from ten people on", Strategy: queue.LeastRecent, OfferTimeout: 60, Weight: 2, Take: true}},
}

type namedList struct {
	key      string
	settings list.Settings
}

var lists = []namedList{
	{"travellers", list.Settings{Name: "Travellers", Description: "People who travel on their own account", DialPrefix: "39", Fields: []list.Field{
		{Key: "booking", Label: "Booking", Type: "TEXT"},
		{Key: "loyalty", Label: "Loyalty", Type: "SELECT", Options: []string{"none", "silver", "gold"}},
		{Key: "newsletter", Label: "Newsletter", Type: "SWITCH"},
	}}},
	{"companies", list.Settings{Name: "Companies", Description: "Groups and business travel", DialPrefix: "39", Fields: []list.Field{
		{Key: "company", Label: "Company", Type: "TEXT", Required: true},
		{Key: "seats", Label: "Seats", Type: "NUMBER"},
	}}},
}

// number is one of the organisation's two numbers on WhatsApp.
type number struct {
	key, name, queue, list string
	queues                 []string // whose agents share it
	phoneNumberID, digits  string
}

var numbers = []number{
	{key: "AUR", name: "Aurora Travel", queue: "bookings", list: "travellers", queues: []string{"bookings", "support", "groups"},
		phoneNumberID: "100200300400501", digits: "390612345678"},
	{key: "HELP", name: "Aurora on the road", queue: "support", list: "travellers", queues: []string{"support", "groups"},
		phoneNumberID: "100200300400502", digits: "390298765432"},
}

type label struct {
	key, parent, label string
	scope, of          string // of: key of the queue or account
}

var outcomes = []label{
	{key: "sold", label: "Sold", scope: "GLOBAL"},
	{key: "sold-flight", parent: "sold", label: "Flight", scope: "GLOBAL"},
	{key: "sold-hotel", parent: "sold", label: "Hotel", scope: "GLOBAL"},
	{key: "sold-package", parent: "sold", label: "Package", scope: "GLOBAL"},
	{key: "open-offer", label: "Offer sent", scope: "GLOBAL"},
	{key: "not-interested", label: "Not interested", scope: "GLOBAL"},
	{key: "not-price", parent: "not-interested", label: "Too expensive", scope: "GLOBAL"},
	{key: "not-dates", parent: "not-interested", label: "Dates do not fit", scope: "GLOBAL"},
	{key: "solved", label: "Solved", scope: "QUEUE", of: "support"},
	{key: "solved-luggage", parent: "solved", label: "Luggage", scope: "QUEUE", of: "support"},
	{key: "solved-delay", parent: "solved", label: "Delay", scope: "QUEUE", of: "support"},
	{key: "refund", label: "Refund asked for", scope: "QUEUE", of: "support"},
	{key: "spam", label: "Spam", scope: "GLOBAL"},
}

type canned struct{ shortcut, title, text, account string }

var cannedAnswers = []canned{
	{"hi", "Greeting", "Hello {{contact.firstName}}, this is {{agent.name}} from Aurora Travel. How can I help?", ""},
	{"ciao", "Greeting in Italian", "Ciao {{contact.firstName}}, sono {{agent.name}} di Aurora Travel. Come posso aiutarti?", ""},
	{"wait", "One moment", "One moment please, I am looking it up.", ""},
	{"docs", "Documents", "Please send me a photo of the passport of each traveller, one file per message.", "AUR"},
	{"pay", "Payment link", "I am sending you the payment link by mail. It is valid for 48 hours.", "AUR"},
	{"delay", "Delay", "I am sorry about the delay. I have informed the hotel, your room is kept.", "HELP"},
	{"bye", "Goodbye", "Thank you for writing to us. Have a good trip!", ""},
}

var tags = map[string]string{
	"vip": "amber", "family": "green", "business": "blue", "complaint": "red", "refund": "rose", "new": "teal", "honeymoon": "violet",
}

var desktop = policy.Settings{
	MaskName: policy.Mask{Mode: policy.MaskPartial, Keep: 1}, MaskPhone: policy.Mask{Mode: policy.MaskPartial, Keep: 3},
	MaskMail:     policy.Mask{Mode: policy.MaskFull},
	PauseReasons: []string{"Break", "Lunch", "Training", "Back office"}, TagThreshold: 3, TabsLimit: 20,
	DisconnectAfter: 300, MissedOffersLimit: 3,
}
