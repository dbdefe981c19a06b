package projections

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mask defines what masked viewers see instead of a value. How much is hidden depends on the policy in the
// view app.masking. The SQL functions it uses are in the schema masked.
type Mask interface {
	// text returns the SQL for what is shown of a text.
	text(value string, by policy) (string, error)
	// json returns the SQL for what is shown of a jsonb value. depth counts the lists and objects around it.
	json(value string, by policy, depth int) (string, error)
}

// The masks for text. On an array they mask each element.
var (
	Name     Mask = function("name")
	Phone    Mask = function("phone")
	Email    Mask = function("email")
	FreeText Mask = freeText{} // hides phone numbers, email addresses and the customer's names within a text
	Link     Mask = link{}     // hides a URL that contains a phone number or email address
)

// Hidden shows nothing of a value, regardless of the policy.
var Hidden Mask = hidden{}

// Clear shows part of a JSON value unchanged.
var Clear Mask = unmasked{}

// Area shows a coordinate to a tenth of a degree, which is a few kilometres.
var Area Mask = area{}

// Object masks a JSON object field by field. Masked viewers see only the fields named here.
func Object(fields map[string]Mask) Mask { return object(fields) }

// List masks each element of a JSON list.
func List(element Mask) Mask { return list{element} }

// Values masks each value of a JSON object and shows its field names.
func Values(value Mask) Mask { return values{value} }

// policy returns SQL for how much to hide, by kind of value: the mode and the number of characters to keep.
type policy struct {
	mode, keep func(kind string) string
	// names returns SQL that hides the customer's names within a text. It is nil where only the text is known.
	names func(text string) string
}

// byPolicy uses the organisation's policy, in a query that joins app.masking as p.
func byPolicy(names func(text string) string) policy {
	return policy{
		mode:  func(kind string) string { return "p.mask_" + kind + "_mode" },
		keep:  func(kind string) string { return "p.mask_" + kind + "_keep" },
		names: names,
	}
}

// OfInteraction returns SQL that hides the customer's names within a text. id is the column of the row t with the
// interaction's id.
func OfInteraction(id string) func(text string) string {
	return func(text string) string { return "masked.show_text(" + text + ", t." + id + ", p.mask_name_mode)" }
}

// OfColumns returns SQL that hides the names in these columns of the row t within a text.
func OfColumns(names ...string) func(text string) string {
	return func(text string) string {
		return "CASE WHEN p.mask_name_mode = 'NONE' THEN " + text + " ELSE masked.hide_names(" + text +
			", ARRAY[t." + strings.Join(names, ", t.") + "]) END"
	}
}

type function string

func (f function) text(value string, by policy) (string, error) {
	return fmt.Sprintf("masked.mask_%s(%s, %s, %s)", f, value, by.mode(string(f)), by.keep(string(f))), nil
}

func (f function) json(value string, by policy, _ int) (string, error) {
	return f.text("("+value+" #>> '{}')", by)
}

type freeText struct{}

func (freeText) text(value string, by policy) (string, error) {
	masked := fmt.Sprintf("masked.mask_text(%s, %s, %s)", value, by.mode("phone"), by.mode("email"))
	if by.names == nil {
		return masked, nil
	}
	return fmt.Sprintf("CASE WHEN %s <> '' THEN %s ELSE %s END", value, by.names(masked), value), nil
}

func (f freeText) json(value string, by policy, _ int) (string, error) {
	return f.text("("+value+" #>> '{}')", by)
}

type area struct{}

func (area) text(string, policy) (string, error) { return "", errNoText }

func (area) json(value string, by policy, _ int) (string, error) {
	return fmt.Sprintf("CASE WHEN %s = 'NONE' THEN %s ELSE to_jsonb(round((%s #>> '{}')::numeric, 1)) END",
		by.mode("name"), value, value), nil
}

type link struct{}

func (link) text(value string, by policy) (string, error) {
	masked, err := FreeText.text(value, by)
	return fmt.Sprintf("CASE WHEN %s = %s THEN %s ELSE '' END", masked, value, value), err
}

func (l link) json(value string, by policy, _ int) (string, error) {
	return l.text("("+value+" #>> '{}')", by)
}

type hidden struct{}

func (hidden) text(string, policy) (string, error)      { return "''::text", nil }
func (hidden) json(string, policy, int) (string, error) { return "NULL::jsonb", nil }

type unmasked struct{}

func (unmasked) text(string, policy) (string, error) {
	return "", errors.New("the mask Clear is for parts of JSON values; a column is Open")
}

func (unmasked) json(value string, _ policy, depth int) (string, error) {
	if depth == 0 {
		return "", errors.New("the mask Clear is for parts of JSON values; a column is Open")
	}
	return value, nil
}

var errNoText = errors.New("this mask is for JSON values")

type object map[string]Mask

func (object) text(string, policy) (string, error) { return "", errNoText }

func (o object) json(value string, by policy, depth int) (string, error) {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(o)) {
		part, err := o[field].json("("+value+"->'"+field+"')", by, depth+1)
		if err != nil {
			return "", fmt.Errorf("field %s: %w", field, err)
		}
		parts = append(parts, "'"+field+"', "+part)
	}
	return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'object' THEN jsonb_build_object(%s) END", value,
		strings.Join(parts, ", ")), nil
}

type list struct{ element Mask }

func (list) text(string, policy) (string, error) { return "", errNoText }

func (l list) json(value string, by policy, depth int) (string, error) {
	each := fmt.Sprintf("l%d", depth)
	element, err := l.element.json(each+".element", by, depth+1)
	return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'array' THEN (SELECT coalesce(jsonb_agg(%s ORDER BY %s.place), '[]')"+
		" FROM jsonb_array_elements(%s) WITH ORDINALITY AS %s (element, place)) END", value, element, each, value, each), err
}

type values struct{ value Mask }

func (values) text(string, policy) (string, error) { return "", errNoText }

func (v values) json(value string, by policy, depth int) (string, error) {
	each := fmt.Sprintf("v%d", depth)
	masked, err := v.value.json(each+".value", by, depth+1)
	return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'object' THEN (SELECT coalesce(jsonb_object_agg(%s.key, %s), '{}')"+
		" FROM jsonb_each(%s) AS %s (key, value)) END", value, each, masked, value, each), err
}
