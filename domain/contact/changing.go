package contact

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/domain"
)

// Maximum lengths in characters.
const (
	MaxName  = 200
	MaxEmail = 254
	MaxField = 4000
	MaxTag   = 50
)

// The refusals of a contact's details.
var (
	ErrEmpty = &domain.Refusal{
		Kind: domain.Invalid, Code: "CONTACT_EMPTY",
		Message: "Enter a name, a number or an email address.",
	}
	ErrPhone = &domain.Refusal{
		Kind: domain.Invalid, Code: "PHONE_INVALID",
		Message: "Enter a number with country code.",
	}
	ErrEmail = &domain.Refusal{
		Kind: domain.Invalid, Code: "EMAIL_INVALID",
		Message: "Enter a valid email address.",
	}
	ErrTooLong = &domain.Refusal{
		Kind: domain.Invalid, Code: "TEXT_TOO_LONG",
		Message: "This text is too long.",
	}
	ErrMasked = &domain.Refusal{
		Kind: domain.Invalid, Code: "VALUE_MASKED",
		Message: "Leave the hidden value unchanged, or enter the full value.",
	}
	ErrTagEmpty   = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_EMPTY", Message: "A tag needs a name."}
	ErrTagTooLong = &domain.Refusal{
		Kind: domain.Invalid, Code: "TAG_TOO_LONG",
		Message: "A tag has at most 50 characters.",
	}
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
	removed, added := difference(has.Phones, want.Phones)
	for _, p := range removed {
		add(PhoneRemoved{ContactID: s.ID, Phone: p, By: c.By, At: c.At})
	}
	for _, p := range added {
		add(PhoneAdded{ContactID: s.ID, Phone: p, By: c.By, At: c.At})
	}
	removed, added = difference(has.Emails, want.Emails)
	for _, m := range removed {
		add(EmailRemoved{ContactID: s.ID, Email: m, By: c.By, At: c.At})
	}
	for _, m := range added {
		add(EmailAdded{ContactID: s.ID, Email: m, By: c.By, At: c.At})
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

// changed returns the details after a change. It checks only the given parts: a stored value that breaks a newer
// rule must not block other changes.
func (d Details) changed(c Change) (Details, error) {
	given := Details{Phones: c.Phones, Emails: c.Emails, Fields: c.Fields}
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
	if c.Emails != nil {
		want.Emails = given.Emails
	}
	for key := range c.Fields {
		want.Fields = withField(want.Fields, key, given.Fields[key])
	}
	if want.empty() {
		return d, ErrEmpty
	}
	return want, want.checkMasks(d)
}

// checkMasks refuses a new value that is masked. A masked viewer has sent back what they were shown.
func (d Details) checkMasks(has Details) error {
	names := minus([]string{d.FirstName, d.LastName}, has.FirstName, has.LastName)
	for _, x := range slices.Concat(names, minus(d.Emails, has.Emails...)) {
		if Masked(x) {
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

// Masked reports whether a name, a number or an email address is masked.
func Masked(value string) bool { return strings.Contains(value, "•") }

// difference returns what to remove from has, and what to append then, to get want. Order matters: the first
// phone is the primary one.
func difference(has, want []string) (removed, added []string) {
	kept := 0
	for _, x := range has {
		if kept < len(want) && x == want[kept] {
			kept++
		} else {
			removed = append(removed, x)
		}
	}
	return removed, want[kept:]
}

// check normalizes details: it trims spaces and drops empty and repeated values.
func check(d Details) (Details, error) {
	d.FirstName, d.LastName = strings.TrimSpace(d.FirstName), strings.TrimSpace(d.LastName)
	if longer(d.FirstName, MaxName) || longer(d.LastName, MaxName) {
		return d, ErrTooLong.With("max", MaxName)
	}
	if err := domain.OneLine(d.FirstName, d.LastName); err != nil {
		return d, err
	}
	d.Phones, d.Emails, d.UserIDs = tidy(d.Phones), tidy(d.Emails), tidy(d.UserIDs)
	for _, p := range d.Phones {
		if len(p) < 5 || len(p) > 20 || strings.Trim(p, "0123456789") != "" || p[0] == '0' {
			return d, ErrPhone
		}
	}
	d.Phones = distinct(d.Phones)
	for _, m := range d.Emails {
		name, host, ok := strings.Cut(m, "@")
		if !ok || name == "" || host == "" || strings.ContainsAny(m, " <>,;") || domain.OneLine(m) != nil ||
			strings.Contains(host, "@") || longer(m, MaxEmail) {
			return d, ErrEmail
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
	return d.FirstName == "" && d.LastName == "" && len(d.Phones) == 0 && len(d.Emails) == 0 && len(d.UserIDs) == 0
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
