package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"parley/commands"
	"parley/domain/deployment"
	"parley/internal/restore"
)

// guardLog compares the log with what the data folder and the bucket know of it.
func (p *program) guardLog(ctx context.Context) error {
	p.guard = restore.New(restore.Config{
		Store: p.store, Commands: p.commands, Pool: p.db.Clear, Places: p.places,
		Fingerprint: p.deployment.Fingerprint, LogID: p.logID, Separate: p.node == nil, Now: p.clock, Log: p.log,
	})
	limited, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return p.guard.Start(limited)
}

// operateOutbound shows and decides whether messages are sent to customers.
func operateOutbound(ctx context.Context, e environment) error {
	usage := errors.New("outbound: status | hold REASON… | release | restored")
	if len(e.args) == 0 {
		return usage
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	name := operatorName(e.getenv)
	switch verb, words := e.args[0], e.args[1:]; {
	case verb == "status" && len(words) == 0:
	case verb == "hold":
		err = p.commands.HoldOutbound(ctx, strings.Join(words, " "), name)
	case verb == "release" && len(words) == 0:
		_, err = p.commands.ReleaseOutbound(ctx, deployment.OutboundReleased{Operator: name},
			commands.SystemMetadata("operator", commands.NewID()))
	case verb == "restored" && len(words) == 0:
		err = p.guard.Declare(ctx, name)
	default:
		return usage
	}
	if err != nil {
		return err
	}
	return p.printOutbound(ctx, e.stdout)
}

func (p *program) printOutbound(ctx context.Context, w io.Writer) error {
	hold, err := p.guard.Hold(ctx)
	if err != nil {
		return err
	}
	if !hold.Held() {
		fmt.Fprintln(w, "Messages are sent.")
		return nil
	}
	why := "the event log was restored from a backup, so queued messages may have been sent already"
	if hold.Reason == deployment.ReasonOperator {
		why = hold.Note
	}
	fmt.Fprintf(w, "Nothing has been sent since %s: %s.\nTo send what is queued, run: parley outbound release\n",
		hold.Since.UTC().Format(time.RFC3339), why)
	return nil
}
