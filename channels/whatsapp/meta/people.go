package meta

import (
	"cmp"
	"strings"

	"parley/channels"
	"parley/domain/phone"
)

// people holds the contacts of one change. They are matched by id, never by position.
type people []channels.Sender

func readPeople(contacts []contact) people {
	all := make(people, 0, len(contacts))
	for _, c := range contacts {
		s := sender(string(c.WaID), string(c.UserID), string(c.ParentUserID))
		s.Username = string(cmp.Or(c.Profile.Username, c.Username))
		s.ProfileName = string(c.Profile.Name)
		all = append(all, s)
	}
	return all
}

// find returns everything known about the person with these ids. The number stays as the message writes it.
func (p people) find(waID, userID, parentID string) channels.Sender {
	s := sender(waID, userID, parentID)
	known, ok := p.match(s)
	if !ok {
		return s
	}
	return channels.Sender{
		WaID:         cmp.Or(s.WaID, known.WaID),
		UserID:       cmp.Or(s.UserID, known.UserID),
		ParentUserID: cmp.Or(s.ParentUserID, known.ParentUserID),
		Username:     known.Username,
		ProfileName:  known.ProfileName,
	}
}

func (p people) match(s channels.Sender) (channels.Sender, bool) {
	for _, c := range p {
		if s.UserID != "" && c.UserID == s.UserID || s.WaID != "" && c.WaID == s.WaID {
			return c, true
		}
	}
	for _, c := range p {
		if s.WaID != "" && phone.Canonical(c.WaID) == phone.Canonical(s.WaID) {
			return c, true
		}
	}
	if len(p) == 1 && s.WaID == "" && s.UserID == "" {
		return p[0], true // the message names nobody, and there is only one contact
	}
	return channels.Sender{}, false
}

// sender returns a Sender, and recognises a user id in the place of a number.
func sender(waID, userID, parentID string) channels.Sender {
	waID = strings.TrimPrefix(waID, "+")
	if channels.IsUserID(waID) {
		waID, userID = "", cmp.Or(userID, waID)
	}
	return channels.Sender{WaID: waID, UserID: userID, ParentUserID: parentID}
}
