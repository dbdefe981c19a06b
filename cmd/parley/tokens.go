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
	secret, err := p.newToken(ctx, token.Created{UserID: domain.UserID(u.ID), Name: name, Operator: operatorName(e.getenv)},
		u.Settings)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, secret)
	return nil
}

// demoToken creates a token of a demo user, for programs that try Parley out.
func (p *program) demoToken(ctx context.Context, userID, name string, role user.Role) (string, error) {
	t := token.Created{UserID: domain.UserID(userID), Name: name, ExpiresAt: p.now().Add(token.MaxLife - time.Minute)}
	return p.newToken(ctx, t, user.Settings{Role: role})
}

// newToken creates a token of a user with these settings, and returns its secret.
func (p *program) newToken(ctx context.Context, t token.Created, s user.Settings) (string, error) {
	var allowed []string
	for _, permission := range access.NewViewer(t.UserID, s, access.Scope{}).Permissions {
		allowed = append(allowed, string(permission))
	}
	id := commands.NewID()
	made, _, err := p.commands.CreateToken(ctx, t, allowed, commands.SystemMetadata("operator", id))
	if err != nil {
		return "", err
	}
	secret, _, err := p.auth.CreateToken(ctx, auth.NewToken{
		ID: id, UserID: string(t.UserID), Name: made.Name, Role: string(s.Role), Permissions: made.Permissions,
		ExpiresAt: made.ExpiresAt,
	})
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
