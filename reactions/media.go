package reactions

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"parley/channels"
	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/fault"
	"parley/projections/media"
)

const (
	fetchedAtOnce = 8
	largestFile   = 100 << 20          // bytes; no provider lets customers send more
	fetchedFor    = 7 * 24 * time.Hour // providers forget files after some days
	longestFetch  = 10 * time.Minute   // between two tries at most
	goneCode      = "GONE"             // the provider has forgotten the file
	tooLargeCode  = "TOO_LARGE"        // more bytes than any provider lets through
	givenUpCode   = "GIVEN_UP"         // it was tried for seven days
)

// fetcher keeps the files customers send, while the provider still has them.
type fetcher struct {
	Config
	leading context.Context
	wake    chan struct{}
	work    sync.WaitGroup

	mu        sync.Mutex
	busy      map[string]bool
	tries     map[string]int
	notBefore map[string]time.Time
}

func newFetcher(ctx context.Context, c Config) *fetcher {
	return &fetcher{
		Config: c, leading: ctx, wake: make(chan struct{}, 1),
		busy: make(map[string]bool), tries: make(map[string]int), notBefore: make(map[string]time.Time),
	}
}

func (f *fetcher) loop() loop {
	return loop{name: "media", sweep: f.sweep, gap: 50 * time.Millisecond, idle: 5 * time.Second, of: []string{"media_jobs"}, wake: f.wake, stop: f.work.Wait}
}

// sweep begins to fetch as many files as may be fetched at once.
func (f *fetcher) sweep(ctx context.Context) (time.Duration, error) {
	now := f.Now()
	f.mu.Lock()
	room := fetchedAtOnce - len(f.busy)
	var left []string
	wait := time.Duration(0)
	for id := range f.busy {
		left = append(left, id)
	}
	for id, t := range f.notBefore {
		if !t.After(now) {
			delete(f.notBefore, id)
			continue
		}
		left = append(left, id)
		if d := t.Sub(now); wait == 0 || d < wait {
			wait = d
		}
	}
	f.mu.Unlock()
	if room <= 0 {
		return wait, nil
	}
	jobs, err := media.Next(ctx, f.Pool, left, room)
	if err != nil {
		return 0, err
	}
	for _, job := range jobs {
		f.mu.Lock()
		f.busy[job.MessageID] = true
		f.mu.Unlock()
		f.work.Go(func() {
			again := f.fetch(job)
			f.mu.Lock()
			delete(f.busy, job.MessageID)
			f.notBefore[job.MessageID] = f.Now().Add(again)
			f.mu.Unlock()
			ring(f.wake)
		})
	}
	return wait, nil
}

// fetch tries one file and says how long its row is not to be looked at.
func (f *fetcher) fetch(job media.Job) time.Duration {
	ctx, cancel := context.WithTimeout(f.leading, 3*time.Minute)
	defer cancel()
	err := f.keep(ctx, job)
	var refusedByProvider *channels.SendError
	code := ""
	switch {
	case err == nil:
		f.forget(job.MessageID)
		f.Count("media stored")
		return stale
	case errors.Is(err, channels.ErrMediaGone):
		code = goneCode
	case errors.Is(err, channels.ErrTooLarge):
		code = tooLargeCode
	case errors.As(err, &refusedByProvider) && refusedByProvider.Outcome == channels.Refused && refusedByProvider.Effect == "":
		code = refusedByProvider.Code
	case f.Now().Sub(job.ReceivedAt) > fetchedFor:
		code = givenUpCode
	}
	if code != "" {
		err = f.Commands.FailMedia(ctx, domain.InteractionID(job.InteractionID), domain.MessageID(job.MessageID), code)
		if err == nil || refused(err) {
			f.forget(job.MessageID)
			f.Count("media failed")
			return stale
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tries[job.MessageID]++
	wait := min(time.Second<<min(f.tries[job.MessageID]-1, 12), longestFetch)
	if f.leading.Err() == nil {
		f.Log.Warn("a file could not be fetched yet", "message", job.MessageID, "tries", f.tries[job.MessageID], "error", describe(err))
	}
	return wait
}

func (f *fetcher) forget(message string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.tries, message)
}

// keep downloads a file into the store and records it.
func (f *fetcher) keep(ctx context.Context, job media.Job) error {
	account, err := f.Account(ctx, domain.AccountID(job.AccountID))
	if err != nil {
		return err
	}
	provider := f.Providers[strings.ToLower(account.Settings.Provider)]
	if provider == nil {
		return errors.New("no such provider")
	}
	_ = fault.Hit("media.before_download")
	file, err := f.download(ctx, provider, account.Credentials, job.ProviderID)
	if err != nil {
		return err
	}
	_ = fault.Hit("media.kept")
	err = f.Commands.StoreMedia(ctx, domain.InteractionID(job.InteractionID), interaction.MediaStored{
		MessageID: domain.MessageID(job.MessageID), AddressID: domain.AddressID(job.AddressID), BlobID: domain.BlobID(file.ID),
		MimeType: file.MimeType, Size: file.Size, SHA256: hex.EncodeToString(file.SHA256), Key: file.Key,
	})
	if refused(err) {
		return errors.Join(err, f.Files.Delete(context.WithoutCancel(ctx), file.ID))
	}
	return err // a file whose event is not in the log after all is found by the orphans' sweep
}

func (f *fetcher) download(ctx context.Context, provider channels.Provider, with channels.Credentials, id string) (File, error) {
	from, to := io.Pipe()
	fetched := make(chan error, 1)
	go func() {
		_, err := provider.FetchMedia(ctx, with, id, to, largestFile)
		fetched <- err
		to.CloseWithError(err)
	}()
	file, err := f.Files.Put(ctx, from, largestFile+1)
	from.CloseWithError(errors.New("the file is no longer written"))
	if cause := <-fetched; cause != nil && err == nil || errors.Is(cause, channels.ErrMediaGone) || errors.Is(cause, channels.ErrTooLarge) {
		err = cause
	}
	return file, err
}
