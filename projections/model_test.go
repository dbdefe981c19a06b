package projections_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/projections"
)

type row struct{ ID, Name string }

func id(r *row) *string   { return &r.ID }
func name(r *row) *string { return &r.Name }

// people returns a model with one table.
func people(columns ...projections.Column[row]) projections.Model {
	t := projections.Table[string, row]{
		Name:    "people_v1",
		Columns: columns,
		Storage: "WITH (fillfactor = 90)",
		KeyOf:   func(r row) string { return r.ID },
		Keys:    func(eventstore.Recorded) []string { return nil },
		New:     func(id string) row { return row{ID: id} },
		Evolve:  func(r row, _ eventstore.Recorded) row { return r },
	}
	return projections.Model{Name: "people_v1", Tables: []projections.AnyTable{t},
		Consumes: []projections.Stream{{Aggregate: "person"}}}
}

// reading returns a model with a view over its table.
func reading(v projections.View) projections.Model {
	m := people(projections.Key("id", id).Open(), projections.Text("name", name).Masked(projections.Name))
	m.Views = []projections.View{v}
	return m
}

func TestAColumnThatIsNeitherOpenNorMaskedIsRefused(t *testing.T) {
	require.ErrorContains(t, people(projections.Key("id", id).Open(), projections.Text("name", name)).Check(),
		"table people_v1: column name must be either open or masked")
	require.ErrorContains(t, people(projections.Key("id", id)).Check(), "column id must be either open or masked")
	require.ErrorContains(t, people(projections.Key("id", id).Open().Masked(projections.Name)).Check(),
		"either open or masked")
}

func TestAMaskThatDoesNotFitItsColumnIsRefused(t *testing.T) {
	key := projections.Key("id", id).Open()
	for what, column := range map[string]projections.Column[row]{
		"a list mask for text": projections.Text("name", name).Masked(projections.List(projections.Name)),
		"an object mask for text": projections.Text("name",
			name).Masked(projections.Object(map[string]projections.Mask{"a": projections.Name})),
		"a clear mask for a whole text":       projections.Text("name", name).Masked(projections.Clear),
		"a clear mask for a whole JSON value": projections.JSON("name", name).Masked(projections.Clear),
		"a name mask for a number": projections.Int("name",
			func(*row) *int { return new(int) }).Masked(projections.Name),
	} {
		require.Error(t, people(key, column).Check(), what)
	}
}

func TestKeyColumnsMustComeFirst(t *testing.T) {
	require.ErrorContains(t, people(projections.Text("name", name).Open()).Check(), "the first column is not a key")
	require.ErrorContains(t, people(projections.Key("id", id).Open(), projections.Text("name", name).Open(),
		projections.Key("more", id).Open()).Check(),
		"key column more must come before the other columns")
}

func TestATableAndItsViewsAreDerivedFromTheColumns(t *testing.T) {
	m := people(
		projections.Key("id", id).Open(),
		projections.Text("name", name).With(`COLLATE "C"`).Masked(projections.Name),
		projections.Texts("phones", func(*row) *[]string { return nil }).Masked(projections.Phone),
		projections.Int("age", func(*row) *int { return nil }).Masked(projections.Hidden),
	)
	require.NoError(t, m.Check())
	require.Equal(t, `CREATE TABLE app_data.people_v1_g3 (
	id text NOT NULL,
	name text COLLATE "C" NOT NULL,
	phones text[] NOT NULL,
	age int4 NOT NULL,
	PRIMARY KEY (id)
) WITH (fillfactor = 90);
`, m.TableDDL(3))
	views, err := m.ViewDDL(3)
	require.NoError(t, err)
	require.Equal(t, `CREATE OR REPLACE VIEW app.people AS SELECT t.id, t.name, t.phones, t.age FROM app_data.people_v1_g3 t;
CREATE OR REPLACE VIEW masked.people AS SELECT t.id AS id,
	masked.mask_name(t.name, p.mask_name_mode, p.mask_name_keep) AS name,
	ARRAY(SELECT masked.mask_phone(each, p.mask_phone_mode, p.mask_phone_keep) FROM unnest(t.phones) AS each) AS phones,
	0::int4 AS age FROM app_data.people_v1_g3 t CROSS JOIN app.masking p;
`, views)
	require.Equal(t, []string{"app.people", "masked.people"}, m.ViewNames())
}

func TestAViewCannotShowMaskedViewersAMaskedColumn(t *testing.T) {
	for what, v := range map[string]projections.View{
		"a table without a definition for masked viewers": {Select: "SELECT id FROM {table:people_v1}"},
		"a masked column by its name": {Select: "SELECT id",
			Masked: "SELECT p.name AS id FROM {table:people_v1} p"},
		"a masked column in a condition": {Select: "SELECT id",
			Masked: "SELECT id FROM {table:people_v1} WHERE name > 'm'"},
		"all columns by a star": {Select: "SELECT id",
			Masked: "SELECT p.* FROM {table:people_v1} p"},
		"a clear view":                 {Select: "SELECT * FROM app.people"},
		"a table by its physical name": {Select: "SELECT * FROM app_data.people_v1_g1"},
		"a column that does not exist": {Select: "SELECT id",
			Masked: "SELECT {clear:people_v1.age} FROM {table:people_v1}"},
	} {
		v.Name = "some"
		require.Error(t, reading(v).Check(), what)
	}
}

func TestAViewMasksColumnsAsDeclared(t *testing.T) {
	for sql, v := range map[string]projections.View{
		"SELECT * FROM masked.people": {Select: "SELECT * FROM {view:people}"},
		"SELECT id, name AS initial FROM app_data.people_v1_g1": {
			Select: "SELECT id, name FROM {table:people_v1}",
			Masked: "SELECT id, {clear:people_v1.name} AS initial FROM {table:people_v1}",
		},
	} {
		v.Name = "some"
		require.NoError(t, reading(v).Check())
		ddl, err := reading(v).ViewDDL(1)
		require.NoError(t, err)
		require.Contains(t, ddl, "VIEW masked.some AS "+sql+";")
	}
}
