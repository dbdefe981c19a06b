package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
)

// figure is one measured value. Goal is a bound such as "<= 15" in the same unit, or "" if there is none.
type figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Goal  string  `json:"goal"`
}

// report prints figures as rows of a Markdown table and keeps them.
type report struct {
	out     io.Writer
	figures []figure
}

func newReport(out io.Writer, title string) *report {
	fmt.Fprintf(out, "# %s\n\n| what | figures |\n| --- | --- |\n", title)
	return &report{out: out, figures: []figure{}}
}

// row prints one row and keeps its figures under the names "<row>: <figure>".
func (r *report) row(what string, figures ...figure) {
	cells := make([]string, len(figures))
	for i, f := range figures {
		cells[i] = strings.TrimSpace(f.Name + " " + shorten(f.Value) + " " + f.Unit)
		if f.Goal != "" {
			cells[i] += " (goal " + f.Goal + ")"
		}
		f.Name, f.Value = what+": "+f.Name, math.Round(f.Value*1000)/1000
		r.figures = append(r.figures, f)
	}
	fmt.Fprintf(r.out, "| %s | %s |\n", what, strings.Join(cells, ", "))
}

// value returns a figure of this run by its full name.
func (r *report) value(name string) (float64, bool) {
	for _, f := range r.figures {
		if f.Name == name {
			return f.Value, true
		}
	}
	return 0, false
}

// write saves all figures as a JSON array.
func (r *report) write(file string) error {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(r.figures); err != nil {
		return err
	}
	return os.WriteFile(file, text.Bytes(), 0o644)
}

// shorten formats a value with at least three significant digits, or as a whole number.
func shorten(v float64) string {
	switch size := math.Abs(v); {
	case v == math.Trunc(v) || size >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case size >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
