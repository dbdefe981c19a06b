package projections

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"
)

// chunkRows is how many rows one statement loads or writes at most.
const chunkRows = 5000

// statements is the SQL of one table in one generation. It does not depend on how many rows there are, so each is
// prepared once.
type statements struct {
	table                string // physical
	load, upsert, remove string
	columns              []string
	key                  int // how many of the columns are the key
	codecs               []codec
}

func (f *tableFold[K, R]) statements(generation int) *statements {
	t := f.table
	s := &statements{table: physical(t.Name, generation), key: t.Key}
	var params, selected, set []string
	for i, c := range t.Columns {
		k := newCodec(c.Type)
		s.columns, s.codecs = append(s.columns, c.Name), append(s.codecs, k)
		params = append(params, fmt.Sprintf("$%d::%s[]", i+1, k.carried))
		selected = append(selected, "u."+c.Name+k.cast)
		if i >= t.Key {
			set = append(set, c.Name+" = EXCLUDED."+c.Name)
		}
	}
	all, key := strings.Join(s.columns, ", "), strings.Join(s.columns[:t.Key], ", ")
	var same []string
	for _, name := range s.columns[:t.Key] {
		same = append(same, "t."+name+" = u."+name)
	}
	keys := fmt.Sprintf("unnest(%s) AS u(%s)", strings.Join(params[:t.Key], ", "), key)
	s.load = fmt.Sprintf("SELECT t.%s FROM %s t, %s WHERE %s", strings.Join(s.columns, ", t."), s.table, keys, strings.Join(same, " AND "))
	s.remove = fmt.Sprintf("DELETE FROM %s t USING %s WHERE %s", s.table, keys, strings.Join(same, " AND "))
	conflict := "NOTHING"
	if len(set) > 0 {
		conflict = "UPDATE SET " + strings.Join(set, ", ")
	}
	s.upsert = fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS u(%s) ON CONFLICT (%s) DO %s",
		s.table, all, strings.Join(selected, ", "), strings.Join(params, ", "), all, key, conflict)
	return s
}

// comparison counts the rows of this table and another of the same shape, and those that are not in both alike.
func (s *statements) comparison(other string) string {
	a, b := "a."+strings.Join(s.columns, ", a."), "b."+strings.Join(s.columns, ", b.")
	return fmt.Sprintf("SELECT count(*), count(*) FILTER (WHERE ROW(%s) IS DISTINCT FROM ROW(%s)) FROM %s a FULL JOIN %s b USING (%s)",
		a, b, s.table, other, strings.Join(s.columns[:s.key], ", "))
}

// codec brings the values of one column to Postgres.
type codec struct {
	carried string // the type in which unnest carries it: arrays cannot be elements of an array, so they go as text
	cast    string
	array   *pgtype.Type // of array columns
	json    bool
}

var arrayMap = pgtype.NewMap()

// shortNames are the names pgtype knows the SQL standard's types by.
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

// inArray is the value as an element of unnest's array.
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

// plain is the value as pgx takes it: without the NUL characters that Postgres refuses and customers may send, and with an
// empty array for a nil slice.
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
