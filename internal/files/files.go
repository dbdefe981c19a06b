// Package files receives the files that agents attach and serves the files of messages to those who may see
// them.
package files

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/access"
)

// Viewer returns the viewer of a request with their current permissions.
type Viewer func(ctx context.Context) (access.Viewer, error)

// Refusals of this package; composing has more.
var (
	ErrNotFound  = &domain.Refusal{Kind: domain.NotFound, Code: "NOT_FOUND", Message: "Not found."}
	ErrForbidden = &domain.Refusal{Kind: domain.Forbidden, Code: "FORBIDDEN",
		Message: "You don't have permission."}
	ErrEmpty = &domain.Refusal{Kind: domain.Invalid, Code: "FILE_EMPTY", Message: "The file is empty."}
	ErrIdle  = &domain.Refusal{Kind: domain.Unavailable, Code: "UPLOAD_IDLE",
		Message: "The upload stalled. Try again."}
	ErrFull = &domain.Refusal{Kind: domain.Unavailable, Code: "STORAGE_FULL",
		Message: "There is no space for more files at the moment."}
	ErrRecording = &domain.Refusal{Kind: domain.Invalid, Code: "RECORDING_UNREADABLE",
		Message: "The recording cannot be read. Record it again."}
	ErrUnknown = &domain.Refusal{Kind: domain.NotFound, Code: "FILE_NOT_FOUND",
		Message: "The file is no longer available. Attach it again."}
)

// status returns the HTTP status of a refusal.
func status(r *domain.Refusal) int {
	switch {
	case r.Code == "UNAUTHENTICATED":
		return http.StatusUnauthorized
	case r.Is(interaction.ErrFileTooLarge):
		return http.StatusRequestEntityTooLarge
	case r.Is(ErrIdle):
		return http.StatusRequestTimeout
	case r.Is(ErrFull):
		return http.StatusInsufficientStorage
	}
	switch r.Kind {
	case domain.NotFound:
		return http.StatusNotFound
	case domain.Forbidden:
		return http.StatusForbidden
	case domain.Conflict:
		return http.StatusConflict
	case domain.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// refused is the JSON body of a refusal or a fault.
type refused struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Details map[string]any `json:"details,omitempty"`
}

// refuse answers a refusal with its code. A fault is logged under an id that the user can quote.
func refuse(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	var no *domain.Refusal
	switch {
	case errors.As(err, &no):
		answer(w, status(no), refused{no.Code, no.Message, no.Details})
	case r.Context().Err() != nil, errors.Is(err, context.Canceled): // no one is left to read an answer
	default:
		id := uuid.NewString()
		log.Error("file request failed", "fault", id, "method", r.Method, "error", err)
		answer(w, http.StatusInternalServerError,
			refused{Code: "INTERNAL", Message: "Something went wrong. Reference: " + id})
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may be gone
}

// localID returns the UUID in an API id such as msg_<uuid>.
func localID(kind, id string) (string, bool) {
	local, ok := strings.CutPrefix(id, kind+"_")
	if !ok || len(local) != 36 || uuid.Validate(local) != nil {
		return "", false
	}
	return strings.ToLower(local), true
}
