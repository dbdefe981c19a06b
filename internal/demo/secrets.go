package demo

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
)

// Secrets holds the random values of one data folder, and how far loading has got. It is stored in a file
// that only its owner can read.
type Secrets struct {
	path string
	kept kept
}

type kept struct {
	ID           string    `json:"id"` // of this file; a new file means new passwords
	Begun        time.Time `json:"begun"`
	Organisation bool      `json:"organisation"`
	// where the history ends; zero until loading it has begun
	Now          time.Time              `json:"now"`
	Days         int                    `json:"days"`   // length of the history
	Shifts       int                    `json:"shifts"` // number of loaded shifts
	History      bool                   `json:"history"`
	SimulatorURL string                 `json:"simulatorUrl"`
	Users        map[string]userSecrets `json:"users"`    // by login
	Accounts     map[string]credentials `json:"accounts"` // by short code
}

type userSecrets struct {
	ID       string `json:"id"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

type credentials struct {
	ID          string `json:"id"`
	AppSecret   string `json:"appSecret"`
	VerifyToken string `json:"verifyToken"`
	AccessToken string `json:"accessToken"`
}

// secrets returns them by the names the provider declares.
func (c credentials) secrets() map[string]string {
	return map[string]string{meta.AppSecret: c.AppSecret, meta.VerifyToken: c.VerifyToken, meta.AccessToken: c.AccessToken}
}

// OpenSecrets reads the file, or creates it with new random values and mode 0600. Its folder must exist.
func OpenSecrets(path string) (*Secrets, error) {
	s := &Secrets{path: path}
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		s.kept = fresh()
		return s, s.save()
	}
	if err != nil {
		return nil, fmt.Errorf("demo secrets: %w", err)
	}
	if err := json.Unmarshal(raw, &s.kept); err != nil || s.kept.ID == "" {
		return nil, fmt.Errorf("demo secrets: %s is damaged; remove it to get new passwords", path)
	}
	return s, nil
}

func fresh() kept {
	k := kept{ID: rand.Text(), Users: make(map[string]userSecrets), Accounts: make(map[string]credentials)}
	for _, p := range staff {
		k.Users[p.login] = userSecrets{Password: newPassword()}
	}
	for _, n := range numbers {
		k.Accounts[n.shortCode] = credentials{AppSecret: rand.Text(), VerifyToken: rand.Text(),
			AccessToken: "EAA" + rand.Text()}
	}
	return k
}

// begin reconciles the file with the log. An empty log is filled from the start. If the log has the
// organisation but the file is new, users get new passwords and the history is left alone.
func (s *Secrets) begin(exists bool, now time.Time) error {
	known := !s.kept.Begun.IsZero()
	if known && (exists || !s.kept.Organisation) {
		return nil
	}
	s.kept.Begun = now.UTC().Truncate(time.Second)
	s.kept.Organisation, s.kept.Now, s.kept.Shifts, s.kept.SimulatorURL = false, time.Time{}, 0, ""
	s.kept.History = exists
	for login, u := range s.kept.Users {
		u.Token = ""
		s.kept.Users[login] = u
	}
	return s.save()
}

// save replaces the file atomically.
func (s *Secrets) save() error {
	raw, err := json.MarshalIndent(s.kept, "", "  ")
	if err != nil {
		return fmt.Errorf("demo secrets: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), ".demo-*") // mode 0600
	if err != nil {
		return fmt.Errorf("demo secrets: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return fmt.Errorf("demo secrets: %w", err)
	}
	return nil
}

func (s *Secrets) result() Result {
	var r Result
	for _, p := range staff {
		u := s.kept.Users[p.login]
		r.Users = append(r.Users,
			User{Role: p.role, ID: u.ID, Login: p.login, Name: p.name, Password: u.Password, Token: u.Token})
	}
	for _, n := range numbers {
		c := s.kept.Accounts[n.shortCode]
		r.Accounts = append(r.Accounts, Account{
			ID: c.ID, Name: n.name, WebhookPath: webhook.Path(meta.Name, c.ID, ""), PhoneNumberID: n.phoneNumberID, DisplayNumber: "+" + n.digits,
			AppSecret: c.AppSecret, VerifyToken: c.VerifyToken, AccessToken: c.AccessToken,
		})
	}
	return r
}

var (
	manners = []string{"Amber", "Autumn", "Brave", "Bright", "Calm", "Clever", "Coral", "Cosy", "Crisp",
		"Early", "Gentle", "Golden",
		"Happy", "Ivory", "Jolly", "Keen", "Lively", "Lucky", "Mellow", "Misty", "Noble", "Olive", "Pearl",
		"Proud", "Quiet", "Rapid",
		"Silver", "Sunny", "Swift", "Tidy", "Velvet", "Warm"}
	places = []string{"Anchor", "Bay", "Beach", "Bridge", "Canyon", "Castle", "Cliff", "Coast", "Delta",
		"Desert", "Field", "Forest",
		"Garden", "Glacier", "Harbour", "Hill", "Island", "Lagoon", "Lake", "Meadow", "Market", "Oasis",
		"Orchard", "Palace", "River",
		"Station", "Summit", "Temple", "Tower", "Valley", "Village", "Volcano"}
)

// newPassword returns a password that is easy to type and has letters of both cases, digits and a dash.
func newPassword() string {
	return fmt.Sprintf("%s-%s-%04d", manners[pick(len(manners))], places[pick(len(places))], pick(10_000))
}

func pick(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the system has no randomness
	}
	return int(i.Int64())
}
