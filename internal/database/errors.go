package database

import (
	"errors"
	"io"
	"net"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// Code returns the Postgres code of an error, or "" for other errors.
func Code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// Describe returns an error as text that is safe to log. Of what Postgres says it keeps the code and the names of tables
// and columns, and of other errors the words: a driver quotes values, which may be customers' data.
func Describe(err error) string {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &pg):
		text := "SQLSTATE " + pg.Code
		for _, name := range []string{pg.TableName, pg.ColumnName, pg.ConstraintName} {
			if name != "" {
				text += " " + name
			}
		}
		return text
	case errors.As(err, &connect):
		return "no connection to the database"
	}
	return values.ReplaceAllString(err.Error(), "…")
}

// values matches what may be a value within the text of an error: what is quoted, in braces, or a long number.
var values = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|`[^`]*`|\\{[^}]*\\}|\\+?[0-9]{7,}")

// Unavailable reports whether an error concerns the connection to the database or its state rather than the
// query. A retry may well succeed.
func Unavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return len(pg.Code) < 2 || slices.Contains([]string{"08", "40", "53", "55", "57", "58"}, pg.Code[:2])
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
