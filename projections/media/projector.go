// Package media is the read model of files in messages that must still be downloaded from the provider.
package media

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// Job is one file to download. Its row is deleted once the file is stored or known to be unavailable.
type Job struct {
	MessageID     string
	InteractionID string
	AddressID     string
	ProviderID    string // the provider's id of the file
	MimeType      string
	FileName      string
	SHA256        string // as the provider wrote it, base64 or hex
	Size          int64  // bytes, as reported by the provider
	ReceivedAt    time.Time
	AccountID     string // set by the reader
}

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "media_jobs_v1"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table},
		Consumes: []projections.Stream{{Aggregate: "interaction", Events: []domain.Event{
			interaction.MessageReceived{}, interaction.MessageObserved{}, interaction.ContentArrived{},
			interaction.MediaStored{}, interaction.MediaFailed{},
		}}}}
}

var table = projections.Table[string, Job]{
	Name:      "media_jobs_v1",
	ClearOnly: true,
	Columns: projections.Columns(
		projections.Key("message_id", func(r *Job) *string { return &r.MessageID }).Open(),
		projections.Text("interaction_id", func(r *Job) *string { return &r.InteractionID }).Open(),
		projections.Text("address_id", func(r *Job) *string { return &r.AddressID }).Open(),
		projections.Text("provider_id", func(r *Job) *string { return &r.ProviderID }).Masked(projections.Hidden),
		projections.Text("mime_type", func(r *Job) *string { return &r.MimeType }).Open(),
		projections.Text("file_name", func(r *Job) *string { return &r.FileName }).Masked(projections.FreeText),
		projections.Text("sha256", func(r *Job) *string { return &r.SHA256 }).Open(),
		projections.BigInt("size", func(r *Job) *int64 { return &r.Size }).Open(),
		projections.Time("received_at", func(r *Job) *time.Time { return &r.ReceivedAt }).Open(),
	),
	KeyOf: func(r Job) string { return r.MessageID },
	Keys: func(e eventstore.Recorded) []string {
		switch ev := e.Event.(type) {
		case interaction.MessageReceived:
			if ev.Content.Media != nil {
				return []string{string(ev.MessageID)}
			}
		case interaction.MessageObserved:
			if ev.Content.Media != nil {
				return []string{string(ev.MessageID)}
			}
		case interaction.ContentArrived:
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
		switch ev := e.Event.(type) {
		case interaction.MessageReceived:
			return wanted(r.MessageID, e.AggregateID, ev.AddressID, *ev.Content.Media, ev.At)
		case interaction.MessageObserved:
			return wanted(r.MessageID, e.AggregateID, ev.AddressID, *ev.Content.Media, ev.At)
		case interaction.ContentArrived:
			return wanted(r.MessageID, e.AggregateID, ev.AddressID, *ev.Content.Media, ev.At)
		}
		return Job{MessageID: r.MessageID}
	},
	Gone: func(r Job) bool { return r.ProviderID == "" },
	Changes: func(_, after Job, _ eventstore.Recorded) []projections.Change {
		if after.InteractionID == "" {
			return nil
		}
		return []projections.Change{{Kind: projections.MediaChanged, ID: after.MessageID,
			InteractionID: after.InteractionID}}
	},
}

func wanted(message, home string, address domain.AddressID, m interaction.Media, at time.Time) Job {
	return Job{
		MessageID: message, InteractionID: home, AddressID: string(address), ProviderID: m.ProviderID,
		MimeType: m.MimeType, FileName: m.FileName, SHA256: m.SHA256, Size: m.Size, ReceivedAt: at,
	}
}

// Next returns the oldest files to download, without those whose message is in busy.
func Next(ctx context.Context, q database.Querier, busy []string, limit int) ([]Job, error) {
	if busy == nil {
		busy = []string{}
	}
	rows, err := q.Query(ctx, "SELECT "+table.Select("j")+`, i.account_id FROM media_jobs j JOIN interactions i ON i.id = j.interaction_id
		WHERE j.message_id <> ALL($1) ORDER BY j.received_at, j.message_id LIMIT $2`, busy, limit)
	if err != nil {
		return nil, fmt.Errorf("read media jobs: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Job])
}
