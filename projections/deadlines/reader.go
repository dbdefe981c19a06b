// Package deadlines finds what has a time limit: offers, transfers, sends without an outcome, unresponsive
// owners, absent agents. It has no table: each deadline is a column of the row it concerns, and disappears
// with it.
package deadlines

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain/policy"
	"parley/internal/database"
	"parley/projections/waiting"
)

// Kind is the kind of deadline.
type Kind string

// The kinds of deadline.
const (
	Offer          Kind = "OFFER"           // interaction.ExpireOffer; Ref is the offer
	Transfer       Kind = "TRANSFER"        // the transfer expires; Ref is the interaction
	OutcomeUnknown Kind = "OUTCOME_UNKNOWN" // interaction.RecordUnknown; Ref is the message
	SilentOwner    Kind = "SILENT_OWNER"    // interaction.Release; Ref is the owner
	Disconnect     Kind = "DISCONNECT"      // agent.SignOut
)

// SendTimeout is how long a started send may remain without an outcome.
const SendTimeout = 60 * time.Second

// Deadline is the time at which something must end. StreamID is the id of the stream that decides: the
// interaction, transfer or agent.
type Deadline struct {
	Kind     Kind
	StreamID string
	Ref      string
	At       time.Time
}

// source selects the deadlines of each kind, with the columns stream, ref and due.
var source = `
	SELECT 'TRANSFER' AS kind, id AS stream, interaction_id AS ref, expires_at AS due
	FROM transfers WHERE status = 'PENDING'
	UNION ALL
	SELECT 'OUTCOME_UNKNOWN', interaction_id, message_id, started_at + make_interval(secs => $1)
	FROM outbox WHERE state = 'STARTED'
	UNION ALL
	SELECT 'SILENT_OWNER', o.interaction_id, o.owner_id, o.silent_since + make_interval(secs => w.silent_owner)
	FROM queues w JOIN open_interactions o
		ON o.queue_id = w.id AND o.silent_since IS NOT NULL AND o.owner_id <> '' AND o.transfer_id = ''
	WHERE w.silent_owner > 0
	UNION ALL
	SELECT 'DISCONNECT', a.user_id, '', a.away_since + make_interval(
		secs => coalesce((SELECT p.disconnect_after FROM policy p), ` +
	strconv.Itoa(policy.Default().DisconnectAfter) + `))
	FROM agents a WHERE a.away_since IS NOT NULL AND a.signed_in`

// Due returns about limit of the deadlines that have passed, oldest first.
func Due(ctx context.Context, q database.Querier, now time.Time, limit int) ([]Deadline, error) {
	offers, err := waiting.OffersDue(ctx, q, now, limit)
	if err != nil {
		return nil, err
	}
	var due []Deadline
	for _, r := range offers {
		for _, a := range r.Attempts {
			d := Deadline{Kind: Offer, StreamID: r.InteractionID, Ref: a.OfferID, At: a.Until}
			if slices.Contains(r.Due(now), a.OfferID) && a.State == waiting.Pending && !slices.Contains(due, d) {
				due = append(due, d)
			}
		}
	}
	rows, err := q.Query(ctx,
		"SELECT kind, stream, ref, due FROM ("+source+") d WHERE due <= $2 ORDER BY due LIMIT $3",
		SendTimeout.Seconds(), now, limit)
	if err != nil {
		return nil, fmt.Errorf("read deadlines: %w", err)
	}
	others, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Deadline])
	if err != nil {
		return nil, fmt.Errorf("read deadlines: %w", err)
	}
	due = append(due, others...)
	slices.SortStableFunc(due, func(a, b Deadline) int { return a.At.Compare(b.At) })
	return due, nil
}

// Next returns the first deadline after a time, or false if there is none.
func Next(ctx context.Context, q database.Querier, after time.Time) (time.Time, bool, error) {
	var at *time.Time
	err := q.QueryRow(ctx, `SELECT least((SELECT min(due) FROM (`+source+`) d WHERE due > $2),
		(SELECT min(offer_due) FROM open_interactions WHERE offer_due > $2))`, SendTimeout.Seconds(), after).Scan(&at)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read deadlines: %w", err)
	}
	if at == nil {
		return time.Time{}, false, nil
	}
	return *at, true, nil
}
