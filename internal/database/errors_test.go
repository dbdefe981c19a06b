package database

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func TestAnErrorIsDescribedByItsWordsAndWithoutValues(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("read all: %w", status.Error(codes.PermissionDenied, "Access Denied")),
			"read all: rpc error: code = PermissionDenied desc = Access Denied"},
		{fmt.Errorf("save: %w", &pgconn.PgError{Code: "23505", TableName: "contacts", Detail: "Key (phone)=(393471112233)"}),
			"SQLSTATE 23505 contacts"},
		{errors.New(`failed to encode args[2]: unable to encode "Maria \"M\" Verdi" into format`),
			"failed to encode args[2]: unable to encode … into format"},
		{errors.New("parse '3471112233' of 393471112233"), "parse … of …"},
	} {
		require.Equal(t, c.want, Describe(c.err))
	}
}
