// Package media is the read model of files customers sent that have still to be fetched from the provider.
package media

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Job is one file to be fetched. The row goes when the file is stored or cannot be had.
type Job struct {
	MessageID     string
	InteractionID string
	AddressID     string
	ProviderID    string // the provider's id of the file
	MimeType      string
	FileName      string
	SHA256        string // hex, as the provider says
	Size          int64  // bytes, as the provider says
	ReceivedAt    time.Time
	AccountID     string // filled by the reader
}

// Name is what the read model is called where it is waited for, its version included.
const Name = "media_jobs_v1"

// Model is the read model. It is for the program only, so masked viewers have no view of it.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Views: views}
}

var table = projections.Table[string, Job]{
	Name: "media_jobs_v1",
	Key:  1,
	Columns: []projections.Column[Job]{
		projections.Col("message_id", "text", func(r *Job) *string { return &r.MessageID }),
		projections.Col("interaction_id", "text", func(r *Job) *string { return &r.InteractionID }),
		projections.Col("address_id", "text", func(r *Job) *string { return &r.AddressID }),
		projections.Col("provider_id", "text", func(r *Job) *string { return &r.ProviderID }),
		projections.Col("mime_type", "text", func(r *Job) *string { return &r.MimeType }),
		projections.Col("file_name", "text", func(r *Job) *string { return &r.FileName }),
		projections.Col("sha256", "text", func(r *Job) *string { return &r.SHA256 }),
		projections.Col("size", "int8", func(r *Job) *int64 { return &r.Size }),
		projections.Col("received_at", "timestamptz", func(r *Job) *time.Time { return &r.ReceivedAt }),
	},
	KeyOf: func(r Job) string { return r.MessageID },
	Keys: func(e eventstore.Recorded) []string {
		switch ev := e.Event.(type) {
		case interaction.MessageReceived:
			if ev.Content.Media != nil {
				return []string{string(ev.MessageID)}
			}
		case interaction.MediaStored:
			return []string{string(ev.MessageID)}
		case interaction.MediaFailed:
			return []string{string(ev.MessageID)}
		}
		return nil
	},
	New: func(id string) Job { return Job{MessageID: id} },
	Evolve: func(r Job, e eventstore.Recorded) Job {
		ev, ok := e.Event.(interaction.MessageReceived)
		if !ok {
			return Job{MessageID: r.MessageID}
		}
		m := ev.Content.Media
		return Job{
			MessageID: r.MessageID, InteractionID: e.AggregateID, AddressID: string(ev.AddressID), ProviderID: m.ProviderID,
			MimeType: m.MimeType, FileName: m.FileName, SHA256: m.SHA256, Size: m.Size, ReceivedAt: ev.At,
		}
	},
	Gone: func(r Job) bool { return r.ProviderID == "" },
	Changes: func(_, after Job, _ eventstore.Recorded) []projections.Change {
		if after.InteractionID == "" {
			return nil
		}
		return []projections.Change{{Kind: "media", ID: after.MessageID, InteractionID: after.InteractionID}}
	},
}

const schema = `
CREATE TABLE {table:media_jobs_v1} (
	message_id text PRIMARY KEY,
	interaction_id text NOT NULL,
	address_id text NOT NULL,
	provider_id text NOT NULL,
	mime_type text NOT NULL,
	file_name text NOT NULL,
	sha256 text NOT NULL,
	size int8 NOT NULL,
	received_at timestamptz NOT NULL
);
`

const views = `
CREATE OR REPLACE VIEW app.media_jobs AS SELECT * FROM {table:media_jobs_v1};
`

// Next is the files to be fetched, oldest first, at most limit, without those whose message is among busy.
func Next(ctx context.Context, q projections.Querier, busy []string, limit int) ([]Job, error) {
	if busy == nil {
		busy = []string{}
	}
	rows, err := q.Query(ctx, `SELECT j.message_id, j.interaction_id, j.address_id, j.provider_id, j.mime_type, j.file_name, j.sha256, j.size,
		j.received_at, i.account_id FROM media_jobs j JOIN interactions i ON i.id = j.interaction_id
		WHERE j.message_id <> ALL($1) ORDER BY j.received_at, j.message_id LIMIT $2`, busy, limit)
	if err != nil {
		return nil, fmt.Errorf("read media jobs: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Job])
}
