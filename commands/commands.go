// Package commands carries out commands: it loads an aggregate's state, lets the
// domain decide, and appends the resulting events.
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
	"parley/domain/shortcode"
	"parley/domain/tag"
	"parley/domain/token"
	"parley/domain/transfer"
	"parley/domain/unplaced"
	"parley/domain/user"
	"parley/eventstore"
)

// IDs derives ids from personal data with the deployment's key, so that they cannot
// be guessed. *seal.IDKey implements it.
type IDs interface {
	// UUID returns an id that is always the same for the same parts.
	UUID(parts ...string) string
	// UUIDInShard returns the same id with its first two hex digits replaced by those of a shard.
	UUIDInShard(shard string, parts ...string) string
}

// Reads answers from read models. Its answers may be stale: commands check them against the streams.
type Reads interface {
	// LastNumber returns the highest known interaction number of a conversation, or 0 if there is none.
	LastNumber(ctx context.Context, account domain.AccountID, address domain.AddressID) (int, error)
	// MessageByTag finds one of our messages by the tag of its provider message id.
	MessageByTag(ctx context.Context, tag string) (domain.InteractionID, domain.MessageID, bool, error)
	// MessageHome finds the interaction that a message belongs to.
	MessageHome(ctx context.Context, message domain.MessageID) (domain.InteractionID, bool, error)
	// KeepEarlyStatus stores a status for seven days, because its message is not known yet.
	KeepEarlyStatus(ctx context.Context, s EarlyStatus) error
	// KeepEarlyUpdate stores an edit, deletion or reaction for seven days, because its message is not known
	// yet. Storing it again changes nothing.
	KeepEarlyUpdate(ctx context.Context, a EarlyUpdate) error
	// KnownContact finds the contact of a customer, preferring one in this list.
	KnownContact(ctx context.Context, list domain.ListID, who Identity, customer interaction.Customer,
	) (domain.ContactID, bool, error)
}

// Access is how users and programs prove who they are.
type Access interface {
	// SetPassword sets a user's password and ends their sessions. With mustChange they choose another one at the next
	// sign-in.
	SetPassword(ctx context.Context, userID, password string, mustChange bool) error
	// HasSession reports whether a user has this browser session. EndSession ends it.
	HasSession(ctx context.Context, userID, id string) (bool, error)
	EndSession(ctx context.Context, userID, id string) error
	// EndSessions signs a user out everywhere.
	EndSessions(ctx context.Context, userID string) error
	// RevokeToken revokes a token for good. An unknown one is not an error.
	RevokeToken(ctx context.Context, id string) error
	// RevokeTokens revokes all tokens of a user. It returns the ids of all of them, including those revoked earlier.
	RevokeTokens(ctx context.Context, userID string) ([]string, error)
}

// Config holds the parts that Commands needs.
type Config struct {
	Store     *eventstore.Store
	IDs       IDs
	Reads     Reads
	Providers account.Providers // the providers an account can use
	Secrets   Secrets
	// ReadPhone returns the digits of a number as a person typed it. The dial prefix, such as 39, applies to
	// a number without a country code.
	ReadPhone func(typed, dialPrefix string) (digits string, ok bool)
	// Access ends the sessions and tokens of a user who is disabled or archived, so that enabling them later revives
	// none. It may be nil.
	Access Access
	Count  func(part string, o Outcome) // counts what became of each arrival; may be nil
	Now    func() time.Time             // the program's clock
	Log    *slog.Logger
}

// Commands carries out all commands. Its methods are safe for concurrent use.
type Commands struct {
	ids       IDs
	reads     Reads
	providers account.Providers
	secrets   Secrets
	phone     func(typed, dialPrefix string) (digits string, ok bool)
	access    Access // may be nil
	count     func(part string, o Outcome)
	now       func() time.Time
	log       *slog.Logger

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
	shortCodes    *handler[shortcode.State, shortcode.Command, shortcode.Event]
	tokens        *handler[token.State, token.Command, token.Event]

	canonical *lru.Cache[domain.AddressID, resolved] // by alias
	linking   sync.RWMutex                           // held for writing while two addresses become one
	links     atomic.Uint64                          // how many links this process has seen
	numbers   *lru.Cache[conversation, int]          // highest known interaction number of each
}

type conversation struct {
	account domain.AccountID
	address domain.AddressID
}

// cachedCustomers is how many addresses and conversations are remembered; 200 bytes each.
const cachedCustomers = 50_000

// New returns the commands of one process.
func New(c Config) (*Commands, error) {
	canonical, err := lru.New[domain.AddressID, resolved](cachedCustomers)
	if err != nil {
		return nil, fmt.Errorf("create the cache of addresses: %w", err)
	}
	numbers, err := lru.New[conversation, int](cachedCustomers)
	if err != nil {
		return nil, fmt.Errorf("create the cache of conversations: %w", err)
	}
	return &Commands{
		ids: c.IDs, reads: c.Reads, providers: c.Providers, secrets: c.Secrets, phone: c.ReadPhone,
		access: c.Access, count: c.Count,
		now: c.Now, log: c.Log,
		interactions:  newHandler(c.Store, c.Log, interaction.Decider).ofAccount(accountOfInteraction).caching(sessionsBytes),
		addresses:     newHandler(c.Store, c.Log, address.Decider),
		contacts:      newHandler(c.Store, c.Log, contact.Decider),
		transfers:     newHandler(c.Store, c.Log, transfer.Decider).ofAccount(accountOfTransfer),
		agents:        newHandler(c.Store, c.Log, agent.Decider),
		accounts:      newHandler(c.Store, c.Log, account.Decider(c.Providers)).ofAccount(accountItself),
		queues:        newHandler(c.Store, c.Log, queue.Decider),
		users:         newHandler(c.Store, c.Log, user.Decider),
		lists:         newHandler(c.Store, c.Log, list.Decider),
		dispositions:  newHandler(c.Store, c.Log, disposition.Decider),
		cannedAnswers: newHandler(c.Store, c.Log, cannedanswer.Decider),
		tags:          newHandler(c.Store, c.Log, tag.Decider),
		policies:      newHandler(c.Store, c.Log, policy.Decider),
		audits:        newHandler(c.Store, c.Log, audit.Decider),
		unplaced:      newHandler(c.Store, c.Log, unplaced.Decider).ofAccount(accountOfUnplaced),
		projections:   newHandler(c.Store, c.Log, projection.Decider),
		deployments:   newHandler(c.Store, c.Log, deployment.Decider),
		shortCodes:    newHandler(c.Store, c.Log, shortcode.Decider),
		tokens:        newHandler(c.Store, c.Log, token.Decider),
		canonical:     canonical, numbers: numbers,
	}, nil
}

func accountOfInteraction(_ string, s interaction.State) domain.AccountID { return s.AccountID }
func accountOfTransfer(_ string, s transfer.State) domain.AccountID       { return s.AccountID }
func accountItself(id string, _ account.State) domain.AccountID           { return domain.AccountID(id) }
func accountOfUnplaced(id string, _ unplaced.State) domain.AccountID      { return domain.AccountID(id) }

// NewID returns a new id. Later ids sort after earlier ones.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Meta returns the metadata of a user's command. The client chose its id.
func Meta(actor domain.UserID, commandID domain.CommandID, digest string) eventstore.Metadata {
	return eventstore.Metadata{Actor: string(actor), CommandID: string(commandID),
		CorrelationID: string(commandID), Digest: digest}
}

var derivedSpace = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("command.parley"))

// DerivedID returns an id that is always the same for the same parts.
func DerivedID(parts ...string) string {
	var name []byte
	for _, p := range parts {
		name = append(append(name, p...), 0)
	}
	return uuid.NewSHA1(derivedSpace, name).String()
}

// SystemMetadata returns the metadata of a command given by the program itself.
func SystemMetadata(actor string, commandID string) eventstore.Metadata {
	return eventstore.Metadata{Actor: actor, CommandID: commandID, CorrelationID: commandID}
}
