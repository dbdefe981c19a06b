// Package commands carries wishes out: it loads an aggregate's fold, lets the domain decide, and appends what happens next.
package commands

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/address"
	"parley/domain/agent"
	"parley/domain/audit"
	"parley/domain/cannedanswer"
	"parley/domain/contact"
	"parley/domain/deployment"
	"parley/domain/disposition"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/projection"
	"parley/domain/queue"
	"parley/domain/tag"
	"parley/domain/transfer"
	"parley/domain/unplaced"
	"parley/domain/user"
	"parley/eventstore"
)

// IDs derives ids from personal data under the deployment's key, so that nobody can guess them. *seal.IDKey is one.
type IDs interface {
	// UUID is the id of what these parts name together.
	UUID(parts ...string) string
}

// Reads are the first guesses that read models give. A stream decides in the end, so a stale answer does no harm.
type Reads interface {
	// LastNumber is the highest known interaction of a conversation, 0 when none is.
	LastNumber(ctx context.Context, account domain.AccountID, address domain.AddressID) (int, error)
	// MessageByTag finds the message a provider message id belongs to, by its derived id.
	MessageByTag(ctx context.Context, tag string) (domain.InteractionID, domain.MessageID, bool, error)
	// MessageHome finds the interaction that holds a message.
	MessageHome(ctx context.Context, message domain.MessageID) (domain.InteractionID, bool, error)
	// KeepEarlyStatus keeps a status whose message is not known yet, for seven days.
	KeepEarlyStatus(ctx context.Context, tag string, status interaction.RecordStatus) error
	// KeepAfterthought keeps an edit, a revoke or a reaction whose message is not known yet, once and for seven days.
	KeepAfterthought(ctx context.Context, a Afterthought) error
}

// Config is what commands need from outside.
type Config struct {
	Store *eventstore.Store
	IDs   IDs
	Reads Reads
	Now   func() time.Time // one clock for the whole program
	Log   *slog.Logger
}

// Commands carries out every command there is. Its methods may be called from many goroutines at once.
type Commands struct {
	ids   IDs
	reads Reads
	now   func() time.Time
	log   *slog.Logger

	interactions  *handler[interaction.State, interaction.Command, interaction.Event]
	addresses     *handler[address.State, address.Command, address.Event]
	contacts      *handler[contact.State, contact.Command, contact.Event]
	transfers     *handler[transfer.State, transfer.Command, transfer.Event]
	agents        *handler[agent.State, agent.Command, agent.Event]
	accounts      *handler[account.State, account.Command, account.Event]
	queues        *handler[queue.State, queue.Command, queue.Event]
	users         *handler[user.State, user.Command, user.Event]
	lists         *handler[list.State, list.Command, list.Event]
	dispositions  *handler[disposition.State, disposition.Command, disposition.Event]
	cannedAnswers *handler[cannedanswer.State, cannedanswer.Command, cannedanswer.Event]
	tags          *handler[tag.State, tag.Command, tag.Event]
	policies      *handler[policy.State, policy.Command, policy.Event]
	audits        *handler[audit.State, audit.Command, audit.Event]
	unplaced      *handler[unplaced.State, unplaced.Command, unplaced.Event]
	projections   *handler[projection.State, projection.Command, projection.Event]
	deployments   *handler[deployment.State, deployment.Command, deployment.Event]

	canonical *lru.Cache[domain.AddressID, lead]
	linking   sync.RWMutex                  // held for writing while two addresses become one
	links     atomic.Uint64                 // how many this process has heard of
	numbers   *lru.Cache[conversation, int] // the last interaction known of a conversation
}

type conversation struct {
	account domain.AccountID
	address domain.AddressID
}

// New makes the commands of one process.
func New(c Config) (*Commands, error) {
	canonical, err := lru.New[domain.AddressID, lead](100_000)
	if err != nil {
		return nil, fmt.Errorf("cache of addresses: %w", err)
	}
	numbers, err := lru.New[conversation, int](100_000)
	if err != nil {
		return nil, fmt.Errorf("cache of conversations: %w", err)
	}
	return &Commands{
		ids: c.IDs, reads: c.Reads, now: c.Now, log: c.Log,
		interactions:  newHandler(c.Store, c.Log, interaction.Decider),
		addresses:     newHandler(c.Store, c.Log, address.Decider),
		contacts:      newHandler(c.Store, c.Log, contact.Decider),
		transfers:     newHandler(c.Store, c.Log, transfer.Decider),
		agents:        newHandler(c.Store, c.Log, agent.Decider),
		accounts:      newHandler(c.Store, c.Log, account.Decider),
		queues:        newHandler(c.Store, c.Log, queue.Decider),
		users:         newHandler(c.Store, c.Log, user.Decider),
		lists:         newHandler(c.Store, c.Log, list.Decider),
		dispositions:  newHandler(c.Store, c.Log, disposition.Decider),
		cannedAnswers: newHandler(c.Store, c.Log, cannedanswer.Decider),
		tags:          newHandler(c.Store, c.Log, tag.Decider),
		policies:      newHandler(c.Store, c.Log, policy.Decider),
		audits:        newHandler(c.Store, c.Log, audit.Decider),
		unplaced:      newHandler(c.Store, c.Log, unplaced.Decider),
		projections:   newHandler(c.Store, c.Log, projection.Decider),
		deployments:   newHandler(c.Store, c.Log, deployment.Decider),
		canonical:     canonical, numbers: numbers,
	}, nil
}

// NewID makes an id for something new; ids made later sort later.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Meta says who asked for something, with a command id made by the caller.
func Meta(actor domain.UserID, commandID domain.CommandID, digest string) eventstore.Metadata {
	return eventstore.Metadata{Actor: string(actor), CommandID: string(commandID), CorrelationID: string(commandID), Digest: digest}
}

// Because is the metadata of a reaction: its command id derives from what it reacts to, so running twice changes nothing.
func Because(actor string, cause eventstore.Recorded, purpose string) eventstore.Metadata {
	correlation := cause.Metadata.CorrelationID
	if correlation == "" {
		correlation = cause.ID.String()
	}
	return eventstore.Metadata{
		Actor: actor, CommandID: DerivedID(purpose, cause.ID.String()), CorrelationID: correlation, CausationID: cause.ID.String(),
	}
}

var derivedSpace = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("command.parley"))

// DerivedID is a command id that is the same whenever the same parts ask for it.
func DerivedID(parts ...string) string {
	var name []byte
	for _, p := range parts {
		name = append(append(name, p...), 0)
	}
	return uuid.NewSHA1(derivedSpace, name).String()
}

// Ours is the metadata of a command that the program itself gives.
func Ours(actor string, commandID string) eventstore.Metadata {
	return eventstore.Metadata{Actor: actor, CommandID: commandID, CorrelationID: commandID}
}
