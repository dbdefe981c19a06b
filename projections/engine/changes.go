package engine

import (
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"parley/projections"
)

// positionedChange is a change with the position of the last event that caused it.
type positionedChange struct {
	position uint64
	change   projections.Change
}

// changeKey identifies the row that changed.
type changeKey struct {
	kind projections.ChangeKind
	id   string
}

// changeSet holds the changes of a batch, merged into one per row.
type changeSet struct {
	changes []*positionedChange
	byRow   map[changeKey]*positionedChange
}

func collectChanges(projectors []*projector) *changeSet {
	s := &changeSet{byRow: make(map[changeKey]*positionedChange)}
	for _, p := range projectors {
		p.changes(s.add)
	}
	return s
}

func (s *changeSet) add(position uint64, c projections.Change) {
	key := changeKey{c.Kind, c.ID}
	if known := s.byRow[key]; known != nil {
		known.position = max(known.position, position)
		known.change = known.change.Merge(c)
		return
	}
	p := &positionedChange{position: position, change: c}
	s.byRow[key] = p
	s.changes = append(s.changes, p)
}

const insertChanges = `
INSERT INTO app_data.changes (position, kind, id, interaction_id, queue, account, agents, list,
	queue_before, account_before, agents_before, list_before)
SELECT p, k, i, n, q, a, g::text[], l, qb, ab, gb::text[], lb
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
	$7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
	AS u(p, k, i, n, q, a, g, l, qb, ab, gb, lb)`

func (s *changeSet) write(b *pgx.Batch) {
	if len(s.changes) == 0 {
		return
	}
	positions := make([]int64, len(s.changes))
	texts := make([][]string, 11)
	for i := range texts {
		texts[i] = make([]string, len(s.changes))
	}
	for i, p := range s.changes {
		c := p.change
		positions[i] = int64(p.position)
		for n, v := range []string{
			string(c.Kind), c.ID, c.InteractionID, c.Queue, c.Account, textArray(c.Agents), c.List,
			c.QueueBefore, c.AccountBefore, textArray(c.AgentsBefore), c.ListBefore,
		} {
			texts[n][i] = v
		}
	}
	args := []any{positions}
	for _, t := range texts {
		args = append(args, t)
	}
	b.Queue(insertChanges, args...)
}

var typeMap = pgtype.NewMap()

// textArray formats ids as a Postgres text[] literal.
func textArray(ids []string) string {
	if len(ids) == 0 {
		return "{}"
	}
	text, err := typeMap.Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, ids, nil)
	if err != nil {
		panic(fmt.Sprintf("encode %d ids: %v", len(ids), err)) // never: strings always encode
	}
	return string(text)
}
