package meta

import (
	"encoding/json"
	"regexp"

	"parley/channels"
	"parley/domain/interaction"
)

// flowToken links an answer to the form that was sent. It is not an answer of the customer.
const flowToken = "flow_token"

// builtField matches how Meta's form builder names a field, around the author's own name.
var builtField = regexp.MustCompile(`^screen_\d+_(.+)_\d+$`)

// answers reads the response of a form: a JSON document, sometimes inside a string.
func answers(response json.RawMessage) []interaction.FormField {
	document := string(response)
	if len(response) > 0 && response[0] == '"' {
		var inside text
		decode(response, &inside)
		document = string(inside)
	}
	return channels.FormFields(document, func(key string) (string, bool) {
		if built := builtField.FindStringSubmatch(key); built != nil {
			key = built[1]
		}
		return key, key != flowToken
	})
}
