package reactions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/channels"
	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections/messages"
)

// Reasons why a queued message cannot be sent.
var (
	errErased    = &channels.SendError{Outcome: channels.Failed, Code: "ERASED", Reason: interaction.FailedErased}
	errNoTarget  = &channels.SendError{Outcome: channels.Failed, Code: "NO_TARGET", Reason: interaction.FailedNoTarget}
	errNoAddress = &channels.SendError{Outcome: channels.Failed, Code: "NO_ADDRESS", Reason: interaction.FailedNoAddress}
	errMoved     = &channels.SendError{Outcome: channels.Failed, Code: "NUMBER_MOVED", Reason: interaction.FailedNumberMoved}
	errNoKind    = &channels.SendError{Outcome: channels.Failed, Code: "KIND", Reason: interaction.FailedKind}
)

// contents reads from the log what to send, and to whom. Personal data is read at its
// source and stored nowhere else.
type contents struct {
	store    *eventstore.Store
	holds    holdsNumber
	messages database.Querier
	cache    *lru.Cache[domain.InteractionID, *facts]
}

// holdsNumber reports whether a number still belongs to a customer.
type holdsNumber func(ctx context.Context, number string, customer domain.AddressID) (bool, error)

// facts holds what sending needs to know about one interaction, up to a revision.
type facts struct {
	mu          sync.Mutex
	revision    eventstore.Revision
	address     domain.AddressID
	customer    interaction.Customer
	wroteFrom   string    // the number or user id that the customer last used
	wroteAt     time.Time // by the provider's clock
	lastInbound time.Time
	joined      []domain.InteractionID      // sessions that continue in this one
	provider    map[domain.MessageID]string // provider message ids
	queued      map[domain.MessageID]queued
}

type queued struct {
	interaction.MessageQueued
	erased bool
}

func newContents(store *eventstore.Store, q database.Querier, holds holdsNumber) *contents {
	cache, err := lru.New[domain.InteractionID, *facts](2048)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &contents{store: store, holds: holds, messages: q, cache: cache}
}

// open returns the current facts of an interaction, locked.
func (c *contents) open(ctx context.Context, id domain.InteractionID) (*facts, error) {
	f, ok := c.cache.Get(id)
	if !ok {
		f = &facts{revision: eventstore.NoStream, provider: make(map[domain.MessageID]string),
			queued: make(map[domain.MessageID]queued)}
		c.cache.Add(id, f)
	}
	f.mu.Lock()
	history, err := c.store.Read(ctx, interaction.Decider.Stream(string(id)), uint64(f.revision+1))
	if err != nil {
		f.mu.Unlock()
		return nil, err
	}
	for _, r := range history.Events {
		f.read(r)
	}
	return f, nil
}

func (f *facts) read(r eventstore.Recorded) {
	switch e := r.Event.(type) {
	case interaction.Opened:
		f.address = e.AddressID
		f.identify(e.Customer)
		if e.LastInboundAt != nil {
			f.lastInbound = *e.LastInboundAt
		}
	case interaction.MessageReceived:
		f.identify(e.Customer)
		f.wrote(e.Customer, e.SentAt)
		f.provider[e.MessageID] = e.ProviderMessageID
		if e.SentAt.After(f.lastInbound) && e.Kind != interaction.KindHandover {
			f.lastInbound = e.SentAt
		}
	case interaction.MessageObserved:
		f.identify(e.Customer)
		f.provider[e.MessageID] = e.ProviderMessageID
		if e.Author == interaction.AuthorCustomer {
			f.wrote(e.Customer, e.SentAt)
			if e.SentAt.After(f.lastInbound) {
				f.lastInbound = e.SentAt
			}
		}
	case interaction.ContentArrived:
		f.identify(e.Customer)
	case interaction.Joined:
		f.joined = append(append(f.joined, e.Other), e.Before...)
	case interaction.Separated:
		f.joined = slices.DeleteFunc(f.joined, func(id domain.InteractionID) bool {
			return id == e.Other || slices.Contains(e.Before, id)
		})
	case interaction.MessageQueued:
		f.queued[e.MessageID] = queued{e, r.Erased}
	case interaction.MessageAccepted:
		f.provider[e.MessageID] = e.ProviderMessageID
		delete(f.queued, e.MessageID)
	case interaction.MessageFailed:
		delete(f.queued, e.MessageID)
	}
	f.revision = eventstore.Revision(r.Revision)
}

// identify keeps the latest value of everything that identifies the customer.
func (f *facts) identify(customer interaction.Customer) {
	if customer.Phone != "" {
		f.customer.Phone = customer.Phone
	}
	if customer.UserID != "" {
		f.customer.UserID = customer.UserID
	}
	if customer.Name != "" {
		f.customer.Name = customer.Name
	}
}

// wrote keeps the identity that the customer last used. A number comes before a user id that came with it.
func (f *facts) wrote(customer interaction.Customer, at time.Time) {
	from := cmp.Or(customer.Phone, customer.UserID)
	if from != "" && !at.Before(f.wroteAt) {
		f.wroteFrom, f.wroteAt = from, at
	}
}

// replyTo returns where a message to the customer goes: to the identity they last used. A number that belongs to
// someone else by now is never written to.
func (c *contents) replyTo(ctx context.Context, f *facts) (string, error) {
	for _, id := range f.joined {
		other, err := c.open(ctx, id)
		if err != nil {
			return "", err
		}
		if other.wroteFrom != "" && other.wroteAt.After(f.wroteAt) {
			defer other.mu.Unlock()
			return c.replyTo(ctx, other)
		}
		other.mu.Unlock()
	}
	to := cmp.Or(f.wroteFrom, f.customer.Phone, f.customer.UserID)
	switch {
	case to == "":
		return "", errNoAddress
	case to != f.customer.Phone:
		return to, nil
	}
	held, err := c.holds(ctx, to, f.address)
	switch {
	case err != nil || held:
		return to, err
	case f.customer.UserID == "":
		return "", errMoved
	}
	return f.customer.UserID, nil
}

// outgoing is a message ready to send, except for a file that must be uploaded first.
type outgoing struct {
	channels.Outbound
	file        *interaction.Media
	lastInbound time.Time
	template    bool
}

// compose reads the content of a message. A *channels.SendError means that it can never be sent.
func (c *contents) compose(ctx context.Context, id domain.InteractionID, message domain.MessageID) (outgoing, error) {
	f, err := c.open(ctx, id)
	if err != nil {
		return outgoing{}, err
	}
	q, known := f.queued[message]
	quotedID := f.provider[q.QuotedID]
	out := outgoing{lastInbound: f.lastInbound, template: q.Kind == interaction.KindTemplate}
	switch {
	case !known:
		err = interaction.ErrNotQueued
	case q.erased:
		err = errErased
	default:
		out.To, err = c.replyTo(ctx, f)
	}
	f.mu.Unlock()
	if err != nil {
		return outgoing{}, err
	}
	if q.QuotedID != "" && quotedID == "" {
		if quotedID, err = c.earlierProviderID(ctx, q.QuotedID); err != nil {
			return outgoing{}, err
		}
	}
	return out, out.fill(q.MessageQueued, quotedID)
}

// earlierProviderID returns the provider's id of a message in an earlier interaction, or "" if it is unknown.
func (c *contents) earlierProviderID(ctx context.Context, message domain.MessageID) (string, error) {
	home, err := messages.Of(ctx, c.messages, string(message))
	if err != nil || home == "" {
		return "", err
	}
	return c.providerID(ctx, domain.InteractionID(home), message)
}

// providerID returns the provider's id of a message.
func (c *contents) providerID(
	ctx context.Context, home domain.InteractionID, message domain.MessageID,
) (string, error) {
	f, err := c.open(ctx, home)
	if err != nil {
		return "", fmt.Errorf("find a quoted message: %w", err)
	}
	defer f.mu.Unlock()
	return f.provider[message], nil
}

var mediaKinds = map[interaction.MessageKind]channels.MediaKind{
	interaction.KindImage: channels.Image, interaction.KindVideo: channels.Video, interaction.KindAudio: channels.Audio,
	interaction.KindVoice: channels.Audio, interaction.KindDocument: channels.Document,
	interaction.KindSticker: channels.Sticker,
}

// fill sets the content of the outgoing message.
func (out *outgoing) fill(q interaction.MessageQueued, quotedID string) error {
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
		out.Kind, out.Template = channels.SendTemplate, &channels.Template{Name: q.Content.Template.Name,
			Language: q.Content.Template.Language}
		for _, v := range q.Content.Template.Variables {
			out.Template.Body = append(out.Template.Body, channels.Variable{Text: v})
		}
	case q.Kind.HasMedia() && q.Content.Media != nil:
		out.file = q.Content.Media
		out.Kind, out.Media = channels.SendMedia, &channels.OutboundMedia{
			Medium: mediaKinds[q.Kind], MimeType: out.file.MimeType, FileName: out.file.FileName, Caption: q.Content.Text,
			Voice: q.Kind == interaction.KindVoice,
		}
	default:
		return errNoKind
	}
	out.QuotedProviderID = quotedID
	return nil
}

// sendError returns the outcome of a failed call to a provider. Any other error counts as an unknown outcome.
func sendError(err error) *channels.SendError {
	var s *channels.SendError
	if errors.As(err, &s) {
		return s
	}
	return channels.NewSendError(channels.Unknown, "UNKNOWN", "", err)
}
