package contact

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/domain"
)

// The longest name, mail address, field or tag, in characters.
const (
	MaxName  = 200
	MaxMail  = 254
	MaxField = 4000
	MaxTag   = 50
)

// The refusals of what is written into a contact.
var (
	ErrEmpty      = &domain.Refusal{Kind: domain.Invalid, Code: "CONTACT_EMPTY", Message: "A contact needs a name, a number or a mail address."}
	ErrPhone      = &domain.Refusal{Kind: domain.Invalid, Code: "PHONE_INVALID", Message: "This is not a phone number with its country code."}
	ErrMail       = &domain.Refusal{Kind: domain.Invalid, Code: "MAIL_INVALID", Message: "This is not a mail address."}
	ErrTooLong    = &domain.Refusal{Kind: domain.Invalid, Code: "TEXT_TOO_LONG", Message: "This text is too long."}
	ErrMasked     = &domain.Refusal{Kind: domain.Invalid, Code: "VALUE_MASKED", Message: "This still holds what is hidden from you. Leave it as it was shown, or write all of it."}
	ErrTagEmpty   = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_EMPTY", Message: "A tag needs a name."}
	ErrTagTooLong = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_TOO_LONG", Message: "A tag has at most 50 characters."}
)

func change(s State, c Change) ([]Event, error) {
	want, err := s.Details.changed(c)
	if err != nil {
		return nil, err
	}
	tags := s.Tags
	if c.Tags != nil {
		if tags, err = checkTags(c.Tags); err != nil {
			return nil, err
		}
	}
	var events []Event
	add := func(e Event) { events = append(events, e) }
	has := s.Details
	if has.FirstName != want.FirstName || has.LastName != want.LastName {
		add(DetailsChanged{ContactID: s.ID, FirstName: want.FirstName, LastName: want.LastName, By: c.By, At: c.At})
	}
	gone, come := difference(has.Phones, want.Phones)
	for _, p := range gone {
		add(PhoneRemoved{ContactID: s.ID, Phone: p, By: c.By, At: c.At})
	}
	for _, p := range come {
		add(PhoneAdded{ContactID: s.ID, Phone: p, By: c.By, At: c.At})
	}
	gone, come = difference(has.Mails, want.Mails)
	for _, m := range gone {
		add(MailRemoved{ContactID: s.ID, Mail: m, By: c.By, At: c.At})
	}
	for _, m := range come {
		add(MailAdded{ContactID: s.ID, Mail: m, By: c.By, At: c.At})
	}
	keys := slices.Concat(slices.Collect(maps.Keys(has.Fields)), slices.Collect(maps.Keys(want.Fields)))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if has.Fields[key] != want.Fields[key] {
			add(FieldSet{ContactID: s.ID, Key: key, Value: want.Fields[key], By: c.By, At: c.At})
		}
	}
	for _, t := range minus(s.Tags, tags...) {
		add(TagRemoved{Tag: t, By: c.By, At: c.At})
	}
	for _, t := range minus(tags, s.Tags...) {
		add(TagAdded{Tag: t, By: c.By, At: c.At})
	}
	if c.Manage {
		events = s.managedBy(events, c.By, Managed{ContactID: s.ID, By: c.By, At: c.At})
	}
	return events, nil
}

// changed is how the details shall be. Only what comes is checked: a value from before a rule keeps nobody from changing
// another.
func (d Details) changed(c Change) (Details, error) {
	given := Details{Phones: c.Phones, Mails: c.Mails, Fields: c.Fields}
	if c.FirstName != nil {
		given.FirstName = *c.FirstName
	}
	if c.LastName != nil {
		given.LastName = *c.LastName
	}
	given, err := check(given)
	if err != nil {
		return d, err
	}
	want := d
	if c.FirstName != nil {
		want.FirstName = given.FirstName
	}
	if c.LastName != nil {
		want.LastName = given.LastName
	}
	if c.Phones != nil {
		want.Phones = given.Phones
	}
	if c.Mails != nil {
		want.Mails = given.Mails
	}
	for key := range c.Fields {
		want.Fields = withField(want.Fields, key, given.Fields[key])
	}
	if want.empty() {
		return d, ErrEmpty
	}
	return want, want.writtenOver(d)
}

// writtenOver refuses a mask where something else was stored: it is what somebody was shown, and not a value.
func (d Details) writtenOver(has Details) error {
	names := minus([]string{d.FirstName, d.LastName}, has.FirstName, has.LastName)
	for _, x := range slices.Concat(names, minus(d.Mails, has.Mails...)) {
		if strings.Contains(x, "•") {
			return ErrMasked
		}
	}
	for key, value := range d.Fields {
		if value != has.Fields[key] && strings.Contains(value, "•••") {
			return ErrMasked.With("field", key)
		}
	}
	return nil
}

// difference says what to take off and then to append so that has becomes want, order included: the first phone is the
// primary one. What is already in place stays.
func difference(has, want []string) (gone, come []string) {
	kept := 0
	for _, x := range has {
		if kept < len(want) && x == want[kept] {
			kept++
		} else {
			gone = append(gone, x)
		}
	}
	return gone, want[kept:]
}

// check brings what was typed into shape: without spaces around, nothing twice, nothing empty.
func check(d Details) (Details, error) {
	d.FirstName, d.LastName = strings.TrimSpace(d.FirstName), strings.TrimSpace(d.LastName)
	if longer(d.FirstName, MaxName) || longer(d.LastName, MaxName) {
		return d, ErrTooLong.With("max", MaxName)
	}
	if err := domain.OneLine(d.FirstName, d.LastName); err != nil {
		return d, err
	}
	d.Phones, d.Mails, d.UserIDs = tidy(d.Phones), tidy(d.Mails), tidy(d.UserIDs)
	for _, p := range d.Phones {
		if len(p) < 5 || len(p) > 20 || strings.Trim(p, "0123456789") != "" || p[0] == '0' {
			return d, ErrPhone
		}
	}
	for _, m := range d.Mails {
		name, host, ok := strings.Cut(m, "@")
		if !ok || name == "" || host == "" || strings.ContainsAny(m, " <>,;") || domain.OneLine(m) != nil || strings.Contains(host, "@") || longer(m, MaxMail) {
			return d, ErrMail
		}
	}
	var fields map[string]string
	for key, value := range d.Fields {
		if longer(value, MaxField) {
			return d, ErrTooLong.With("max", MaxField).With("field", key)
		}
		if value != "" {
			fields = put(fields, key, value)
		}
	}
	d.Fields = fields
	return d, nil
}

func (d Details) empty() bool {
	return d.FirstName == "" && d.LastName == "" && len(d.Phones) == 0 && len(d.Mails) == 0 && len(d.UserIDs) == 0
}

func checkTags(tags []string) ([]string, error) {
	var checked []string
	for _, t := range tags {
		t = strings.TrimSpace(t)
		if t == "" {
			return nil, ErrTagEmpty
		}
		if longer(t, MaxTag) {
			return nil, ErrTagTooLong.With("max", MaxTag)
		}
		if err := domain.OneLine(t); err != nil {
			return nil, err
		}
		checked = plus(checked, t)
	}
	return checked, nil
}

func tidy(all []string) []string {
	var tidied []string
	for _, x := range all {
		if x = strings.TrimSpace(x); x != "" {
			tidied = plus(tidied, x)
		}
	}
	return tidied
}

func longer(text string, limit int) bool { return utf8.RuneCountInString(text) > limit }
