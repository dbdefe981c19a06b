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
)

// ErrBadID says an id is not one of ours, or of another kind.
var ErrBadID = &domain.Refusal{Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "This id is not of the right form."}

// globalID is how the API names something: its kind and its UUID.
func globalID(k kind, id string) string {
	if id == "" {
		return ""
	}
	return string(k) + "_" + id
}

// localID is the UUID in an id of the API, which must be of the given kind.
func localID(k kind, id string) (string, error) {
	got, rest, ok := strings.Cut(id, "_")
	if !ok || kind(got) != k || !isUUID(rest) {
		return "", ErrBadID.With("id", id).With("expected", string(k)+"_<uuid>")
	}
	return rest, nil
}

// optionalID is localID for an argument that may be left out.
func optionalID(k kind, id *string) (string, error) {
	if id == nil || *id == "" {
		return "", nil
	}
	return localID(k, *id)
}

// localIDs are the UUIDs in ids of the API.
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

// splitID takes any id of the API apart.
func splitID(id string) (kind, string, error) {
	k, rest, ok := strings.Cut(id, "_")
	if !ok || !isUUID(rest) {
		return "", "", ErrBadID.With("id", id)
	}
	return kind(k), rest, nil
}
