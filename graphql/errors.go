package graphql

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"parley/domain"
	"parley/internal/database"
)

// ErrDatabaseUnavailable says that the database did not answer. The command may have run; a retry with the
// same command id is safe.
var ErrDatabaseUnavailable = &domain.Refusal{
	Kind: domain.Unavailable, Code: "DATABASE_UNAVAILABLE", Message: "The database is not answering. Please try again.",
}

func badInput(message string) *domain.Refusal {
	return &domain.Refusal{Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: message}
}

// present returns a refusal with its code. Any other error is a fault, logged under an id that the user can quote.
func present(log *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		var refusal *domain.Refusal
		if !errors.As(err, &refusal) && database.Unavailable(err) && ctx.Err() == nil {
			log.Warn("the database did not answer", "path", graphql.GetPath(ctx).String())
			refusal = ErrDatabaseUnavailable
		}
		if refusal != nil {
			shown := &gqlerror.Error{Message: refusal.Message, Path: graphql.GetPath(ctx)}
			shown.Extensions = map[string]any{
				"code": refusal.Code, "kind": string(refusal.Kind), "retryable": refusal.Kind == domain.Unavailable,
			}
			if len(refusal.Details) > 0 {
				shown.Extensions["details"] = refusal.Details
			}
			return shown
		}
		var own *gqlerror.Error
		if errors.As(err, &own) && own.Unwrap() == nil { // from the parser, the validation or the limits
			if own.Extensions == nil {
				own.Extensions = map[string]any{}
			}
			if own.Extensions["code"] == nil {
				own.Extensions["code"] = "BAD_USER_INPUT"
			}
			own.Extensions["kind"], own.Extensions["retryable"] = string(domain.Invalid), false
			own.Message, _, _ = strings.Cut(own.Message, " Did you mean") // only admins may see the schema
			return own
		}
		if errors.Is(err, context.Canceled) {
			return fault(ctx, "CANCELLED", "The request was cancelled.", "")
		}
		id := uuid.NewString()
		log.Error("request failed", "fault", id, "path", graphql.GetPath(ctx).String(), "error", err)
		return fault(ctx, "INTERNAL", "Something went wrong. Reference: "+id, id)
	}
}

func fault(ctx context.Context, code, message, id string) *gqlerror.Error {
	shown := &gqlerror.Error{Message: message, Path: graphql.GetPath(ctx)}
	shown.Extensions = map[string]any{"code": code, "kind": "FAULT", "retryable": code == "CANCELLED"}
	if id != "" {
		shown.Extensions["fault"] = id
	}
	return shown
}
