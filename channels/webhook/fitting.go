package webhook

import (
	"encoding/json"

	"parley/channels"
	"parley/domain/interaction"
)

const (
	mostOfContent = 512 << 10 // bytes of JSON: sealed they grow by a third, and all of an append has to fit into 1 MiB
	mostOfName    = 256       // characters
)

// fitting is a message's content, or its beginning as one that cannot be shown when all of it would be too much for an event:
// what is short on the wire may be long in an event.
func fitting(kind interaction.MessageKind, content interaction.Content) (interaction.MessageKind, interaction.Content) {
	all, err := json.Marshal(content)
	if err == nil && len(all) <= mostOfContent {
		return kind, content
	}
	return interaction.KindUnsupported, interaction.Content{
		Text: "This message is too large to be shown here.", Code: "too_large", Raw: all[:min(len(all), channels.MaxRaw)],
	}
}

// short is a name as anybody could have it.
func short(name string) string {
	n := 0
	for i := range name {
		if n++; n > mostOfName {
			return name[:i]
		}
	}
	return name
}
