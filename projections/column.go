package projections

import (
	"fmt"
	"strings"
	"time"
)

// Column is one column of a table: its type, who may see it, and the field of the row that holds it. The
// table, views, select lists and COPY are derived from it. Create one with Key, Text or another constructor,
// then call Open or Masked.
type Column[R any] struct {
	Declaration
	value func(*R) any
	scan  func(*R) any // pointer to scan into
}

// Declaration is a column without its field of the row.
type Declaration struct {
	Name string
	Type string // Postgres type such as text, timestamptz, text[] or jsonb

	clauses  string // appended to the type in CREATE TABLE
	key      bool
	nullable bool
	open     bool
	mask     Mask
}

// Masked reports whether masked viewers see something other than the value.
func (d Declaration) Masked() bool { return d.mask != nil }

// Open lets masked viewers see the value unchanged.
func (c Column[R]) Open() Column[R] {
	c.open = true
	return c
}

// Masked sets what masked viewers see instead of the value.
func (c Column[R]) Masked(m Mask) Column[R] {
	c.mask = m
	return c
}

// With adds clauses such as a collation or a check to the column in CREATE TABLE.
func (c Column[R]) With(clauses string) Column[R] {
	c.clauses = clauses
	return c
}

// Columns returns its arguments. It lets the compiler infer the row's type.
func Columns[R any](columns ...Column[R]) []Column[R] { return columns }

// Key declares a column of the primary key. Key columns must come first.
func Key[R any, T ~string | ~int64](name string, field func(*R) *T) Column[R] {
	typ := "text"
	if _, number := any(*new(T)).(int64); number {
		typ = "int8"
	}
	c := column(name, typ, field)
	c.key = true
	return c
}

// Text declares a text column.
func Text[R any, T ~string](name string, field func(*R) *T) Column[R] {
	return column(name, "text", field)
}

// Texts declares an array of text.
func Texts[R any](name string, field func(*R) *[]string) Column[R] {
	return column(name, "text[]", field)
}

// Int declares a 32-bit integer.
func Int[R any](name string, field func(*R) *int) Column[R] { return column(name, "int4", field) }

// BigInt declares a 64-bit integer.
func BigInt[R any](name string, field func(*R) *int64) Column[R] { return column(name, "int8", field) }

// Bool declares a boolean.
func Bool[R any](name string, field func(*R) *bool) Column[R] { return column(name, "bool", field) }

// Time declares a timestamp.
func Time[R any](name string, field func(*R) *time.Time) Column[R] {
	return column(name, "timestamptz", field)
}

// OptionalTime declares a timestamp that may be null.
func OptionalTime[R any](name string, field func(*R) **time.Time) Column[R] {
	c := column(name, "timestamptz", field)
	c.nullable = true
	return c
}

// Bytes declares binary data that may be null.
func Bytes[R any](name string, field func(*R) *[]byte) Column[R] {
	c := column(name, "bytea", field)
	c.nullable = true
	return c
}

// JSON declares a column that stores the field as JSON.
func JSON[R, T any](name string, field func(*R) *T) Column[R] { return column(name, "jsonb", field) }

func column[R, T any](name, typ string, field func(*R) *T) Column[R] {
	return Column[R]{
		Declaration: Declaration{Name: name, Type: typ},
		value:       func(r *R) any { return *field(r) },
		scan:        func(r *R) any { return field(r) },
	}
}

// check returns the first mistake in a declaration.
func (d Declaration) check() error {
	switch {
	case d.Name == "" || d.Type == "":
		return fmt.Errorf("column %q is incomplete", d.Name)
	case d.open == d.Masked():
		return fmt.Errorf("column %s must be either open or masked", d.Name)
	}
	if _, err := d.masked(d.Name, byPolicy(nil)); err != nil {
		return fmt.Errorf("column %s: %w", d.Name, err)
	}
	return nil
}

// ddl returns the column's definition in CREATE TABLE.
func (d Declaration) ddl() string {
	ddl := d.Name + " " + d.Type
	if d.clauses != "" {
		ddl += " " + d.clauses
	}
	if !d.nullable {
		ddl += " NOT NULL"
	}
	return ddl
}

// masked returns the SQL for what masked viewers see of the column's value.
func (d Declaration) masked(value string, by policy) (string, error) {
	if d.open {
		return value, nil
	}
	if _, hidden := d.mask.(hidden); hidden {
		return d.nothing(), nil
	}
	switch d.Type {
	case "text":
		return d.mask.text(value, by)
	case "text[]":
		each, err := d.mask.text("each", by)
		return "ARRAY(SELECT " + each + " FROM unnest(" + value + ") AS each)", err
	case "jsonb":
		return d.mask.json(value, by, 0)
	}
	return "", fmt.Errorf("a value of type %s can only be open or hidden", d.Type)
}

// nothing returns the SQL for a value that reveals nothing.
func (d Declaration) nothing() string {
	switch {
	case d.nullable, d.Type == "jsonb", d.Type == "timestamptz":
		return "NULL::" + d.Type
	case strings.HasSuffix(d.Type, "[]"):
		return "'{}'::" + d.Type
	case d.Type == "text":
		return "''::text"
	case d.Type == "bool":
		return "false"
	}
	return "0::" + d.Type
}
