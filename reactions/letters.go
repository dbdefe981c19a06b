package reactions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/channels"
	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/messages"
)

// Why a message cannot be sent though it was queued. The words are for the agent.
var (
	errNotThere  = &channels.SendError{Outcome: channels.Refused, Code: "ERASED", Words: "The content of this message was erased before it could be sent."}
	errNoTarget  = &channels.SendError{Outcome: channels.Refused, Code: "NO_TARGET", Words: "The message this reaction belongs to is not known to WhatsApp."}
	errNoAddress = &channels.SendError{Outcome: channels.Refused, Code: "NO_ADDRESS", Words: "Nobody knows a number of this customer."}
	errNoKind    = &channels.SendError{Outcome: channels.Refused, Code: "KIND", Words: "Messages of this kind cannot be sent to WhatsApp."}
)

// letters knows from the log what is to be sent, and to whom. Personal data is read where it is true and kept nowhere else.
type letters struct {
	store    *eventstore.Store
	messages projections.Querier
	dossiers *lru.Cache[domain.InteractionID, *dossier]
}

// dossier is what sending has to know about one interaction, read as far as revision.
type dossier struct {
	mu          sync.Mutex
	revision    eventstore.Revision
	customer    interaction.Customer
	lastInbound time.Time
	provider    map[domain.MessageID]string // what the provider calls a message
	queued      map[domain.MessageID]queued
}

type queued struct {
	interaction.MessageQueued
	erased bool
}

func newLetters(store *eventstore.Store, q projections.Querier) *letters {
	cache, err := lru.New[domain.InteractionID, *dossier](2048)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return &letters{store: store, messages: q, dossiers: cache}
}

// open returns the dossier of an interaction as of now, locked.
func (l *letters) open(ctx context.Context, id domain.InteractionID) (*dossier, error) {
	d, ok := l.dossiers.Get(id)
	if !ok {
		d = &dossier{revision: eventstore.NoStream, provider: make(map[domain.MessageID]string), queued: make(map[domain.MessageID]queued)}
		l.dossiers.Add(id, d)
	}
	d.mu.Lock()
	history, err := l.store.Read(ctx, interaction.Decider.Stream(string(id)), uint64(d.revision+1))
	if err != nil {
		d.mu.Unlock()
		return nil, err
	}
	for _, r := range history.Events {
		d.read(r)
	}
	return d, nil
}

func (d *dossier) read(r eventstore.Recorded) {
	switch e := r.Event.(type) {
	case interaction.Opened:
		d.named(e.Customer)
		if e.LastInboundAt != nil {
			d.lastInbound = *e.LastInboundAt
		}
	case interaction.MessageReceived:
		d.named(e.Customer)
		d.provider[e.MessageID] = e.ProviderMessageID
		if e.SentAt.After(d.lastInbound) {
			d.lastInbound = e.SentAt
		}
	case interaction.MessageQueued:
		d.queued[e.MessageID] = queued{e, r.Erased}
	case interaction.MessageAccepted:
		d.provider[e.MessageID] = e.ProviderMessageID
		delete(d.queued, e.MessageID)
	case interaction.MessageFailed:
		delete(d.queued, e.MessageID)
	}
	d.revision = eventstore.Revision(r.Revision)
}

// named keeps the latest spelling of each thing the customer is called by.
func (d *dossier) named(c interaction.Customer) {
	if c.Phone != "" {
		d.customer.Phone = c.Phone
	}
	if c.UserID != "" {
		d.customer.UserID = c.UserID
	}
	if c.Name != "" {
		d.customer.Name = c.Name
	}
}

// letter is a message ready to go, but for a file that has to be uploaded first.
type letter struct {
	channels.Outbound
	file        *interaction.Media
	lastInbound time.Time
	template    bool
}

// compose reads what a message says. A *channels.SendError says that it can never be sent.
func (l *letters) compose(ctx context.Context, id domain.InteractionID, message domain.MessageID) (letter, error) {
	d, err := l.open(ctx, id)
	if err != nil {
		return letter{}, err
	}
	q, known := d.queued[message]
	out := letter{Outbound: channels.Outbound{To: d.customer.Phone}, lastInbound: d.lastInbound, template: q.Kind == interaction.KindTemplate}
	if out.To == "" {
		out.To = d.customer.UserID
	}
	quotedID := d.provider[q.QuotedID]
	d.mu.Unlock()
	switch {
	case !known:
		return letter{}, interaction.ErrNotQueued
	case q.erased:
		return letter{}, errNotThere
	case out.To == "":
		return letter{}, errNoAddress
	}
	if q.QuotedID != "" && quotedID == "" {
		if quotedID, err = l.elsewhere(ctx, q.QuotedID); err != nil {
			return letter{}, err
		}
	}
	return out, out.fill(q.MessageQueued, quotedID)
}

// elsewhere is what the provider calls a message of an earlier session; empty when that is not known.
func (l *letters) elsewhere(ctx context.Context, message domain.MessageID) (string, error) {
	home, err := messages.Of(ctx, l.messages, string(message))
	if err != nil || home == "" {
		return "", err
	}
	return l.providerID(ctx, domain.InteractionID(home), message)
}

// providerID is what the provider calls a message.
func (l *letters) providerID(ctx context.Context, home domain.InteractionID, message domain.MessageID) (string, error) {
	d, err := l.open(ctx, home)
	if err != nil {
		return "", fmt.Errorf("find a quoted message: %w", err)
	}
	defer d.mu.Unlock()
	return d.provider[message], nil
}

var mediums = map[interaction.MessageKind]channels.MediaKind{
	interaction.KindImage: channels.Image, interaction.KindVideo: channels.Video, interaction.KindAudio: channels.Audio,
	interaction.KindVoice: channels.Audio, interaction.KindDocument: channels.Document, interaction.KindSticker: channels.Sticker,
}

// fill puts in what the message says.
func (out *letter) fill(q interaction.MessageQueued, quotedID string) error {
	switch {
	case q.Kind == interaction.KindReaction:
		if quotedID == "" {
			return errNoTarget
		}
		out.Kind, out.Reaction = channels.SendReaction, &channels.Reaction{TargetID: quotedID, Emoji: q.Content.Emoji}
		return nil
	case q.Kind == interaction.KindText:
		out.Kind, out.Text = channels.SendText, q.Content.Text
		out.PreviewURL = strings.Contains(q.Content.Text, "https://") || strings.Contains(q.Content.Text, "http://")
	case q.Kind == interaction.KindTemplate && q.Content.Template != nil:
		out.Kind, out.Template = channels.SendTemplate, &channels.Template{Name: q.Content.Template.Name, Language: q.Content.Template.Language}
		for _, v := range q.Content.Template.Variables {
			out.Template.Body = append(out.Template.Body, channels.Variable{Text: v})
		}
	case q.Kind.HasMedia() && q.Content.Media != nil:
		out.file = q.Content.Media
		out.Kind, out.Media = channels.SendMedia, &channels.OutboundMedia{
			Medium: mediums[q.Kind], Caption: q.Content.Text, FileName: out.file.FileName, Voice: q.Kind == interaction.KindVoice,
		}
	default:
		return errNoKind
	}
	out.QuotedProviderID = quotedID
	return nil
}

// sendError is what a call to a provider left behind; whatever it did not say counts as unknown.
func sendError(err error) *channels.SendError {
	var s *channels.SendError
	if errors.As(err, &s) {
		return s
	}
	return channels.NewSendError(channels.Unknown, "UNKNOWN", "", err)
}
