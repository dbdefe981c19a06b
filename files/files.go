// Package files lets agents attach files to what they send, and lets viewers fetch the files of messages they may see.
package files

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"parley/access"
	"parley/domain"
	"parley/domain/interaction"
)

// Viewer says who is looking, with the rights he has at this moment.
type Viewer func(ctx context.Context) (access.Viewer, error)

// The refusals of this package, beside those of composing.
var (
	ErrNotFound  = &domain.Refusal{Kind: domain.NotFound, Code: "NOT_FOUND", Message: "There is no such thing here."}
	ErrForbidden = &domain.Refusal{Kind: domain.Forbidden, Code: "FORBIDDEN", Message: "You may not do this."}
	ErrEmpty     = &domain.Refusal{Kind: domain.Invalid, Code: "FILE_EMPTY", Message: "This file is empty."}
	ErrIdle      = &domain.Refusal{Kind: domain.Unavailable, Code: "UPLOAD_IDLE", Message: "The upload stood still for too long. Please try again."}
	ErrFull      = &domain.Refusal{Kind: domain.Unavailable, Code: "STORAGE_FULL", Message: "There is no room for more files at the moment."}
	ErrRecording = &domain.Refusal{Kind: domain.Invalid, Code: "RECORDING_UNREADABLE", Message: "This recording cannot be read. Please record it again."}
	ErrUnknown   = &domain.Refusal{Kind: domain.NotFound, Code: "FILE_NOT_FOUND", Message: "This file is no longer here. Please attach it again."}
)

// status is the HTTP status of a refusal.
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

// refuse answers a refusal with its code, and logs a fault under an id to quote.
func refuse(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	var no *domain.Refusal
	switch {
	case errors.As(err, &no):
		answer(w, status(no), refused{no.Code, no.Message, no.Details})
	case r.Context().Err() != nil, errors.Is(err, context.Canceled): // nobody is there to read an answer
	default:
		id := uuid.NewString()
		log.Error("file request failed", "fault", id, "method", r.Method, "error", err)
		answer(w, http.StatusInternalServerError, refused{Code: "INTERNAL", Message: "Something went wrong on our side. Please quote " + id + "."})
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the one who asked may be gone
}

// localID is the UUID in an id of the API such as msg_<uuid>.
func localID(kind, id string) (string, bool) {
	local, ok := strings.CutPrefix(id, kind+"_")
	if !ok || len(local) != 36 || uuid.Validate(local) != nil {
		return "", false
	}
	return strings.ToLower(local), true
}
