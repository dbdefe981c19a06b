package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/demo"
)

// devFile holds what other programs need to use the demo. It is stored as dev.json, readable only by its owner.
type devFile struct {
	URL         string       `json:"url"`
	GraphQL     string       `json:"graphql"`
	WebSocket   string       `json:"websocket"`
	Simulator   string       `json:"simulator"`
	EventStore  string       `json:"eventstore"`
	DatabaseURL string       `json:"databaseUrl"`
	Users       []devUser    `json:"users"`
	Accounts    []devAccount `json:"accounts"`
}

type devUser struct {
	Role     string `json:"role"`
	Login    string `json:"login"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

type devAccount struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	WebhookPath   string `json:"webhookPath"`
	PhoneNumberID string `json:"phoneNumberId"`
	AppSecret     string `json:"appSecret"`
	VerifyToken   string `json:"verifyToken"`
}

// writeFile replaces dev.json atomically.
func (d *devServer) writeFile(loaded demo.Result) error {
	f := devFile{
		URL: d.url, GraphQL: d.url + "/graphql", Simulator: d.simURL,
		WebSocket:  "ws" + strings.TrimPrefix(d.url, "http") + "/graphql",
		EventStore: d.program.storeURL, DatabaseURL: string(d.cfg.DatabaseURL),
	}
	for _, u := range loaded.Users {
		role := strings.ToLower(string(u.Role))
		f.Users = append(f.Users, devUser{Role: role, Login: u.Login, Password: u.Password, Token: u.Token})
	}
	for _, a := range loaded.Accounts {
		f.Accounts = append(f.Accounts, devAccount{
			ID: a.ID, Name: a.Name, WebhookPath: a.WebhookPath, PhoneNumberID: a.PhoneNumberID,
			AppSecret: a.AppSecret, VerifyToken: a.VerifyToken,
		})
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(d.cfg.DataDir, "dev.json")
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write dev.json: %w", err)
	}
	return os.Rename(path+".new", path)
}
