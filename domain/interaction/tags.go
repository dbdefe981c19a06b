package interaction

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/domain"
)

// TagAdded says that a user added a tag to the interaction.
type TagAdded struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by"`
	At  time.Time     `json:"at"`
}

func (TagAdded) EventType() string   { return "InteractionTagAdded" }
func (TagAdded) isInteractionEvent() {}

// TagRemoved says that a user removed a tag from the interaction.
type TagRemoved struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by"`
	At  time.Time     `json:"at"`
}

func (TagRemoved) EventType() string   { return "InteractionTagRemoved" }
func (TagRemoved) isInteractionEvent() {}

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

func (AddTag) isInteractionCommand()    {}
func (RemoveTag) isInteractionCommand() {}

// MaxTag is the maximum length of a tag in characters.
const MaxTag = 50

// The refusals of tags. A closed session can be tagged, too.
var (
	ErrTagEmpty   = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_EMPTY", Message: "A tag needs a name."}
	ErrTagTooLong = &domain.Refusal{
		Kind: domain.Invalid, Code: "TAG_TOO_LONG",
		Message: "A tag has at most 50 characters.",
	}
)

func addTag(s State, c AddTag) ([]Event, error) {
	tag := strings.TrimSpace(c.Tag)
	switch {
	case tag == "":
		return nil, ErrTagEmpty
	case utf8.RuneCountInString(tag) > MaxTag:
		return nil, ErrTagTooLong.With("max", MaxTag)
	case domain.OneLine(tag) != nil:
		return nil, domain.ErrUnprintable
	case slices.Contains(s.tags, tag):
		return nil, nil
	}
	return []Event{TagAdded{Tag: tag, By: c.By, At: c.At}}, nil
}

func removeTag(s State, c RemoveTag) ([]Event, error) {
	tag := strings.TrimSpace(c.Tag)
	if !slices.Contains(s.tags, tag) {
		return nil, nil
	}
	return []Event{TagRemoved{Tag: tag, By: c.By, At: c.At}}, nil
}

// Tags returns the tags in the order they were added.
func (s State) Tags() []string { return slices.Clone(s.tags) }
