package graphql

import (
	"strings"

	"github.com/google/uuid"

	"parley/domain"
)

// kind is the first part of an id in the API.
type kind string

const (
	kindInteraction  kind = "int"
	kindMessage      kind = "msg"
	kindOffer        kind = "off"
	kindTransfer     kind = "tra"
	kindContact      kind = "con"
	kindList         kind = "lst"
	kindAccount      kind = "acc"
	kindQueue        kind = "que"
	kindUser         kind = "usr"
	kindDisposition  kind = "dis"
	kindCannedAnswer kind = "can"
	kindTag          kind = "tag"
	kindFile         kind = "fil"
	kindToken        kind = "tok"
	kindSession      kind = "ses"
)

// ErrBadID says that an id is malformed or of the wrong kind.
var ErrBadID = &domain.Refusal{Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "This id is not valid here."}

// globalID returns the API's id of something: its kind and its UUID.
func globalID(k kind, id string) string {
	if id == "" {
		return ""
	}
	return string(k) + "_" + id
}

// localID returns the UUID in an id of the API, which must be of the given kind.
func localID(k kind, id string) (string, error) {
	got, rest, ok := strings.Cut(id, "_")
	if !ok || kind(got) != k || !isUUID(rest) {
		return "", ErrBadID.With("id", id).With("expected", string(k)+"_<uuid>")
	}
	return rest, nil
}

// optionalID is localID for an optional argument; it returns an empty id if there is none.
func optionalID(k kind, id *string) (string, error) {
	if id == nil || *id == "" {
		return "", nil
	}
	return localID(k, *id)
}

// localIDs returns the UUIDs in ids of the API.
func localIDs(k kind, ids []string) ([]string, error) {
	all := make([]string, len(ids))
	for i, id := range ids {
		local, err := localID(k, id)
		if err != nil {
			return nil, err
		}
		all[i] = local
	}
	return all, nil
}

func isUUID(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}

// splitID returns the kind and the UUID in an id of the API.
func splitID(id string) (kind, string, error) {
	k, rest, ok := strings.Cut(id, "_")
	if !ok || !isUUID(rest) {
		return "", "", ErrBadID.With("id", id)
	}
	return kind(k), rest, nil
}

// withID returns a list of one id, or an empty list if the id is empty.
func withID(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

func texts[T ~string](ids []T) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

func idsOf[T ~string](ids []string) []T {
	all := make([]T, len(ids))
	for i, id := range ids {
		all[i] = T(id)
	}
	return all
}
