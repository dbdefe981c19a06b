// Package projections turns events into Postgres rows, and holds the queries over those rows.
package projections

import (
	"fmt"
	"regexp"
	"strconv"
)

// Model is a read model: tables that share one checkpoint, their DDL and the views over them.
type Model struct {
	// Name ends in the version of its shape: "interactions_v1".
	Name   string
	Tables []AnyTable
	// Schema creates the tables. {table:interactions_v1} stands for the physical name of this generation, such as
	// app_data.interactions_v1_g3. Every column has a default or is one of the table's Columns.
	Schema string
	// Indexes is run after the tables are filled, several statements at a time: a semicolon stands between them and nowhere
	// else, and what takes longest comes first. {index:interactions_v1} stands for interactions_v1_g3, to begin an index's
	// name with; an index may also go without a name.
	Indexes string
	// Views creates what queries name: CREATE OR REPLACE VIEW app.… and masked.…, over {table:…} and views of models that
	// come earlier in the list of models.
	Views string
}

// AnyTable is a Table whatever its key and row are.
type AnyTable interface {
	// TableName is the table's name without a generation.
	TableName() string
	newFold(limit int) fold
}

// Column is one column of a table and how it gets in and out of a row.
type Column[R any] struct {
	Name  string
	Type  string // Postgres type, such as text, timestamptz, text[], jsonb
	Value func(*R) any
	Scan  func(*R) any // where to scan it
}

// Col is a column kept in one field of the row: Col("owner", "text", func(r *Row) *string { return &r.Owner }).
// The field takes NULL only if it is a pointer or a slice.
func Col[R, T any](name, typ string, field func(*R) *T) Column[R] {
	return Column[R]{
		Name: name, Type: typ,
		Value: func(r *R) any { return *field(r) },
		Scan:  func(r *R) any { return field(r) },
	}
}

var placeholder = regexp.MustCompile(`\{(table|index):([a-z0-9_]+)\}`)

// expand puts physical names into a model's DDL.
func (m Model) expand(ddl string, generation int) (string, error) {
	var unknown error
	names := make(map[string]bool, len(m.Tables))
	for _, t := range m.Tables {
		names[t.TableName()] = true
	}
	out := placeholder.ReplaceAllStringFunc(ddl, func(found string) string {
		parts := placeholder.FindStringSubmatch(found)
		if !names[parts[2]] {
			unknown = fmt.Errorf("%s has no table %s", m.Name, parts[2])
		}
		if parts[1] == "index" {
			return parts[2] + "_g" + strconv.Itoa(generation)
		}
		return physical(parts[2], generation)
	})
	return out, unknown
}

// physical is the name of a generation's table.
func physical(table string, generation int) string {
	return "app_data." + table + "_g" + strconv.Itoa(generation)
}
