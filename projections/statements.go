package projections

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
)

// chunkRows is the maximum number of rows that one statement loads or writes.
const chunkRows = 5000

// Statements holds the SQL of one table in one generation. It does not depend on the number of rows, so each
// statement is prepared once.
type Statements struct {
	Table                string // physical name
	load, upsert, remove string
	Columns              []string
	key                  int // number of key columns
	codecs               []codec
}

func (f *tableFold[K, R]) Statements(generation int) *Statements {
	t := f.table
	s := &Statements{Table: Physical(t.Name, generation), key: t.keyColumns()}
	var params, selected, set []string
	for i, c := range t.Columns {
		k := newCodec(c.Type)
		s.Columns, s.codecs = append(s.Columns, c.Name), append(s.codecs, k)
		params = append(params, fmt.Sprintf("$%d::%s[]", i+1, k.carried))
		selected = append(selected, "u."+c.Name+k.cast)
		if i >= s.key {
			set = append(set, c.Name+" = EXCLUDED."+c.Name)
		}
	}
	all, key := strings.Join(s.Columns, ", "), strings.Join(s.Columns[:s.key], ", ")
	var same []string
	for _, name := range s.Columns[:s.key] {
		same = append(same, "t."+name+" = u."+name)
	}
	keys := fmt.Sprintf("unnest(%s) AS u(%s)", strings.Join(params[:s.key], ", "), key)
	s.load = fmt.Sprintf("SELECT t.%s FROM %s t, %s WHERE %s", strings.Join(s.Columns, ", t."), s.Table, keys,
		strings.Join(same, " AND "))
	s.remove = fmt.Sprintf("DELETE FROM %s t USING %s WHERE %s", s.Table, keys, strings.Join(same, " AND "))
	conflict := "NOTHING"
	if len(set) > 0 {
		conflict = "UPDATE SET " + strings.Join(set, ", ")
	}
	s.upsert = fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS u(%s) ON CONFLICT (%s) DO %s",
		s.Table, all, strings.Join(selected, ", "), strings.Join(params, ", "), all, key, conflict)
	return s
}

// Comparison returns a query that counts the rows of this table and another of the same structure, and how
// many of them differ.
func (s *Statements) Comparison(other string) string {
	a, b := "a."+strings.Join(s.Columns, ", a."), "b."+strings.Join(s.Columns, ", b.")
	return fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE ROW(%s) IS DISTINCT FROM ROW(%s)) FROM %s a FULL JOIN %s b USING (%s)",
		a, b, s.Table, other, strings.Join(s.Columns[:s.key], ", "))
}

// codec encodes the values of one column for Postgres.
type codec struct {
	carried string // type within unnest: arrays cannot be elements of an array, so they are sent as text
	cast    string
	array   *pgtype.Type // of array columns
	json    bool
}

var arrayMap = pgtype.NewMap()

// shortNames maps the SQL standard's type names to those pgtype knows.
var shortNames = map[string]string{
	"bigint": "int8", "integer": "int4", "int": "int4", "smallint": "int2", "boolean": "bool",
	"double precision": "float8", "real": "float4", "timestamp with time zone": "timestamptz",
}

func newCodec(typ string) codec {
	element, isArray := strings.CutSuffix(typ, "[]")
	if !isArray {
		return codec{carried: typ, json: typ == "jsonb" || typ == "json"}
	}
	if short, ok := shortNames[element]; ok {
		element = short
	}
	c := codec{carried: "text", cast: "::" + typ}
	if t, ok := arrayMap.TypeForName("_" + element); ok {
		c.array = t
	}
	return c
}

// inArray returns the value as an element of unnest's array.
func (c codec) inArray(v any) any {
	v = c.plain(v)
	if c.cast == "" || v == nil {
		return v
	}
	if c.array == nil {
		panic(fmt.Sprintf("no array type for %T", v))
	}
	text, err := arrayMap.Encode(c.array.OID, pgtype.TextFormatCode, v, nil)
	if err != nil {
		panic(err)
	}
	if text == nil {
		return nil
	}
	return string(text)
}

// plain returns the value as pgx takes it. It removes NUL characters, which customers may send and Postgres
// refuses, and turns a nil slice into an empty array.
func (c codec) plain(v any) any {
	switch {
	case c.json:
		if v == nil {
			return nil
		}
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return json.RawMessage(withoutEscapedNUL(raw))
	case c.cast != "":
		return cleanSlice(v)
	}
	return clean(v)
}

func clean(v any) any {
	switch v := v.(type) {
	case string:
		if strings.IndexByte(v, 0) >= 0 {
			return strings.ReplaceAll(v, "\x00", "")
		}
		return v
	case *string:
		if v != nil && strings.IndexByte(*v, 0) >= 0 {
			return strings.ReplaceAll(*v, "\x00", "")
		}
		return v
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return clean(r.String())
	}
	return v
}

func cleanSlice(v any) any {
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice {
		return v
	}
	if r.Type().Elem().Kind() != reflect.String {
		if r.IsNil() {
			return reflect.MakeSlice(r.Type(), 0, 0).Interface()
		}
		return v
	}
	texts := make([]string, r.Len())
	for i := range texts {
		texts[i] = strings.ReplaceAll(r.Index(i).String(), "\x00", "")
	}
	return texts
}

func withoutEscapedNUL(raw []byte) []byte {
	const nul = `\u0000`
	if !strings.Contains(string(raw), nul) {
		return raw
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out = append(out, raw[i])
			continue
		}
		if strings.HasPrefix(string(raw[i:min(i+len(nul), len(raw))]), nul) {
			i += len(nul) - 1
			continue
		}
		out = append(out, raw[i], raw[i+1])
		i++
	}
	return out
}
