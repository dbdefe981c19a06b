package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/commands"
	"parley/internal/demo"
	"parley/internal/devpg"
	"parley/internal/process"
	"parley/internal/simulator"
	"parley/projections/settings"
)

// dev runs everything in one process on demo data, for trying Parley out and for development.
func dev(ctx context.Context, e environment) error {
	flags := flag.NewFlagSet("dev", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	insecure := flags.Bool("insecure-demo", false, "allow other machines to reach the demo and the simulator")
	if err := flags.Parse(e.args); err != nil {
		return err
	}
	cfg, err := LoadConfig(e.getenv)
	if err != nil {
		return err
	}
	if !Loopback(cfg.Listen) && !*insecure {
		return fmt.Errorf("PARLEY_LISTEN is %s, but anyone can use the demo's passwords and its simulator: "+
			"listen on 127.0.0.1 or add --insecure-demo", cfg.Listen)
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("cannot write to the data folder %s (%w): choose another with PARLEY_DATA_DIR",
			cfg.DataDir, errors.Unwrap(err))
	}
	logFile, err := os.OpenFile(filepath.Join(cfg.DataDir, "parley.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write to the data folder %s (%w): choose another with PARLEY_DATA_DIR",
			cfg.DataDir, errors.Unwrap(err))
	}
	defer logFile.Close()
	d := &devServer{cfg: cfg, log: process.NewLog(logFile, cfg.LogLevel), out: e.stdout}
	return d.run(ctx)
}

// devServer runs the program with a private Postgres and the simulator.
type devServer struct {
	cfg     Config
	log     *slog.Logger
	out     io.Writer
	program *program
	sim     *simulator.Simulator
	simURL  string
	url     string
}

func (d *devServer) run(ctx context.Context) (err error) {
	started := time.Now()
	desktop, err := listen(d.cfg.Listen, "PARLEY_LISTEN")
	if err != nil {
		return err
	}
	defer desktop.Close()
	phones, err := nextPort(desktop.Addr())
	if err != nil {
		return err
	}
	defer phones.Close()
	d.url, d.simURL = "http://"+desktop.Addr().String(), "http://"+phones.Addr().String()

	postgres, err := devpg.Start(ctx, devpg.Config{Dir: filepath.Join(d.cfg.DataDir, "postgres"), Log: d.log})
	if err != nil {
		return err
	}
	defer func() {
		if err := postgres.Stop(); err != nil {
			d.log.Warn("postgres was not stopped cleanly", "error", err)
		}
	}()
	defer func() { err = postgres.Explain(err) }()
	if err := postgres.EnsureDatabase(ctx, "parley"); err != nil {
		return err
	}
	d.cfg.DatabaseURL = Secret(postgres.URL("parley"))
	d.cfg.Roles = allRoles
	d.cfg.Drain = 0 // there is no proxy
	if d.program, err = build(ctx, d.cfg, d.log, d.simURL); err != nil {
		return err
	}
	defer d.program.close()
	d.sim = simulator.New(simulator.Config{People: people(), StateFile: filepath.Join(d.cfg.DataDir, "simulator.json"), Log: d.log})
	defer d.sim.Close()

	loaded, err := d.load(ctx)
	if err != nil {
		return err
	}
	d.sim.Recall(chats(loaded.Messages))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return postgres.Keep(ctx) })
	g.Go(func() error { return d.program.run(ctx, d.program.serveHTTP(desktop, d.program.handler())) })
	g.Go(func() error { return d.program.serveHTTP(phones, d.sim.Handler())(ctx) })
	g.Go(func() error { return d.open(ctx, loaded, started) })
	return g.Wait()
}

// people returns the phones of the simulator: its own, and those of the demo customers with an open
// interaction.
func people() []simulator.Person {
	all := simulator.People()
	for _, p := range demo.Phones() {
		all = append(all, simulator.Person{Name: p.Name, Digits: p.Digits})
	}
	return all
}

// chats returns the part of the demo's history that the phones show, so that agents can answer waiting
// customers.
func chats(messages []demo.Message) []simulator.Message {
	all := make([]simulator.Message, len(messages))
	for i, m := range messages {
		all[i] = simulator.Message{
			ID: m.ID, Number: m.PhoneNumberID, Phone: m.Digits, FromCustomer: m.FromCustomer,
			Kind: "text", Text: m.Text, State: m.State, At: m.At.UTC(),
		}
		if m.FromCustomer {
			all[i].State = "sent"
		}
		if m.Thumb {
			all[i].Reactions = map[string]string{"customer": "👍"}
		}
	}
	return all
}

// nextPort listens on the port after the given one, or on any port if that is taken.
func nextPort(address net.Addr) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	if l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n+1))); err == nil {
		return l, nil
	}
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}

// load fills a new data folder with the demo. It must run before the reactions, which would act on the demo's
// history.
func (d *devServer) load(ctx context.Context) (demo.Result, error) {
	p := d.program
	secrets, err := demo.OpenSecrets(filepath.Join(d.cfg.DataDir, "demo-secrets.json"))
	if err != nil {
		return demo.Result{}, err
	}
	days := 0
	if d.cfg.Demo == "full" {
		days = demo.FullHistory
	}
	loaded, err := demo.Load(ctx, demo.Deps{
		Commands: func(now func() time.Time) (*commands.Commands, error) { return p.newCommands(p.reads(), now) },
		SetPassword: func(ctx context.Context, user, password string) error {
			return p.auth.SetPassword(ctx, user, password, false)
		},
		CreateToken:  p.demoToken,
		SimulatorURL: d.simURL, HistoryDays: days, Now: p.now, Log: d.log,
	}, secrets)
	if err != nil {
		return loaded, fmt.Errorf("load the demo: %w", err)
	}
	return loaded, nil
}

// open connects the simulator and prints the addresses as soon as the read models show the demo's accounts.
func (d *devServer) open(ctx context.Context, loaded demo.Result, started time.Time) error {
	if err := d.connectSimulator(ctx, loaded); err != nil {
		return err
	}
	if err := d.writeFile(loaded); err != nil {
		return err
	}
	d.announce(loaded, time.Since(started))
	return nil
}

// connectSimulator gives the simulator the accounts' numbers once the read models have them.
func (d *devServer) connectSimulator(ctx context.Context, loaded demo.Result) error {
	numbers := make([]simulator.Number, len(loaded.Accounts))
	for i, a := range loaded.Accounts {
		numbers[i] = simulator.Number{
			PhoneNumberID: a.PhoneNumberID, DisplayNumber: a.DisplayNumber, Name: a.Name,
			AppSecret: a.AppSecret, AccessToken: a.AccessToken, WebhookURL: d.url + a.WebhookPath,
		}
	}
	for {
		rows, err := settings.AllAccounts(ctx, d.program.db.Clear)
		if err == nil && len(rows) >= len(numbers) {
			break
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(50 * time.Millisecond):
		}
	}
	d.sim.SetNumbers(numbers)
	return nil
}

func (d *devServer) announce(loaded demo.Result, took time.Duration) {
	fmt.Fprintf(d.out, "\nParley is ready after %s.\n\n"+
		"  Agent desktop     %s\n  Customers' phones %s\n\n  Logins (all of them in %s):\n",
		took.Round(100*time.Millisecond), d.url, d.simURL, filepath.Join(d.cfg.DataDir, "dev.json"))
	shown := map[string]int{}
	for _, u := range loaded.Users {
		if shown[string(u.Role)]++; shown[string(u.Role)] > 2 {
			continue
		}
		fmt.Fprintf(d.out, "    %-10s %-8s %s\n", u.Role, u.Login, u.Password)
	}
	fmt.Fprintln(d.out, "\nCtrl-C stops everything; the next start continues with the same data.")
}
