package webhook

import (
	"encoding/json"

	"parley/channels"
	"parley/domain/interaction"
)

const (
	maxContent = 512 << 10 // bytes of JSON; sealing adds a third, and an append holds 1 MiB
	maxName    = 256       // characters
)

// limited returns the content of a message. Content too large for an event becomes an unsupported message with
// the beginning as raw bytes, and rest is what follows. Escaping can make an event much longer than the delivery was.
func limited(kind interaction.MessageKind, content interaction.Content) (
	_ interaction.MessageKind, _ interaction.Content, rest []byte,
) {
	all, err := json.Marshal(content)
	if err == nil && len(all) <= maxContent {
		return kind, content, nil
	}
	fits := min(len(all), channels.MaxRaw)
	return interaction.KindUnsupported, interaction.Content{
		Problem: &interaction.Failure{Reason: interaction.ProblemTooLarge}, Raw: all[:fits],
	}, all[fits:]
}

// shortened cuts a name to a reasonable length.
func shortened(name string) string {
	n := 0
	for i := range name {
		if n++; n > maxName {
			return name[:i]
		}
	}
	return name
}
