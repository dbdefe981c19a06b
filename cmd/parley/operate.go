package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"parley/auth"
	"parley/commands"
	"parley/domain/user"
	"parley/eventstore"
	"parley/eventstore/node"
	"parley/projections"
	"parley/projections/settings"
)

// operator builds the program for a command that does one thing and ends.
func operator(ctx context.Context, e environment) (*program, error) {
	cfg, err := LoadConfig(e.getenv)
	if err == nil && cfg.DatabaseURL == "" {
		err = errors.New("DATABASE_URL: say which Postgres to use")
	}
	if err != nil {
		return nil, err
	}
	cfg.Roles = nil
	cfg.NodeListen = anyPort // PARLEY_NODE_LISTEN is taken by the server that is running
	return build(ctx, cfg, newLog(e.stderr, cfg.LogLevel))
}

func migrate(ctx context.Context, e environment) error {
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	fmt.Fprintln(e.stdout, "The database is at this version.")
	return nil
}

// runNode runs the embedded event store alone.
func runNode(ctx context.Context, e environment) error {
	cfg, err := LoadConfig(e.getenv)
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("node", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	listen := flags.String("listen", cfg.NodeListen, "where to listen")
	url := flags.String("database-url", string(cfg.DatabaseURL), "the Postgres that keeps the events")
	if err := flags.Parse(e.args); err != nil {
		return err
	}
	if *url == "" {
		return errors.New("say which Postgres keeps the events: --database-url or DATABASE_URL")
	}
	n, err := node.Start(ctx, node.Config{DatabaseURL: *url, Listen: *listen, Log: newLog(e.stderr, cfg.LogLevel)})
	if err != nil {
		return err
	}
	defer n.Stop()
	fmt.Fprintln(e.stdout, n.URL())
	return waitFor(ctx, n.Wait)
}

func operateProjections(ctx context.Context, e environment) error {
	if len(e.args) == 0 {
		return errors.New("projections: list | rebuild [NAME…] | verify [NAME…] | skip NAME POSITION REASON")
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	verb, names := e.args[0], e.args[1:]
	switch verb {
	case "list":
		return listProjections(ctx, p, e.stdout)
	case "rebuild", "verify":
		work := projections.Verify
		if verb == "rebuild" {
			work = projections.Rebuild
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
	return fmt.Errorf("projections: there is no %q", verb)
}

func listProjections(ctx context.Context, p *program, w io.Writer) error {
	all, err := projections.List(ctx, p.db.Clear)
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tGENERATION\tSTATE\tPOSITION\tSTANDS BEFORE\tPROBLEM")
	for _, s := range all {
		before := ""
		if s.Problem != "" {
			before = strconv.FormatUint(s.ProblemPosition, 10)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\n", s.Name, s.Generation, s.State, s.Position, before, s.Problem)
	}
	return t.Flush()
}

func printReports(w io.Writer, reports []projections.Report) (differing int64) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tGENERATION\tEVENTS\tDIFFERING ROWS\tTOOK")
	for _, r := range reports {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%s\n", r.Model, r.Generation, r.Events, r.Differing(), r.Took.Round(1e6))
		differing += r.Differing()
	}
	_ = t.Flush() // a closed terminal is nobody's loss
	return differing
}

func skip(ctx context.Context, p *program, args []string) error {
	if len(args) < 3 {
		return errors.New("projections skip NAME POSITION REASON; the position is what `projections list` says it stands before")
	}
	commit, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a position; it is a number, what `projections list` says it stands before", args[1])
	}
	return projections.Skip(ctx, p.projectorConfig(), args[0], commit, strings.Join(args[2:], " "), "")
}

func operateEvents(ctx context.Context, e environment) error {
	if len(e.args) == 0 {
		return errors.New("events: history STREAM | copy FROM-URL TO-URL | export")
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	switch verb, args := e.args[0], e.args[1:]; {
	case verb == "history" && len(args) == 1:
		if err := p.commands.RecordHistoryRead(ctx, "", args[0]); err != nil {
			return err
		}
		_, err := p.store.ExportStream(ctx, e.stdout, args[0], true)
		return err
	case verb == "export" && len(args) == 0:
		_, err := p.store.Export(ctx, e.stdout, eventstore.Position{}, false)
		return err
	case verb == "copy" && len(args) == 2:
		return copyEvents(ctx, p, e, args[0], args[1])
	}
	return errors.New("events: history STREAM | copy FROM-URL TO-URL | export")
}

func copyEvents(ctx context.Context, p *program, e environment, fromURL, toURL string) error {
	var stores [2]*eventstore.Store
	for i, url := range []string{fromURL, toURL} {
		s, err := eventstore.Open(ctx, eventstore.Config{URL: url, Catalog: eventstore.All(), Keys: p.keyring, Log: p.log})
		if err != nil {
			return err
		}
		defer s.Close()
		stores[i] = s
	}
	n, err := eventstore.Copy(ctx, stores[0], stores[1], func(events int) { fmt.Fprintln(e.stdout, events, "events") })
	if err == nil {
		fmt.Fprintln(e.stdout, "copied", n, "events; now rebuild the read models: parley projections rebuild")
	}
	return err
}

// createUser makes a user without the API: the first admin.
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
	id, _, err := p.commands.SaveUser(ctx, "", user.Profile{Login: e.args[1], Name: name}, user.Settings{Role: role}, "", commands.Ours("operator", commands.NewID()))
	if err != nil {
		return err
	}
	password := oneTimePassword()
	if err := p.auth.SetPassword(ctx, string(id), password, true); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s may sign in once with %s and then choose a password.\n", e.args[1], password)
	return nil
}

// createToken makes an API token for a program.
func createToken(ctx context.Context, e environment) error {
	if len(e.args) < 3 || e.args[0] != "create" {
		return errors.New("token create LOGIN NAME")
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	u, ok, err := settings.UserOfLogin(ctx, p.db.Clear, e.args[1])
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("nobody has the login %q; who was created just now is known once parley serve has run", e.args[1])
	}
	token, _, err := p.auth.CreateToken(ctx, auth.NewToken{UserID: u.ID, Name: strings.Join(e.args[2:], " "), Role: string(u.Settings.Role)})
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, token)
	return nil
}
