package anchor

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Places lists where a deployment keeps data outside its database: the data folder and then, if there is one,
// the bucket.
type Places []Place

// answerTime is how long a place may take to answer at the start.
const answerTime = 5 * time.Second

// Check returns an error if a place belongs to another deployment than the database, whose fingerprint is empty if it is
// new. Call it before a new database gets its identity. If a place does not answer, a new deployment does not start,
// while an existing one only logs a warning.
func (all Places) Check(ctx context.Context, fingerprint string, log *slog.Logger) error {
	for _, place := range all {
		err := limited(ctx, func(ctx context.Context) error { return check(ctx, fingerprint, place) })
		var mismatch *Mismatch
		if err != nil && fingerprint != "" && !errors.As(err, &mismatch) {
			log.Warn("could not check which deployment this belongs to", "place", place.String(), "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// CheckStrictly returns an error if a place belongs to another deployment or does not answer.
func (all Places) CheckStrictly(ctx context.Context, fingerprint string) error {
	for _, place := range all {
		if err := limited(ctx, func(ctx context.Context) error { return check(ctx, fingerprint, place) }); err != nil {
			return err
		}
	}
	return nil
}

// Mark records in each place which deployment it belongs to. A bucket that does not answer is only logged.
func (all Places) Mark(ctx context.Context, fingerprint string, log *slog.Logger) error {
	for n, place := range all {
		err := limited(ctx, func(ctx context.Context) error { return mark(ctx, fingerprint, place) })
		if err != nil && n > 0 {
			log.Warn("could not record which deployment this belongs to", "place", place.String(), "error", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func limited(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return do(ctx)
}
