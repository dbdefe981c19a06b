package graphql

import (
	"context"
	"encoding/json"

	"parley/access"
	"parley/commands"
	"parley/domain"
	"parley/eventstore"
)

func badInput(message string) *domain.Refusal {
	return &domain.Refusal{Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: message}
}

// asking is what every mutation begins with: who asks, and the command's metadata. The digest of what he asked keeps the
// command's id from meaning two things; it is keyed, since what he asked may be personal. Leave secrets out of content.
func (r *Resolver) asking(ctx context.Context, commandID string, content any) (access.Viewer, eventstore.Metadata, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return access.Viewer{}, eventstore.Metadata{}, err
	}
	if !isUUID(commandID) {
		return v, eventstore.Metadata{}, badInput("commandId must be a UUID, a new one for each click.")
	}
	plain, err := json.Marshal(content)
	if err != nil {
		return v, eventstore.Metadata{}, err
	}
	return v, commands.Meta(v.User, domain.CommandID(commandID), r.Digest(string(plain))), nil
}
