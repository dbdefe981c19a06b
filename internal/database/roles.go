package database

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A role can read the schema masked and nothing else. It signs in with its own password instead of being
// switched to, because a switched session can switch back.
type role struct {
	kind        string // "masked" or "analyst"
	connections int    // maximum; -1 means any number
	timeout     string // limit for one statement
}

var (
	maskedRole  = role{kind: "masked", connections: -1, timeout: "5s"}
	analystRole = role{kind: "analyst", connections: 3, timeout: "60s"}
)

// restrict revokes rights that could disturb us and creates the two roles, as far as the database user is
// allowed to.
func restrict(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, restrictSQL); err != nil {
		return err
	}
	var mayCreate bool
	err := conn.QueryRow(ctx,
		`SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user`).Scan(&mayCreate)
	if err != nil || !mayCreate {
		return err
	}
	for _, r := range []role{maskedRole, analystRole} {
		if _, _, err := r.ensure(ctx, conn); err != nil {
			return err
		}
	}
	return nil
}

// Our processes coordinate by advisory locks and notifications, so others must not use them. Only a
// superuser can revoke these rights; the database's owner keeps them.
const restrictSQL = `
DO $$
DECLARE
    f regprocedure;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('parley roles', 0));
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        FOR f IN SELECT p.oid FROM pg_proc p
            WHERE p.pronamespace = 'pg_catalog'::regnamespace AND (p.proname LIKE 'pg\_%advisory%' OR p.proname = 'pg_notify')
                AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
        LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_database_owner', f);
        END LOOP;
    END IF;
    IF pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE') THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO pg_database_owner', current_database());
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
END
$$`

// name returns the role's name for this database. Roles belong to the whole server, so each database has its
// own.
func (r role) name(database string) string {
	name := "parley_" + r.kind + "_" + database
	if len(name) <= 63 {
		return name
	}
	sum := sha256.Sum256([]byte(database))
	return "parley_" + r.kind + "_" + hex.EncodeToString(sum[:16])
}

// ensure creates the role if it is missing, updates what it may read, and returns its name and password.
func (r role) ensure(ctx context.Context, conn *pgx.Conn) (name, password string, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		name, password, err = r.ensureIn(ctx, tx)
		return err
	})
	if err != nil {
		return "", "", fmt.Errorf("database role for %s: %w", r.kind, err)
	}
	return name, password, nil
}

func (r role) ensureIn(ctx context.Context, tx pgx.Tx) (name, password string, err error) {
	var database string
	err = tx.QueryRow(ctx,
		`SELECT current_database(), pg_advisory_xact_lock(hashtextextended('parley roles', 0))::text`).Scan(&database, nil)
	if err != nil {
		return "", "", err
	}
	name = r.name(database)
	_, err = tx.Exec(ctx,
		`INSERT INTO ops.database_roles (role, password) VALUES ($1, $2) ON CONFLICT DO NOTHING`, name, rand.Text())
	if err != nil {
		return "", "", err
	}
	var there bool
	err = tx.QueryRow(ctx,
		`SELECT password, EXISTS (SELECT FROM pg_roles WHERE rolname = $1) FROM ops.database_roles WHERE role = $1`, name).
		Scan(&password, &there)
	if err != nil {
		return "", "", err
	}
	id, verb := pgx.Identifier{name}.Sanitize(), "ALTER"
	if !there {
		verb = "CREATE"
	}
	db := pgx.Identifier{database}.Sanitize()
	statements := []string{
		// The password is base32, so it needs no quoting; the server keeps only its SCRAM verifier.
		fmt.Sprintf(`%s ROLE %s LOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT %d PASSWORD '%s'`,
			verb, id, r.connections, password),
		fmt.Sprintf(`ALTER ROLE %s IN DATABASE %s SET search_path = masked, public`, id, db),
		fmt.Sprintf(`ALTER ROLE %s IN DATABASE %s SET statement_timeout = '%s'`, id, db, r.timeout),
		fmt.Sprintf(`ALTER ROLE %s IN DATABASE %s SET default_transaction_read_only = on`, id, db),
		fmt.Sprintf(`GRANT CONNECT ON DATABASE %s TO %s`, db, id),
		fmt.Sprintf(`GRANT USAGE ON SCHEMA masked TO %s`, id),
		fmt.Sprintf(`GRANT SELECT ON ALL TABLES IN SCHEMA masked TO %s`, id),
		fmt.Sprintf(`ALTER DEFAULT PRIVILEGES IN SCHEMA masked GRANT SELECT ON TABLES TO %s`, id),
	}
	if r.kind == maskedRole.kind { // analysts must not call the program's functions
		statements = append(statements,
			fmt.Sprintf(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA masked TO %s`, id),
			fmt.Sprintf(`ALTER DEFAULT PRIVILEGES IN SCHEMA masked GRANT EXECUTE ON FUNCTIONS TO %s`, id))
	}
	for _, statement := range statements {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return "", "", err
		}
	}
	return name, password, nil
}

// deniedSignIn reports whether the server refused the role, rather than being unreachable.
func deniedSignIn(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "28P01" || pg.Code == "28000" || pg.Code == "42501")
}
