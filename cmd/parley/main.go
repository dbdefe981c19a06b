// Command parley is the one program: the agent desktop with its API, the projectors, the reactions and the embedded event store.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
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

// subcommand is one thing the program can do.
type subcommand struct {
	name, help string
	run        func(ctx context.Context, e environment) error
}

// environment is what a subcommand is started with.
type environment struct {
	args   []string
	getenv func(string) string
	stdout io.Writer
	stderr io.Writer
}

func subcommands() []subcommand {
	return []subcommand{
		{"dev", "try it: everything in one process, with demo data and a WhatsApp simulator", dev},
		{"serve", "run it: --roles=web,projector,reactor (all by default)", serve},
		{"node", "run the embedded event store alone: --listen, --database-url", runNode},
		{"migrate", "bring the database to this version and make what is made once", migrate},
		{"projections", "list | rebuild NAME… | verify NAME… | skip NAME POSITION REASON", operateProjections},
		{"verify", "hold log and read models against what must always be true: --ledger, --received, --quiet", verifyAll},
		{"events", "history STREAM | copy FROM-URL TO-URL | export", operateEvents},
		{"user", "create LOGIN NAME ROLE: the first admin, with a password that must be changed", createUser},
		{"token", "create LOGIN NAME: an API token for a program", createToken},
	}
}

// run is main with its surroundings passed in, so a test can start a whole program.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	tuneMemory(getenv)
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
	return fmt.Errorf("there is no subcommand %q", args[0])
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "parley: an agent desktop for WhatsApp whose truth is an event log\n\nusage: parley SUBCOMMAND")
	for _, c := range subcommands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.help)
	}
}
