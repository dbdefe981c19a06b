package reactions

import (
	"context"
	"fmt"
	"time"

	"parley/domain/cannedanswer"
	"parley/domain/interaction"
	"parley/eventstore"
)

// blobNames says which files the log refers to.
type blobNames struct {
	messages map[string]bool      // files of messages: history stays
	answers  map[string]bool      // files that canned answers have now
	dropped  map[string]time.Time // when a canned answer got another file instead
}

func (n blobNames) refersTo(id string) bool { return n.messages[id] || n.answers[id] }

// blobsInLog reads the whole log. It fails if the log holds an event that this version cannot read, since that may
// refer to any file.
func blobsInLog(ctx context.Context, store *eventstore.Store) (blobNames, error) {
	n := blobNames{messages: make(map[string]bool), answers: make(map[string]bool), dropped: make(map[string]time.Time)}
	byAnswer := make(map[string]string)
	for e, err := range store.ReadAll(ctx, eventstore.Position{}) {
		if err != nil {
			return n, fmt.Errorf("look for files in the log: %w", err)
		}
		if u, unknown := e.Event.(eventstore.Unknown); unknown {
			return n, fmt.Errorf("look for files in the log: cannot read %s at %s: %s", u.Type, e.Position, u.Reason)
		}
		if id, at, ok := answerFile(e); ok {
			if before := byAnswer[e.AggregateID]; before != "" && before != id {
				n.dropped[before] = at
			}
			byAnswer[e.AggregateID] = id
			continue
		}
		if id := messageFile(e); id != "" {
			n.messages[id] = true
		}
	}
	for _, id := range byAnswer {
		n.answers[id] = true
	}
	return n, nil
}

// messageFile returns the file that an event gives to a message.
func messageFile(e eventstore.Recorded) string {
	var media *interaction.Media
	switch ev := e.Event.(type) {
	case interaction.MediaStored:
		return string(ev.BlobID)
	case interaction.MessageQueued:
		media = ev.Content.Media
	case interaction.MessageReceived:
		media = ev.Content.Media
	case interaction.MessageObserved:
		media = ev.Content.Media
	case interaction.ContentArrived:
		media = ev.Content.Media
	case interaction.MessageEdited:
		media = ev.Content.Media
	}
	if media == nil {
		return ""
	}
	return media.BlobID
}

// answerFile returns the file that a canned answer has from an event on, which may be none.
func answerFile(e eventstore.Recorded) (id string, at time.Time, ok bool) {
	switch ev := e.Event.(type) {
	case cannedanswer.Created:
		return string(ev.Settings.BlobID), ev.At, true
	case cannedanswer.Changed:
		return string(ev.Settings.BlobID), ev.At, true
	}
	return "", time.Time{}, false
}
