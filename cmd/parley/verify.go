package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"parley/internal/verify"
)

// verifyAll checks the log and the read models against the invariants.
func verifyAll(ctx context.Context, e environment) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	ledger := flags.String("ledger", "",
		`file of acknowledgements: lines such as {"message":"wamid…","acked":true} or {"command":"…","acked":true}`)
	received := flags.String("received", "", `file of what the provider accepted: lines such as {"callbackData":"…"}`)
	quiet := flags.Bool("quiet", false, "nothing is in progress: whatever has not ended counts as lost")
	if err := flags.Parse(e.args); err != nil {
		return err
	}
	q := verify.Options{Quiet: *quiet}
	var err error
	if q.Ledger, err = fromFile(*ledger, verify.ReadLedger); err != nil {
		return err
	}
	if q.Received, err = fromFile(*received, verify.ReadReceived); err != nil {
		return err
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	q.Projections, q.Now = p.projectorConfig(), p.now()
	found, err := verify.Run(ctx, q)
	if err != nil {
		return err
	}
	printFindings(e.stdout, found)
	if n := verify.Violations(found); n > 0 {
		return fmt.Errorf("invariants violated: %d", n)
	}
	return nil
}

// fromFile reads a file if it is named.
func fromFile[T any](name string, read func(io.Reader) ([]T, error)) ([]T, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return all, nil
}

func printFindings(w io.Writer, found []verify.Finding) {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "CHECKED\tVIOLATED\tINVARIANT")
	for _, f := range found {
		fmt.Fprintf(t, "%d\t%d\t%s\n", f.Checked, f.Violated, f.Invariant)
	}
	_ = t.Flush() // fails only if the terminal is closed
	for _, f := range found {
		for _, example := range f.Examples {
			fmt.Fprintf(w, "%s: %s\n", f.Invariant, example)
		}
	}
}
