package projections

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"parley/eventstore"
	"parley/internal/fault"
)

// step folds events into all members and stores everything together with the new position, or nothing. It takes one round
// trip, or two when rows must be read first.
func (l *leader) step(ctx context.Context, events []eventstore.Recorded, through eventstore.Position, silent bool) error {
	if err := fault.Hit("projector.received"); err != nil {
		return err
	}
	var load pgx.Batch
	for _, m := range l.members {
		if err := m.begin(events, &load); err != nil {
			return err
		}
	}
	if load.Len() > 0 {
		if err := l.conn.SendBatch(ctx, &load).Close(); err != nil {
			return err
		}
	}
	for _, m := range l.members {
		if err := m.apply(); err != nil {
			return err
		}
	}
	var write pgx.Batch
	write.Queue(`SELECT app_data.expect_progress($1, $2)`, l.progress.epoch, int64(l.progress.at.Commit))
	for _, m := range l.members {
		if err := m.write(&write); err != nil {
			return err
		}
	}
	next := l.progress.next(through, silent)
	if !silent {
		collect(l.members).write(&write)
	}
	l.progress.advance(&write, next, touched(l.members))
	if err := l.conn.SendBatch(ctx, &write).Close(); err != nil {
		return fenced(err)
	}
	_ = fault.Hit("projector.committed")
	l.progress = next
	for _, m := range l.members {
		m.keep()
	}
	return nil
}

// next is the progress after a batch. While old events are caught up with, changes are not recorded; open screens fetch
// anew when that begins and when it ends.
func (p progress) next(through eventstore.Position, silent bool) progress {
	next := p
	next.at, next.silent = through, silent
	if silent != p.silent {
		next.epoch++
	}
	return next
}

// advance queues what says that the read models are now at next, and tells all processes so.
func (p progress) advance(b *pgx.Batch, next progress, touched []string) {
	b.Queue(`UPDATE app_data.progress SET commit_position = $1, prepare_position = $2, silent = $3, epoch = $4,
		problem = '', problem_position = 0, updated_at = now()`,
		int64(next.at.Commit), int64(next.at.Prepare), next.silent, next.epoch)
	b.Queue(`SELECT pg_notify('changes', $1)`, p.announcement(next, touched))
}

// everything says that any table may have changed.
var everything = []string{"*"}

// touched are the tables with rows that a batch changed, by the names of their views.
func touched(members []*member) []string {
	var tables []string
	for _, m := range members {
		for i, f := range m.folds {
			if f.changed() {
				tables = append(tables, viewOf(m.model.Tables[i].TableName()))
			}
		}
	}
	return tables
}

// viewOf is a table's name without its version.
func viewOf(table string) string {
	if i := strings.LastIndex(table, "_v"); i > 0 {
		return table[:i]
	}
	return table
}

// announcement is "from,to,epoch,tables" with commit positions: the changes after from up to to are there to read, and rows of
// these tables are not what they were. Tables are separated by spaces.
func (p progress) announcement(next progress, touched []string) string {
	return strconv.FormatUint(p.at.Commit, 10) + "," + strconv.FormatUint(next.at.Commit, 10) + "," + strconv.FormatInt(next.epoch, 10) +
		"," + strings.Join(touched, " ")
}

// positioned is a change and the last event of the batch it comes from.
type positioned struct {
	position uint64
	change   Change
}

// changeSet is the changes of a batch, one per row.
type changeSet struct {
	order []*positioned
	rows  map[[2]string]*positioned
}

func collect(members []*member) *changeSet {
	s := &changeSet{rows: make(map[[2]string]*positioned)}
	for _, m := range members {
		m.hints(s.add)
	}
	return s
}

func (s *changeSet) add(position uint64, c Change) {
	key := [2]string{c.Kind, c.ID}
	if known := s.rows[key]; known != nil {
		known.position = max(known.position, position)
		known.change = known.change.merge(c)
		return
	}
	p := &positioned{position: position, change: c}
	s.rows[key] = p
	s.order = append(s.order, p)
}

const insertChanges = `
INSERT INTO app_data.changes (position, kind, id, interaction_id, queue, account, agents, list, queue_before, account_before, agents_before, list_before)
SELECT p, k, i, n, q, a, g::text[], l, qb, ab, gb::text[], lb
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
	AS u(p, k, i, n, q, a, g, l, qb, ab, gb, lb)`

func (s *changeSet) write(b *pgx.Batch) {
	if len(s.order) == 0 {
		return
	}
	positions := make([]int64, len(s.order))
	texts := make([][]string, 11)
	for i := range texts {
		texts[i] = make([]string, len(s.order))
	}
	for i, p := range s.order {
		c := p.change
		positions[i] = int64(p.position)
		for n, v := range []string{
			c.Kind, c.ID, c.InteractionID, c.Queue, c.Account, textArray(c.Agents), c.List,
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

// textArray writes ids as Postgres writes a text[].
func textArray(ids []string) string {
	if len(ids) == 0 {
		return "{}"
	}
	text, err := arrayMap.Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, ids, nil)
	if err != nil {
		panic(fmt.Sprintf("encode %d ids: %v", len(ids), err)) // strings always encode
	}
	return string(text)
}
