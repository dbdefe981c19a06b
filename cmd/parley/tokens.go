package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"parley/commands"
	"parley/domain"
	"parley/domain/token"
	"parley/domain/user"
	"parley/internal/access"
	"parley/internal/auth"
	"parley/projections/settings"
)

// tokenLasts is how long a token made on the command line is valid.
const tokenLasts = 90 * 24 * time.Hour

// operateTokens creates, lists and revokes API tokens.
func operateTokens(ctx context.Context, e environment) error {
	usage := errors.New("token: create LOGIN NAME | list | revoke ID")
	if len(e.args) == 0 {
		return usage
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	switch verb, args := e.args[0], e.args[1:]; {
	case verb == "create" && len(args) >= 2:
		return createToken(ctx, p, e, args[0], strings.Join(args[1:], " "))
	case verb == "list" && len(args) == 0:
		return listTokens(ctx, p, e)
	case verb == "revoke" && len(args) == 1:
		_, err := p.commands.RevokeToken(ctx, args[0], token.Revoked{Reason: token.ByHand, Operator: operatorName(e.getenv)},
			commands.SystemMetadata("operator", commands.NewID()))
		return err
	}
	return usage
}

func createToken(ctx context.Context, p *program, e environment, login, name string) error {
	u, ok, err := settings.UserOfLogin(ctx, p.db.Clear, login)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("no user has the login %q; a new user is found only after parley serve has run", login)
	}
	n := tokenFor(u.ID, u.Settings, name, p.now())
	n.ID = commands.NewID()
	_, err = p.commands.CreateToken(ctx, token.Created{
		UserID: domain.UserID(u.ID), Name: n.Name, Permissions: n.Permissions, ExpiresAt: n.ExpiresAt, Operator: operatorName(e.getenv),
	}, commands.SystemMetadata("operator", n.ID))
	if err != nil {
		return err
	}
	secret, _, err := p.auth.CreateToken(ctx, n)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, secret)
	return nil
}

// tokenFor describes a token that may do everything its user may do now.
func tokenFor(userID string, s user.Settings, name string, now time.Time) auth.NewToken {
	n := auth.NewToken{UserID: userID, Name: name, Role: string(s.Role), ExpiresAt: now.Add(tokenLasts).Truncate(time.Microsecond)}
	for _, p := range access.NewViewer(domain.UserID(userID), s, access.Scope{}).Permissions {
		n.Permissions = append(n.Permissions, string(p))
	}
	return n
}

// demoToken creates a token of a demo user, for programs that try Parley out.
func (p *program) demoToken(ctx context.Context, userID, name string, role user.Role) (string, error) {
	n := tokenFor(userID, user.Settings{Role: role}, name, p.now())
	n.ID, n.ExpiresAt = commands.NewID(), p.now().Add(token.MaxLife-time.Minute)
	_, err := p.commands.CreateToken(ctx, token.Created{
		UserID: domain.UserID(userID), Name: name, Permissions: n.Permissions, ExpiresAt: n.ExpiresAt,
	}, commands.SystemMetadata("demo", n.ID))
	if err != nil {
		return "", err
	}
	secret, _, err := p.auth.CreateToken(ctx, n)
	return secret, err
}

func listTokens(ctx context.Context, p *program, e environment) error {
	all, err := p.auth.Tokens(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tBEGINS\tNAME\tEXPIRES\tLAST USED\tREVOKED")
	day := func(t *time.Time) string {
		if t == nil {
			return "-"
		}
		return t.UTC().Format(time.DateOnly)
	}
	for _, t := range all {
		fmt.Fprintf(table, "%s\t%s…\t%s\t%s\t%s\t%s\n", t.ID, t.Prefix, t.Name, day(&t.ExpiresAt), day(t.LastUsedAt),
			day(t.RevokedAt))
	}
	return table.Flush()
}
