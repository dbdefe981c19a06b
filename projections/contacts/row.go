// Package contacts is the read model of the people in the contact lists, and of agents' copies of the
// contacts they handled.
package contacts

import (
	"slices"
	"strings"
	"time"

	"parley/domain/contact"
	"parley/domain/phone"
	"parley/projections/plain"
)

// Row is one contact.
type Row struct {
	ID          string
	ListID      string
	AddressID   string // set if a customer's message created the contact
	Origin      string
	FirstName   string
	LastName    string
	Phones      []string // digits; the first is the primary number
	Emails      []string
	UserIDs     []string
	Fields      map[string]string // custom fields by key
	Tags        []string
	CreatedAt   time.Time
	ChangedAt   time.Time
	MergedInto  string     // the contact that replaced this one
	PointedAt   *time.Time // when it was last merged into another one, or restored
	NoMarketing *time.Time // since when the customer wants no marketing messages; nil if they do
	Erased      bool
	Merges      []Merge  // the contacts that were merged into it
	Family      []string // their ids, and those of the contacts merged into them
	Suggested   []string // ids of contacts that seem to be the same person
	ManagedBy   []string
	Snapshots   map[string]Snapshot // by agent

	PhoneKeys []string // canonical spellings of Phones, to recognize customers by

	// What lists sort and search by, in plain form.
	SortName  string
	NameText  string   // the name in a line of its own; in a script without spaces, again with its spaces removed
	NameGrams []string // pairs of characters of names and email addresses, which an index of trigrams cannot find
	NameWords []string // what texts must not show to masked viewers
	PhoneText string   // every number in all its spellings
	EmailText string   // each address in a line of its own
}

// Merge is a contact that was merged into this one.
type Merge struct {
	Other  string   `json:"other"`
	Before []string `json:"before"` // the contacts merged into it by then
}

// Snapshot is a contact as an agent last saw it while handling it.
type Snapshot struct {
	Details contact.Details `json:"details"`
	At      time.Time       `json:"at"`
}

// DisplayName returns the name, else the first phone number or email address.
func (r Row) DisplayName() string {
	if name := strings.TrimSpace(r.FirstName + " " + r.LastName); name != "" {
		return name
	}
	for _, list := range [][]string{r.Phones, r.Emails} {
		if len(list) > 0 {
			return list[0]
		}
	}
	return ""
}

// searchable sets the columns derived from others.
func (r Row) searchable() Row {
	name := r.FirstName + " " + r.LastName
	r.SortName, r.NameText = plain.Text(name), plain.Lines(name)
	if joined := plain.Unspaced(r.LastName, r.FirstName); joined != "" {
		r.NameText += plain.Lines(joined, plain.Unspaced(r.FirstName, r.LastName))
	}
	r.EmailText = plain.Lines(r.Emails...)
	r.NameGrams, r.NameWords = plain.Grams(r.NameText+r.EmailText), plain.Hidden(r.FirstName, r.LastName)
	if r.SortName == "" {
		r.SortName = "\uffff" // contacts without a name come last
	}
	var spellings []string
	r.PhoneKeys = nil
	for _, number := range r.Phones {
		spellings = with(spellings, phone.Spellings(number)...)
		r.PhoneKeys = with(r.PhoneKeys, phone.Canonical(number))
	}
	r.PhoneText = strings.Join(spellings, " ")
	return r
}

// with and without return a new list, since rows may share theirs.
func with(list []string, more ...string) []string {
	for _, s := range more {
		if s != "" && !slices.Contains(list, s) {
			list = append(list[:len(list):len(list)], s)
		}
	}
	return list
}

func without(list []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(gone, s) })
}
