package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"parley/commands"
	"parley/domain/account"
	"parley/domain/user"
)

// Deps is what the loader needs of the program around it. It talks to a running event store by commands alone; nothing
// that reacts to events should run before Load returns, or it would act on the past.
type Deps struct {
	// Commands makes commands with a clock of their own: history is written with the times of history.
	Commands func(now func() time.Time) (*commands.Commands, error)
	// SetPassword gives a user his password, CreateToken a token for programs.
	SetPassword func(ctx context.Context, userID, password string) error
	CreateToken func(ctx context.Context, userID, name string, role user.Role) (string, error)
	// PutSecret keeps a credential under "account/<account id>/<appSecret, verifyToken or accessToken>".
	PutSecret    func(ctx context.Context, name, value string) (last4 string, err error)
	SimulatorURL string // where the accounts send to
	History      bool   // some weeks of it, and what is going on just now
	Now          func() time.Time
	Log          *slog.Logger
}

// User is somebody who can sign in.
type User struct {
	Role                             user.Role
	ID, Login, Name, Password, Token string
}

// Account is one number of the organisation, with its credentials.
type Account struct {
	ID, Name, WebhookPath               string
	PhoneNumberID, DisplayNumber        string
	AppSecret, VerifyToken, AccessToken string
}

// Result is who can sign in, and what a provider has to know of us.
type Result struct {
	Users    []User
	Accounts []Account
	Said     []Said // oldest first; nothing without a history
}

// Phone is a customer's, for the simulator to play.
type Phone struct{ Name, Digits string }

// Load fills a deployment with the organisation and, if wanted, its history. One that was interrupted is finished by the
// next; one that is complete costs a look at one stream.
func Load(ctx context.Context, d Deps, s *Secrets) (Result, error) {
	l := &loader{Deps: d, secrets: s}
	c, err := d.Commands(d.Now)
	if err != nil {
		return Result{}, fmt.Errorf("demo: %w", err)
	}
	first := numbers[0]
	_, _, exists, err := c.FindAccount(ctx, provider, first.phoneNumberID)
	if err != nil {
		return Result{}, fmt.Errorf("demo: look for the organisation: %w", err)
	}
	if err := s.begin(exists, d.Now()); err != nil {
		return Result{}, err
	}
	if !s.kept.Organisation {
		if err := l.organisation(ctx); err != nil {
			return Result{}, fmt.Errorf("demo organisation: %w", err)
		}
	}
	if err := l.moveAccounts(ctx, c); err != nil {
		return Result{}, fmt.Errorf("demo accounts: %w", err)
	}
	if d.History && !s.kept.History {
		began := time.Now()
		if err := l.history(ctx); err != nil {
			return Result{}, fmt.Errorf("demo history: %w", err)
		}
		d.Log.Info("demo history is loaded", "seconds", time.Since(began).Seconds())
	}
	result := s.result()
	if s.kept.History && !s.kept.Now.IsZero() {
		result.Said = l.said()
	}
	return result, nil
}

// loader is one run of Load.
type loader struct {
	Deps
	secrets *Secrets
}

const provider = "META"

// moveAccounts lets the accounts send to the simulator where it is today. All else stays as people have set it.
func (l *loader) moveAccounts(ctx context.Context, c *commands.Commands) error {
	if l.secrets.kept.SimulatorURL == l.SimulatorURL {
		return nil
	}
	for _, n := range numbers {
		id, settings, _, err := c.FindAccount(ctx, provider, n.phoneNumberID)
		if err != nil {
			return err
		}
		settings.BaseURL = l.SimulatorURL
		if _, _, err := c.SaveAccount(ctx, id, settings, "", commands.Ours(actor, commands.NewID())); err != nil {
			return err
		}
	}
	l.secrets.kept.SimulatorURL = l.SimulatorURL
	return l.secrets.save()
}

// Phones are those of the customers in the history.
func Phones() []Phone {
	phones := make([]Phone, len(customers))
	for i, c := range customers {
		phones[i] = Phone{Name: c.name, Digits: c.phone}
	}
	return phones
}

// secretNames are the credentials of an account.
var secretNames = []string{account.AppSecret, account.VerifyToken, account.AccessToken}
