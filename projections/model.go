// Package projections defines read models: tables of columns, a pure fold from events to rows, and views for
// queries. Each subfolder is a model; the package engine folds the log into them.
package projections

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Model is a read model: tables that share one checkpoint, and views over them.
//
// Its SQL names tables by placeholders, since every generation has its own tables:
//
//	{table:interactions_v1}   the table, such as app_data.interactions_v1_g3
//	{index:interactions_v1}   interactions_v1_g3, as the beginning of an index's name
//	{view:interactions}       a view of the model in the current schema, app or masked
//	{clear:messages_v3.words} a masked column's clear value, for deliberate use in the schema masked
type Model struct {
	// Name ends in the version of its structure, such as "interactions_v1".
	Name   string
	Tables []AnyTable
	// Consumes lists the streams whose events the model folds. Only those can stop it.
	Consumes []Stream
	// Indexes runs once the tables are filled, several statements at a time. Separate statements by
	// semicolons and use none elsewhere. Put the slowest first. An index may be unnamed.
	Indexes string
	// Views lists the views that are more than the columns of one table.
	Views []View
	// Functions are created in the schema masked.
	Functions []Function
}

// View is a view for queries. It exists in the schema app and in the schema masked.
type View struct {
	Name string
	// Select defines both views if it reads only from views of the model: in the schema masked it reads the
	// masked ones.
	Select string
	// Masked defines the view in the schema masked if Select reads tables. It can name a masked column only
	// by {clear:…}.
	Masked string
	// ClearOnly keeps the view out of the schema masked.
	ClearOnly bool
}

// Function is an SQL function the program calls on behalf of masked viewers. Analysts cannot call it.
type Function struct {
	Name   string
	Create string // CREATE OR REPLACE FUNCTION masked.…
}

// AnyTable is a Table of any key and row type.
type AnyTable interface {
	// TableName returns the table's name without a generation. ViewName also omits the version.
	TableName() string
	ViewName() string
	Declarations() []Declaration
	NewFold(cacheBytes int) Fold
	Check() error

	storage() string
	clearOnly() bool
	hideNames() func(text string) string
}

// Check returns the first mistake in a model. A column that is neither open nor masked is one.
func (m Model) Check() error {
	if len(m.Consumes) == 0 {
		return errors.New("consumes no stream")
	}
	for _, t := range m.Tables {
		if err := t.Check(); err != nil {
			return err
		}
	}
	for _, v := range m.Views {
		if err := m.checkView(v); err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
	}
	_, err := m.ViewDDL(1)
	if err == nil {
		_, err = m.IndexDDL(1)
	}
	return err
}

// TableDDL returns the statements that create the tables of a generation.
func (m Model) TableDDL(generation int) string {
	var all strings.Builder
	for _, t := range m.Tables {
		var lines, key []string
		for _, d := range t.Declarations() {
			lines = append(lines, d.ddl())
			if d.key {
				key = append(key, d.Name)
			}
		}
		lines = append(lines, "PRIMARY KEY ("+strings.Join(key, ", ")+")")
		fmt.Fprintf(&all, "CREATE TABLE %s (\n\t%s\n) %s;\n", Physical(t.TableName(), generation),
			strings.Join(lines, ",\n\t"), t.storage())
	}
	return all.String()
}

// IndexDDL returns the statements that create the indexes of a generation.
func (m Model) IndexDDL(generation int) ([]string, error) {
	all, err := m.expand(m.Indexes, "", generation)
	if err != nil {
		return nil, err
	}
	var statements []string
	for s := range strings.SplitSeq(all, ";") {
		if strings.TrimSpace(s) != "" {
			statements = append(statements, s)
		}
	}
	return statements, nil
}

// ViewNames returns the names of the views over the model's tables, with their schemas.
func (m Model) ViewNames() []string {
	var names []string
	add := func(name string, clearOnly bool) {
		names = append(names, "app."+name)
		if !clearOnly {
			names = append(names, "masked."+name)
		}
	}
	for _, t := range m.Tables {
		add(t.ViewName(), t.clearOnly())
	}
	for _, v := range m.Views {
		add(v.Name, v.ClearOnly)
	}
	return names
}

// ViewDDL returns the statements that point the model's views and functions at a generation.
func (m Model) ViewDDL(generation int) (string, error) {
	var all strings.Builder
	for _, t := range m.Tables {
		inClear, masked, err := selects(t, generation)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&all, "CREATE OR REPLACE VIEW app.%s AS %s;\n", t.ViewName(), inClear)
		if !t.clearOnly() {
			fmt.Fprintf(&all, "CREATE OR REPLACE VIEW masked.%s AS %s;\n", t.ViewName(), masked)
		}
	}
	for _, v := range m.Views {
		for _, schema := range []string{"app", "masked"} {
			if schema == "masked" && v.ClearOnly {
				continue
			}
			sql := v.Select
			if schema == "masked" && v.Masked != "" {
				sql = v.Masked
			}
			sql, err := m.expand(sql, schema, generation)
			if err != nil {
				return "", fmt.Errorf("view %s: %w", v.Name, err)
			}
			fmt.Fprintf(&all, "CREATE OR REPLACE VIEW %s.%s AS %s;\n", schema, v.Name, sql)
		}
	}
	for _, f := range m.Functions {
		create, err := m.expand(f.Create, "", generation)
		if err != nil {
			return "", fmt.Errorf("function %s: %w", f.Name, err)
		}
		all.WriteString(create + ";\n" + strings.ReplaceAll(grantFunction, "{function}", "masked."+f.Name))
	}
	return all.String(), nil
}

// grantFunction lets only the role of masked viewers call a function.
const grantFunction = `
REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC;
DO $grant$
DECLARE
	r name;
BEGIN
	FOR r IN SELECT rolname FROM pg_roles
		WHERE has_schema_privilege(oid, 'masked', 'USAGE') AND NOT rolsuper
			AND rolname NOT LIKE 'parley\_analyst\_%' AND rolname NOT LIKE 'pg\_%'
	LOOP
		EXECUTE format('GRANT EXECUTE ON FUNCTION {function} TO %I', r);
	END LOOP;
END
$grant$;
`

// selects returns the queries of a table's views, for clear and for masked viewers.
func selects(t AnyTable, generation int) (inClear, masked string, err error) {
	var names, shown []string
	from := " FROM " + Physical(t.TableName(), generation) + " t"
	policied := false
	for _, d := range t.Declarations() {
		sql, err := d.masked("t."+d.Name, byPolicy(t.hideNames()))
		if err == nil && t.hideNames() == nil && !t.clearOnly() && strings.Contains(sql, "masked.mask_text(") {
			err = errors.New("free text needs HideNames")
		}
		if err != nil {
			return "", "", fmt.Errorf("table %s: column %s: %w", t.TableName(), d.Name, err)
		}
		names, shown = append(names, "t."+d.Name), append(shown, sql+" AS "+d.Name)
		policied = policied || strings.Contains(sql, "p.mask_")
	}
	inClear, masked = "SELECT "+strings.Join(names, ", ")+from, "SELECT "+strings.Join(shown, ",\n\t")+from
	if policied {
		masked += " CROSS JOIN app.masking p"
	}
	return inClear, masked, nil
}

var (
	placeholder = regexp.MustCompile(`\{(table|index|view|clear):([a-z0-9_]+)(?:\.([a-z0-9_]+))?\}`)
	// Matches the SQL words that are not columns: casts, aliases and quoted texts.
	clearSchema = regexp.MustCompile(`\b(app|app_data)\.`)
	noColumn    = regexp.MustCompile(`::\w+|(?i)\bAS \w+|'[^']*'`)
)

// checkView refuses a view in the schema masked that could show masked values.
func (m Model) checkView(v View) error {
	switch shown := cmp.Or(v.Masked, v.Select); {
	case v.ClearOnly:
		return nil
	case clearSchema.MatchString(shown):
		return fmt.Errorf("shows masked viewers what is in the schema %s", clearSchema.FindString(shown))
	case v.Masked == "" && strings.Contains(shown, "{table:"):
		return errors.New("reads a table, so it must say what masked viewers see")
	}
	sql := noColumn.ReplaceAllString(placeholder.ReplaceAllString(v.Masked, " "), " ")
	for _, t := range m.Tables {
		if !strings.Contains(v.Masked, "{table:"+t.TableName()+"}") {
			continue
		}
		for _, d := range t.Declarations() {
			if d.Masked() && regexp.MustCompile(`\b`+d.Name+`\b`).MatchString(sql) {
				return fmt.Errorf("names the masked column %s", d.Name)
			}
		}
		if strings.Contains(sql, "*") {
			return fmt.Errorf("selects all columns of %s", t.TableName())
		}
	}
	return nil
}

// expand replaces the placeholders in a model's SQL.
func (m Model) expand(sql, schema string, generation int) (string, error) {
	var wrong error
	out := placeholder.ReplaceAllStringFunc(sql, func(found string) string {
		parts := placeholder.FindStringSubmatch(found)
		expanded, err := m.replacement(parts[1], parts[2], parts[3], schema, generation)
		if err != nil {
			wrong = fmt.Errorf("%s: %s: %w", m.Name, found, err)
		}
		return expanded
	})
	return out, wrong
}

func (m Model) replacement(what, name, column, schema string, generation int) (string, error) {
	for _, t := range m.Tables {
		switch {
		case what == "view" && t.ViewName() == name:
			return schema + "." + name, nil
		case what == "view" || t.TableName() != name:
			continue
		case what == "table":
			return Physical(name, generation), nil
		case what == "index":
			return name + "_g" + strconv.Itoa(generation), nil
		}
		for _, d := range t.Declarations() {
			if d.Name == column {
				return column, nil
			}
		}
	}
	return "", fmt.Errorf("there is no such %s", what)
}

// Physical returns the name of a generation's table.
func Physical(table string, generation int) string {
	return "app_data." + table + "_g" + strconv.Itoa(generation)
}
