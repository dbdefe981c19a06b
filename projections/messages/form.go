package messages

import "parley/domain/interaction"

// Detail is one answer in a form. Without a label, Text is everything that could be read.
type Detail struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

func details(form *interaction.Form) []Detail {
	if form == nil {
		return nil
	}
	var out []Detail
	for _, f := range form.Fields {
		out = append(out, Detail{Label: f.Label, Value: f.Value})
	}
	return out
}
