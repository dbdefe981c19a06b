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

	"parley/domain/account"
)

// Secrets is what was made at random for one data folder, and how far loading has come. It lives in a file that only
// its owner can read.
type Secrets struct {
	path string
	kept kept
}

type kept struct {
	ID           string                 `json:"id"` // of this file: another one means other passwords
	Begun        time.Time              `json:"begun"`
	Organisation bool                   `json:"organisation"`
	Now          time.Time              `json:"now"`    // where history ends; zero while none of it is loaded
	Shifts       int                    `json:"shifts"` // of the history that are loaded
	History      bool                   `json:"history"`
	SimulatorURL string                 `json:"simulatorUrl"`
	Users        map[string]userSecrets `json:"users"`    // by login
	Accounts     map[string]credentials `json:"accounts"` // by key
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

func (c credentials) value(name string) string {
	return map[string]string{
		account.AppSecret: c.AppSecret, account.VerifyToken: c.VerifyToken, account.AccessToken: c.AccessToken,
	}[name]
}

// OpenSecrets reads the file, or makes everything that is random and writes it, mode 0600. The folder must be there.
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
		return nil, fmt.Errorf("demo secrets: %s is damaged; remove it to have new passwords made", path)
	}
	return s, nil
}

func fresh() kept {
	k := kept{ID: rand.Text(), Users: make(map[string]userSecrets), Accounts: make(map[string]credentials)}
	for _, p := range staff {
		k.Users[p.login] = userSecrets{Password: newPassword()}
	}
	for _, n := range numbers {
		k.Accounts[n.key] = credentials{AppSecret: rand.Text(), VerifyToken: rand.Text(), AccessToken: "EAA" + rand.Text()}
	}
	return k
}

// begin settles what the file says with what the log holds. A log that knows nothing is filled from the start. One that
// has the organisation already, while the file is new, gets new passwords, but its history is left alone.
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

// save replaces the file as a whole.
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
		r.Users = append(r.Users, User{Role: p.role, ID: u.ID, Login: p.login, Name: p.name, Password: u.Password, Token: u.Token})
	}
	for _, n := range numbers {
		c := s.kept.Accounts[n.key]
		r.Accounts = append(r.Accounts, Account{
			ID: c.ID, Name: n.name, WebhookPath: "/webhooks/meta/" + c.ID, PhoneNumberID: n.phoneNumberID, DisplayNumber: "+" + n.digits,
			AppSecret: c.AppSecret, VerifyToken: c.VerifyToken, AccessToken: c.AccessToken,
		})
	}
	return r
}

var (
	manners = []string{"Amber", "Autumn", "Brave", "Bright", "Calm", "Clever", "Coral", "Cosy", "Crisp", "Early", "Gentle", "Golden",
		"Happy", "Ivory", "Jolly", "Keen", "Lively", "Lucky", "Mellow", "Misty", "Noble", "Olive", "Pearl", "Proud", "Quiet", "Rapid",
		"Silver", "Sunny", "Swift", "Tidy", "Velvet", "Warm"}
	places = []string{"Anchor", "Bay", "Beach", "Bridge", "Canyon", "Castle", "Cliff", "Coast", "Delta", "Desert", "Field", "Forest",
		"Garden", "Glacier", "Harbour", "Hill", "Island", "Lagoon", "Lake", "Meadow", "Market", "Oasis", "Orchard", "Palace", "River",
		"Station", "Summit", "Temple", "Tower", "Valley", "Village", "Volcano"}
)

// newPassword is easy to type and has a letter of each case, digits and a dash.
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
