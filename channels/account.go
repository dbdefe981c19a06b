package channels

import "parley/domain/account"

// Account holds the settings and secrets of an account, by the names that its provider declares. Printing it
// shows neither.
type Account struct {
	ID            string
	Provider      string
	DisplayNumber string // as people write it

	settings map[string]string
	secrets  map[string]string
}

// NewAccount returns an account. Empty settings get the declared defaults.
func NewAccount(id string, at account.Provider, settings, secrets map[string]string) Account {
	a := Account{ID: id, Provider: at.Name, settings: make(map[string]string), secrets: make(map[string]string)}
	for _, s := range at.Settings {
		switch value := settings[s.Name]; {
		case s.Kind == account.Secret:
			a.secrets[s.Name] = secrets[s.Name]
		case value != "":
			a.settings[s.Name] = value
		default:
			a.settings[s.Name] = s.Default
		}
	}
	return a
}

// Setting returns the value of a setting, or "" if it has none.
func (a Account) Setting(name string) string { return a.settings[name] }

// Secret returns the value of a secret, or "" if it was never set.
func (a Account) Secret(name string) string { return a.secrets[name] }

// String names the account and hides its settings and secrets.
func (a Account) String() string { return "account " + a.ID + " at " + a.Provider }

// GoString hides them from %#v too.
func (a Account) GoString() string { return a.String() }
