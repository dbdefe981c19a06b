package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"os"
	osuser "os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"parley/commands"
	"parley/domain/audit"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/node"
	"parley/internal/process"
	"parley/internal/restore"
	"parley/projections/engine"
)

// operator builds the program for a subcommand that does one thing and exits. change adjusts it before it
// connects.
func operator(ctx context.Context, e environment, change ...func(*program)) (*program, error) {
	cfg, err := LoadConfig(e.getenv)
	if err == nil && cfg.DatabaseURL == "" {
		err = errors.New("DATABASE_URL is required")
	}
	if err != nil {
		return nil, err
	}
	cfg.Roles = nil
	cfg.NodeListen = anyPort // the running server occupies PARLEY_NODE_LISTEN
	p := newProgram(cfg, process.NewLog(e.stderr, cfg.LogLevel))
	for _, f := range change {
		f(p)
	}
	return p, p.connect(ctx)
}

func migrate(ctx context.Context, e environment) error {
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	fmt.Fprintln(e.stdout, "The database is up to date.")
	return nil
}

// runNode runs only the embedded event store.
func runNode(ctx context.Context, e environment) error {
	cfg, err := LoadConfig(e.getenv)
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("node", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	listen := flags.String("listen", cfg.NodeListen, "address to listen on")
	url := flags.String("database-url", string(cfg.DatabaseURL), "Postgres database that stores the events")
	insecure := flags.Bool("insecure", false, "let everyone on this machine do everything, without TLS")
	if err := flags.Parse(e.args); err != nil {
		return err
	}
	if *url == "" {
		return errors.New("--database-url or DATABASE_URL is required")
	}
	cfg.DatabaseURL, cfg.NodeListen = Secret(*url), *listen
	log := process.NewLog(e.stderr, cfg.LogLevel)
	var n *node.Node
	if *insecure {
		n, err = node.Start(ctx, node.Config{DatabaseURL: *url, Listen: *listen, Insecure: true, Log: log})
	} else {
		n, _, err = startNode(ctx, cfg, log)
	}
	if err != nil {
		return err
	}
	defer n.Stop()
	fmt.Fprintln(e.stdout, n.URL())
	if !*insecure {
		fmt.Fprintf(e.stderr, "Connect as %s with the password in %s/password; trust the certificate %s/node.pem.\n",
			node.LocalUser, nodeFolder(cfg), nodeFolder(cfg))
	}
	return waitFor(ctx, n.Wait)
}

func operateProjections(ctx context.Context, e environment) error {
	if len(e.args) == 0 {
		return errors.New("projections: list | rebuild [NAME…] | verify [NAME…] | skip NAME POSITION REASON")
	}
	verb, names := e.args[0], e.args[1:]
	rebuildAll := verb == "rebuild" && len(names) == 0
	p, err := operator(ctx, e, func(p *program) { p.adoptLog = rebuildAll })
	if err != nil {
		return err
	}
	defer p.close()
	if rebuildAll && p.guard.Replaced() && !p.adopted {
		if err := p.adoptThisLog(ctx); err != nil {
			return err
		}
	}
	if p.adopted {
		return restore.FillReadModels(ctx, p.projectorConfig())
	}
	switch verb {
	case "list":
		return listProjections(ctx, p, e.stdout)
	case "rebuild", "verify":
		work := engine.Verify
		if verb == "rebuild" {
			work = engine.Rebuild
		}
		reports, err := work(ctx, p.projectorConfig(), names...)
		differing := printReports(e.stdout, reports)
		if err == nil && differing > 0 && verb == "verify" {
			err = fmt.Errorf("%d rows differ from the log", differing)
		}
		return err
	case "skip":
		return skip(ctx, p, names)
	}
	return fmt.Errorf("projections: unknown command %q", verb)
}

func listProjections(ctx context.Context, p *program, w io.Writer) error {
	view, unanswered := engine.Look(ctx, p.db.Clear, p.store)
	if view.Models == nil {
		return unanswered
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tGENERATION\tSTATE\tPOSITION\tBEHIND\tSTOPPED AT\tPROBLEM")
	for _, s := range view.Models {
		stoppedAt, behind := "", ""
		if s.ProblemPosition != 0 {
			stoppedAt = strconv.FormatUint(s.ProblemPosition, 10)
		}
		if !s.OldestUnseen.IsZero() {
			behind = max(0, p.now().Sub(s.OldestUnseen)).Round(time.Second).String()
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\n",
			s.Name, s.Generation, s.State, s.Position, behind, stoppedAt, s.Problem)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if view.LogReplaced() {
		fmt.Fprintln(w, "\nThe event log lacks events that the read models show: it was restored from an older copy. "+
			"Rebuild them from what is there: parley projections rebuild")
	}
	if !view.Projecting {
		fmt.Fprintln(w, "\nNo process with the role projector is running: nothing new is shown.")
	}
	if unanswered != nil {
		fmt.Fprintln(w, "\nThe event store does not answer, so how far the read models are behind is not known.")
	}
	return nil
}

func printReports(w io.Writer, reports []engine.Report) (differing int64) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tGENERATION\tEVENTS\tDIFFERING ROWS\tTOOK")
	for _, r := range reports {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\n", r.Model, r.Generation, r.Events, r.Differing(), r.Took.Round(1e6))
		differing += r.Differing()
	}
	_ = t.Flush() // fails only if the terminal is closed
	return differing
}

func skip(ctx context.Context, p *program, args []string) error {
	if len(args) < 3 {
		return errors.New("projections skip NAME POSITION REASON: the position is in the column STOPPED AT of `projections list`")
	}
	commit, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a position: take the number in the column STOPPED AT of `projections list`", args[1])
	}
	return engine.Skip(ctx, p.projectorConfig(), args[0], commit, strings.Join(args[2:], " "), "")
}

func operateEvents(ctx context.Context, e environment) error {
	if len(e.args) == 0 {
		return errors.New("events: history STREAM | copy FROM-URL TO-URL | export | allow USER ADMIN-URL")
	}
	if e.args[0] == "allow" && len(e.args) == 3 { // before the program itself can connect
		limited, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		return eventstore.AllowReadingAll(limited, e.args[2], e.args[1])
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	switch verb, args := e.args[0], e.args[1:]; {
	case verb == "history" && len(args) == 1:
		read := audit.HistoryRead{Operator: operatorName(e.getenv), Stream: args[0]}
		if err := p.commands.RecordHistoryRead(ctx, read); err != nil {
			return err
		}
		_, err := p.store.ExportStream(ctx, e.stdout, args[0], true)
		return err
	case verb == "export" && len(args) == 0:
		exported := audit.Exported{Operator: operatorName(e.getenv), Kind: "events"}
		if err := p.commands.RecordExported(ctx, exported); err != nil {
			return err
		}
		_, err := p.store.Export(ctx, e.stdout, eventstore.Position{}, false)
		return err
	case verb == "copy" && len(args) == 2:
		return copyEvents(ctx, p, e, args[0], args[1])
	}
	return errors.New("events: history STREAM | copy FROM-URL TO-URL | export | allow USER ADMIN-URL")
}

// operatorName returns the account that runs a command: its name on this machine, or the name of the caller of sudo.
func operatorName(getenv func(string) string) string {
	name := strconv.Itoa(os.Getuid())
	if account, err := osuser.Current(); err == nil {
		name = account.Username
	}
	if caller := getenv("SUDO_USER"); caller != "" && os.Getuid() == 0 {
		name = caller
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}

func operateFiles(ctx context.Context, e environment) error {
	usage := errors.New("files: adopt | quarantined | restore FILE… | restore all")
	if len(e.args) == 0 {
		return usage
	}
	adopt := e.args[0] == "adopt"
	p, err := operator(ctx, e, func(p *program) { p.adopt = adopt })
	if err != nil {
		return err
	}
	defer p.close()
	switch verb, ids := e.args[0], e.args[1:]; {
	case adopt && len(ids) == 0:
		for _, place := range p.places {
			fmt.Fprintf(e.stdout, "%s now belongs to deployment %s.\n", place, p.deployment.Fingerprint)
		}
		fmt.Fprintln(e.stdout, "Files that its log does not refer to will be quarantined, and deleted 14 days later.")
		return nil
	case verb == "quarantined" && len(ids) == 0:
		return p.eachQuarantined(ctx, func(id string) error { fmt.Fprintln(e.stdout, id); return nil })
	case verb == "restore" && len(ids) == 1 && ids[0] == "all":
		return p.eachQuarantined(ctx, func(id string) error { return p.blobs.Release(ctx, id) })
	case verb == "restore" && len(ids) > 0:
		for _, id := range ids {
			if err := p.blobs.Release(ctx, id); err != nil {
				return err
			}
		}
		return nil
	}
	return usage
}

// eachQuarantined calls f for every file in quarantine. It lists them first, because f may move them.
func (p *program) eachQuarantined(ctx context.Context, f func(id string) error) error {
	var ids []string
	err := p.blobs.EachQuarantined(ctx, p.now().AddDate(1, 0, 0), func(id string) error {
		ids = append(ids, id)
		return nil
	})
	for _, id := range ids {
		if err == nil {
			err = f(id)
		}
	}
	return err
}

// answers returns why an event store does not answer, before ctx ends if waiting does not help.
func answers(ctx context.Context, s *eventstore.Store) error {
	if err := s.Wait(ctx); err != nil {
		return cmp.Or(s.LastError(), err)
	}
	return nil
}

func copyEvents(ctx context.Context, p *program, e environment, fromURL, toURL string) error {
	var stores [2]*eventstore.Store
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for i, url := range []string{fromURL, toURL} {
		name := []string{"source", "target"}[i]
		s, err := eventstore.Open(ctx, eventstore.Config{URL: url, Catalog: eventstore.All(), Keys: p.keyring, Log: p.log})
		if err != nil {
			return fmt.Errorf("the %s: %w", name, err)
		}
		defer s.Close()
		if err := answers(limited, s); err != nil {
			return fmt.Errorf("the %s does not answer: %w", name, err)
		}
		stores[i] = s
	}
	end, err := stores[0].Last(ctx)
	if err != nil {
		return err
	}
	bar := newBar(e.stdout)
	done, err := eventstore.Copy(ctx, stores[0], stores[1], func(c eventstore.Copied) {
		bar.show("copying the log", c.Events, float64(c.At.Commit)/float64(max(1, end.Commit)))
	})
	bar.end()
	if err == nil {
		fmt.Fprintln(e.stdout, "copied", done.Events, "events")
	}
	return err
}

// createUser creates a user, such as the first admin, without the API.
func createUser(ctx context.Context, e environment) error {
	if len(e.args) < 4 || e.args[0] != "create" {
		return errors.New("user create LOGIN NAME ROLE (admin, supervisor, agent, auditor, analyst)")
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	role := user.Role(strings.ToUpper(e.args[len(e.args)-1]))
	name := strings.Join(e.args[2:len(e.args)-1], " ")
	profile, settings := user.Profile{Login: e.args[1], Name: name}, user.Settings{Role: role}
	meta := commands.SystemMetadata("operator", commands.NewID())
	id, _, err := p.commands.SaveUser(ctx, "", profile, settings, "", meta)
	if err != nil {
		return err
	}
	password := oneTimePassword()
	if err := p.commands.ResetPassword(ctx, id, password, "", meta); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s can sign in with the one-time password %s and must then choose a new one.\n", e.args[1], password)
	return nil
}

// oneTimePassword returns a random password. The user must change it at the first sign-in.
func oneTimePassword() string {
	const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	var b strings.Builder
	for range 16 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			panic(err) // the system's random source never fails
		}
		b.WriteByte(letters[n.Int64()])
	}
	return b.String() + "-9aZ"
}
