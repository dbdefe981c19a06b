package contact

import (
	"fmt"
	"slices"
	"strings"

	"parley/domain"
)

// Decider holds the rules of one contact.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "contact",
	Decide:    Decide,
	Evolve:    Evolve,
}

// The refusals that many rules share.
var (
	ErrUnknown = &domain.Refusal{
		Kind: domain.NotFound, Code: "CONTACT_UNKNOWN",
		Message: "Contact not found.",
	}
	ErrMerged = &domain.Refusal{
		Kind: domain.Conflict, Code: "CONTACT_MERGED",
		Message: "This contact was merged into another contact.",
	}
	ErrErased = &domain.Refusal{
		Kind: domain.Conflict, Code: "CONTACT_ERASED",
		Message: "This contact was erased.",
	}
	ErrNoList = &domain.Refusal{
		Kind: domain.Invalid, Code: "LIST_MISSING",
		Message: "Choose a list for the contact.",
	}
)

// Decide returns the events of a command, or a refusal. The caller has checked access to the list.
func Decide(s State, cmd Command) ([]Event, error) {
	if c, ok := cmd.(Create); ok {
		return create(s, c)
	}
	switch s.Status {
	case StatusNone:
		return nil, ErrUnknown
	case StatusErased:
		if _, ok := cmd.(Erase); ok {
			return nil, nil
		}
		return nil, ErrErased
	}
	switch c := cmd.(type) {
	case MergeInto:
		return mergeInto(s, c)
	case Restore:
		return restore(s, c)
	case Erase:
		return []Event{Erased{By: c.By, Reason: c.Reason, At: c.At}}, nil
	case Merge:
		return merge(s, c)
	case Unmerge:
		return unmerge(s, c)
	case StopMarketing:
		return stopMarketing(s, c)
	case ResumeMarketing:
		return resumeMarketing(s, c)
	}
	if s.Status == StatusMerged {
		return nil, ErrMerged.With("survivor", string(s.Survivor))
	}
	switch c := cmd.(type) {
	case Change:
		return change(s, c)
	case AddTag:
		return addTag(s, c)
	case RemoveTag:
		return removeTag(s, c)
	case MoveToList:
		return moveToList(s, c)
	case Manage:
		return manage(s, c)
	case Duplicate:
		return duplicate(s, c)
	case SuggestMerge:
		return suggestMerge(s, c)
	case DeclineMerge:
		return declineMerge(s, c)
	}
	return nil, fmt.Errorf("contact: unknown command %T", cmd)
}

func create(s State, c Create) ([]Event, error) {
	switch {
	case s.Status != StatusNone:
		return nil, nil
	case c.ListID == "":
		return nil, ErrNoList
	}
	details, err := check(c.Details)
	if err != nil {
		return nil, err
	}
	if details.empty() {
		return nil, ErrEmpty
	}
	if c.Origin == "USER" { // a customer's own name may look like a mask
		if err := details.checkMasks(Details{}); err != nil {
			return nil, err
		}
	}
	tags, err := checkTags(c.Tags)
	if err != nil {
		return nil, err
	}
	e := c.Created
	e.Details = details
	events := []Event{e}
	for _, tag := range tags {
		events = append(events, TagAdded{Tag: tag, By: c.By, At: c.At})
	}
	if c.Manage {
		events = append(events, Managed{ContactID: c.ContactID, By: c.By, Snapshot: details, At: c.At})
	}
	return events, nil
}

func addTag(s State, c AddTag) ([]Event, error) {
	tags, err := checkTags([]string{c.Tag})
	switch {
	case err != nil:
		return nil, err
	case slices.Contains(s.Tags, tags[0]):
		return nil, nil
	}
	return []Event{TagAdded{Tag: tags[0], By: c.By, At: c.At}}, nil
}

func removeTag(s State, c RemoveTag) ([]Event, error) {
	tag := strings.TrimSpace(c.Tag)
	if !slices.Contains(s.Tags, tag) {
		return nil, nil
	}
	return []Event{TagRemoved{Tag: tag, By: c.By, At: c.At}}, nil
}

func moveToList(s State, c MoveToList) ([]Event, error) {
	switch c.ListID {
	case "":
		return nil, ErrNoList
	case s.ListID:
		return nil, nil
	}
	return []Event{MovedToList{ListID: c.ListID, By: c.By, At: c.At}}, nil
}

func manage(s State, c Manage) ([]Event, error) {
	return s.managedBy(nil, c.By, Managed{ContactID: s.ID, By: c.By, At: c.At}), nil
}

// managedBy appends a snapshot of the contact after these events, unless the agent's own copy is the same.
func (s State) managedBy(events []Event, by domain.AgentID, e Managed) []Event {
	for _, before := range events {
		s = Evolve(s, before)
	}
	if own, ok := s.managed[by]; ok && own.equal(s.Details) {
		return events
	}
	e.Snapshot = s.Details
	return append(events, e)
}

func duplicate(s State, c Duplicate) ([]Event, error) {
	switch {
	case slices.Contains(s.copies, c.CopyID):
		return nil, nil
	case c.ListID == "" || c.CopyID == "":
		return nil, ErrNoList
	}
	return []Event{Duplicated{CopyID: c.CopyID, ListID: c.ListID, By: c.By, At: c.At}}, nil
}
