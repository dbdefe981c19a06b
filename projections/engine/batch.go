package engine

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/fault"
)

// applyBatch folds events into all running read models and stores the rows with the new position: all or
// nothing. It takes one round trip, or two if rows have to be loaded first.
func (l *leader) applyBatch(
	ctx context.Context, events []eventstore.Recorded, through eventstore.Position, silent bool,
) error {
	if err := fault.Hit("projector.received"); err != nil {
		return err
	}
	var load pgx.Batch
	for _, p := range l.projectors {
		if err := p.begin(events, &load); err != nil {
			return err
		}
	}
	if load.Len() > 0 {
		if err := l.conn.SendBatch(ctx, &load).Close(); err != nil {
			return err
		}
	}
	for _, p := range l.projectors {
		if err := p.apply(); err != nil {
			return err
		}
	}
	var write pgx.Batch
	write.Queue(`SELECT app_data.expect_progress($1, $2)`, l.progress.epoch, int64(l.progress.at.Commit))
	for _, p := range l.projectors {
		if err := p.write(&write); err != nil {
			return err
		}
	}
	next := l.progress.after(events, through, silent)
	if !silent {
		collectChanges(l.projectors).write(&write)
	}
	l.progress.save(&write, next, changedTables(l.projectors))
	if err := l.conn.SendBatch(ctx, &write).Close(); err != nil {
		return fenced(err)
	}
	_ = fault.Hit("projector.committed")
	l.progress = next
	for _, p := range l.projectors {
		p.keepCache()
	}
	return nil
}

// after returns the progress after a batch. Changes are not recorded during a silent catch-up, so a new
// epoch makes open screens reload when it begins and when it ends. So does a batch that goes back, because screens only
// hear of changes after the position they have.
func (p progress) after(events []eventstore.Recorded, through eventstore.Position, silent bool) progress {
	next := p
	next.at, next.silent = through, silent
	next.last = landmarkOf(events, p.last)
	back := len(events) > 0 && !events[0].Position.After(p.at)
	if silent != p.silent || back {
		next.epoch++
	}
	return next
}

// save queues the statements that store the new progress and announce it to all processes.
func (p progress) save(b *pgx.Batch, next progress, tables []string) {
	b.Queue(`UPDATE app_data.progress SET commit_position = $1, prepare_position = $2, silent = $3, epoch = $4,
		last_event = $5, last_commit = $6, last_prepare = $7, problem = '', updated_at = now()`,
		int64(next.at.Commit), int64(next.at.Prepare), next.silent, next.epoch,
		eventID(next.last), int64(next.last.Position.Commit), int64(next.last.Position.Prepare))
	b.Queue(`SELECT pg_notify('changes', $1)`, p.announcement(next, tables))
}

// eventID returns the id of a landmark for a column that is null without one.
func eventID(l eventstore.Landmark) *string {
	if l.IsZero() {
		return nil
	}
	id := l.ID.String()
	return &id
}

// announcement returns "from,to,epoch,tables". The changes at commit positions in (from, to] can be read
// now, and rows of these space-separated tables have changed.
func (p progress) announcement(next progress, tables []string) string {
	return strings.Join([]string{
		strconv.FormatUint(p.at.Commit, 10), strconv.FormatUint(next.at.Commit, 10),
		strconv.FormatInt(next.epoch, 10), strings.Join(tables, " "),
	}, ",")
}

// allTables announces that any table may have changed.
var allTables = []string{"*"}

// changedTables returns the tables whose rows the batch changed, as view names.
func changedTables(projectors []*projector) []string {
	var tables []string
	for _, p := range projectors {
		for i, f := range p.folds {
			if f.Changed() {
				tables = append(tables, p.model.Tables[i].ViewName())
			}
		}
	}
	return tables
}
