package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"

	"parley/demo"
)

// devFile is what a program needs to play along; see the README. It is readable by its owner alone.
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

// writeFile writes dev.json: whole or not at all.
func (d *devServer) writeFile(loaded demo.Result) error {
	f := devFile{
		URL: d.url, GraphQL: d.url + "/graphql", WebSocket: "ws" + strings.TrimPrefix(d.url, "http") + "/graphql", Simulator: d.simURL,
		EventStore: d.program.eventStoreURL(), DatabaseURL: string(d.cfg.DatabaseURL),
	}
	for _, u := range loaded.Users {
		f.Users = append(f.Users, devUser{Role: strings.ToLower(string(u.Role)), Login: u.Login, Password: u.Password, Token: u.Token})
	}
	for _, a := range loaded.Accounts {
		f.Accounts = append(f.Accounts, devAccount{
			ID: a.ID, Name: a.Name, WebhookPath: a.WebhookPath, PhoneNumberID: a.PhoneNumberID, AppSecret: a.AppSecret, VerifyToken: a.VerifyToken,
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

// eventStoreURL is where other programs reach the event store.
func (p *program) eventStoreURL() string {
	if p.node != nil {
		return p.node.URL()
	}
	return string(p.cfg.EventStoreURL)
}

// oneTimePassword is a password that is to be changed at once.
func oneTimePassword() string {
	const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	var b strings.Builder
	for range 16 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			panic(err) // the system's random source does not fail
		}
		b.WriteByte(letters[n.Int64()])
	}
	return b.String() + "-9aZ"
}
