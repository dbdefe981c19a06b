package demo

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain/user"
)

// FullHistory is how many days of conversations a demo shows.
const FullHistory = 21

// Deps connects the loader to the program around it. The loader talks to a running event store by commands
// alone. Nothing that reacts to events may run before Load returns, or it would react to the past.
type Deps struct {
	// Commands returns commands with the given clock: history is written with the times of history.
	Commands func(now func() time.Time) (*commands.Commands, error)
	// SetPassword sets a user's password, CreateToken creates an API token.
	SetPassword  func(ctx context.Context, userID, password string) error
	CreateToken  func(ctx context.Context, userID, name string, role user.Role) (string, error)
	SimulatorURL string // where the accounts send messages
	HistoryDays  int    // how many days of conversations to load, up to now; 0 loads none
	Now          func() time.Time
	Log          *slog.Logger
}

// User is a demo user who can sign in.
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

// Result lists the users, the accounts as the provider needs them, and the history's messages.
type Result struct {
	Users    []User
	Accounts []Account
	Messages []Message // oldest first; empty without a history
}

// Phone is a customer's phone, for the simulator to play.
type Phone struct{ Name, Digits string }

// Load fills a deployment with the organisation and, if wanted, its history. The next start finishes an
// interrupted load. When the demo is complete, Load reads just one stream.
func Load(ctx context.Context, d Deps, s *Secrets) (Result, error) {
	l := &loader{Deps: d, secrets: s}
	c, err := d.Commands(d.Now)
	if err != nil {
		return Result{}, fmt.Errorf("demo: %w", err)
	}
	_, _, exists, err := c.FindAccount(ctx, numbers[0].account())
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
	if d.HistoryDays > 0 && !s.kept.History {
		began := time.Now()
		if err := l.history(ctx); err != nil {
			return Result{}, fmt.Errorf("demo history: %w", err)
		}
		d.Log.Info("demo history is loaded", "seconds", time.Since(began).Seconds())
	}
	result := s.result()
	if s.kept.History && !s.kept.Now.IsZero() {
		result.Messages = l.messages()
	}
	return result, nil
}

// loader is one run of Load.
type loader struct {
	Deps
	secrets *Secrets
}

// moveAccounts points the accounts to the current URL of the simulator. Other settings stay as users have
// changed them.
func (l *loader) moveAccounts(ctx context.Context, c *commands.Commands) error {
	if l.secrets.kept.SimulatorURL == l.SimulatorURL {
		return nil
	}
	for _, n := range numbers {
		id, settings, _, err := c.FindAccount(ctx, n.account())
		if err != nil {
			return err
		}
		settings.ProviderSettings = maps.Clone(settings.ProviderSettings)
		settings.ProviderSettings[meta.BaseURL] = l.SimulatorURL
		secrets := l.secrets.kept.Accounts[n.shortCode].secrets()
		if _, _, err := c.SaveAccount(ctx, id, settings, secrets, "", commands.SystemMetadata(actor, commands.NewID())); err != nil {
			return err
		}
	}
	l.secrets.kept.SimulatorURL = l.SimulatorURL
	return l.secrets.save()
}

// Phones returns the phones of the customers in the history.
func Phones() []Phone {
	phones := make([]Phone, len(customers))
	for i, c := range customers {
		phones[i] = Phone{Name: c.name, Digits: c.phone}
	}
	return phones
}
