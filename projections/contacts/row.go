// Package contacts is the read model of the people in the contact lists, and of what agents keep of those they managed.
package contacts

import (
	"slices"
	"strings"
	"time"

	"parley/domain/contact"
)

// Row is one contact.
type Row struct {
	ID         string
	ListID     string
	AddressID  string // when a customer's message made it
	Origin     string
	FirstName  string
	LastName   string
	Phones     []string // digits; the first is the primary one
	Mails      []string
	UserIDs    []string
	Fields     map[string]string // custom fields by key
	Tags       []string
	CreatedAt  time.Time
	ChangedAt  time.Time
	MergedInto string // the contact this one is only a pointer to
	Erased     bool
	Merges     []Merge // that can be undone
	ManagedBy  []string
	Snapshots  map[string]Snapshot // by agent

	// What lists are sorted and searched by, in lower case.
	SortName  string
	Name      string
	PhoneText string
	MailText  string
}

// Merge is what this contact got from another one.
type Merge struct {
	Other  string          `json:"other"`
	Filled contact.Details `json:"filled"`
	Tags   []string        `json:"tags"`
}

// Snapshot is a contact as an agent last saw it when he managed it (R41, A15).
type Snapshot struct {
	Details contact.Details `json:"details"`
	At      time.Time       `json:"at"`
}

// DisplayName is the name, else the first number or mail address.
func (r Row) DisplayName() string {
	if name := strings.TrimSpace(r.FirstName + " " + r.LastName); name != "" {
		return name
	}
	for _, list := range [][]string{r.Phones, r.Mails} {
		if len(list) > 0 {
			return list[0]
		}
	}
	return ""
}

// searchable works out the columns that follow from others.
func (r Row) searchable() Row {
	r.Name = strings.ToLower(strings.TrimSpace(r.FirstName + " " + r.LastName))
	r.SortName = r.Name
	if r.SortName == "" {
		r.SortName = "\uffff" // those without a name come last
	}
	r.PhoneText, r.MailText = strings.Join(r.Phones, " "), strings.ToLower(strings.Join(r.Mails, " "))
	return r
}

// with and without never touch the list they are given: rows may be shared.
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
