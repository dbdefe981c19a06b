// Command parley is the whole program: the agent desktop with its API, the projector, the reactions and the
// embedded event store.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"parley/internal/process"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "parley:", err)
		stop()
		os.Exit(1)
	}
}

type subcommand struct {
	name, help string
	run        func(ctx context.Context, e environment) error
}

// environment holds what a subcommand uses of its process. A test passes its own.
type environment struct {
	args   []string
	getenv func(string) string
	stdout io.Writer
	stderr io.Writer
}

func subcommands() []subcommand {
	return []subcommand{
		{"dev", "everything in one process, with demo data and a WhatsApp simulator", dev},
		{"serve", "run Parley: --roles=web,projector,reactor (default: all)", serve},
		{"node", "run only the embedded event store: --listen, --database-url", runNode},
		{"migrate", "migrate the database to this version and create keys", migrate},
		{"projections", "list | rebuild NAME… | verify NAME… | skip NAME POSITION REASON", operateProjections},
		{"verify", "check the invariants of the log and the read models: --ledger, --received, --quiet", verifyAll},
		{"events", "history STREAM | copy FROM-URL TO-URL | export | allow USER ADMIN-URL", operateEvents},
		{"move", "--to URL (or --to embedded): move the deployment to another event store while people work", moveLog},
		{"backup", "FILE: write what cannot be rebuilt to a file, with nothing about customers in clear", backUp},
		{"restore", "FILE: fill a new database and event store from a backup, and hold messages", restoreBackup},
		{"outbound", "status | hold REASON… | release | restored: hold or release messages to customers", operateOutbound},
		{"files", "adopt | quarantined | restore FILE… | restore all", operateFiles},
		{"user", "create LOGIN NAME ROLE: create a user with a one-time password", createUser},
		{"token", "create LOGIN NAME | list | revoke ID: API tokens", operateTokens},
	}
}

// run is main with its environment passed in, so that a test can start the whole program.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	process.TuneMemory(ctx, getenv)
	if len(args) == 0 || args[0] == "help" || strings.HasPrefix(args[0], "-") {
		usage(stdout)
		return nil
	}
	for _, c := range subcommands() {
		if c.name == args[0] {
			return c.run(ctx, environment{args: args[1:], getenv: getenv, stdout: stdout, stderr: stderr})
		}
	}
	usage(stderr)
	return fmt.Errorf("unknown subcommand %q", args[0])
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "parley: an agent desktop for WhatsApp on an event log\n\nusage: parley SUBCOMMAND")
	for _, c := range subcommands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.help)
	}
}
