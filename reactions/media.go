package reactions

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"sync"
	"time"

	"parley/channels"
	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/blobs"
	"parley/internal/fault"
	"parley/projections/media"
)

const (
	fetchedAtOnce = 8
	largestFile   = 100 << 20          // bytes; no provider lets customers send more
	fetchedFor    = 7 * 24 * time.Hour // how long providers keep files
	maxFetchDelay = 10 * time.Minute   // between two attempts
	maxGoneDelay  = time.Hour          // between two attempts while the provider has no such file or serves another
)

// fetcher stores the files customers send, while the provider still has them.
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
	return loop{name: "media", sweep: f.sweep, gap: 50 * time.Millisecond, idle: 5 * time.Second,
		watches: []string{"media_jobs"}, wake: f.wake, stop: f.work.Wait}
}

// sweep starts as many downloads as may run at once.
func (f *fetcher) sweep(ctx context.Context) (time.Duration, error) {
	now := f.Now()
	f.mu.Lock()
	room := fetchedAtOnce - len(f.busy)
	var skipped []string
	wait := time.Duration(0)
	for id := range f.busy {
		skipped = append(skipped, id)
	}
	for id, t := range f.notBefore {
		if !t.After(now) {
			delete(f.notBefore, id)
			continue
		}
		skipped = append(skipped, id)
		if d := t.Sub(now); wait == 0 || d < wait {
			wait = d
		}
	}
	f.mu.Unlock()
	if room <= 0 {
		return wait, nil
	}
	jobs, err := media.Next(ctx, f.Pool, skipped, room)
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
			signal(f.wake)
		})
	}
	return wait, nil
}

// fetch makes one attempt at a file and returns how long to ignore its row.
func (f *fetcher) fetch(job media.Job) time.Duration {
	ctx, cancel := context.WithTimeout(f.leading, 3*time.Minute)
	defer cancel()
	err := f.store(ctx, job)
	var failure *channels.SendError
	code, longest := "", maxFetchDelay
	forgotten := f.Now().Sub(job.ReceivedAt) > fetchedFor
	switch {
	case err == nil:
		f.forget(job.MessageID)
		f.Count("media stored")
		return stale
	case errors.Is(err, channels.ErrTooLarge):
		code = interaction.FileTooLarge
	case errors.Is(err, errWrongFile) && forgotten:
		code = interaction.FileDiffers
	case errors.Is(err, channels.ErrMediaGone) && forgotten:
		code = interaction.FileGone
	case errors.Is(err, errWrongFile), errors.Is(err, channels.ErrMediaGone):
		longest = maxGoneDelay // the file may arrive at the provider after its message
	case errors.As(err, &failure) && failure.Outcome == channels.Failed && failure.Effect == "":
		code = failure.Code
	case forgotten:
		code = interaction.FileGivenUp
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
	wait := min(time.Second<<min(f.tries[job.MessageID]-1, 12), longest)
	if f.leading.Err() == nil {
		f.Log.Warn("a file could not be fetched yet", "message", job.MessageID, "tries",
			f.tries[job.MessageID], "error", describe(err))
	}
	return wait
}

func (f *fetcher) forget(message string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.tries, message)
}

// store downloads a file into the file store and records it.
func (f *fetcher) store(ctx context.Context, job media.Job) error {
	account, err := f.Account(ctx, domain.AccountID(job.AccountID))
	if err != nil {
		return err
	}
	provider, err := f.provider(account)
	if err != nil {
		return err
	}
	_ = fault.Hit("media.before_download")
	file, err := f.download(ctx, provider, account.Channel, job.ProviderID)
	if err != nil {
		return err
	}
	if err := checkFile(job, file); err != nil {
		return errors.Join(err, f.Files.Delete(context.WithoutCancel(ctx), file.ID))
	}
	_ = fault.Hit("media.kept")
	err = f.Commands.StoreMedia(ctx, domain.InteractionID(job.InteractionID), interaction.MediaStored{
		MessageID: domain.MessageID(job.MessageID), AddressID: domain.AddressID(job.AddressID),
		BlobID: domain.BlobID(file.ID), MimeType: file.MimeType, Size: file.Size,
		SHA256: hex.EncodeToString(file.SHA256), Key: file.Key,
	})
	if refused(err) {
		return errors.Join(err, f.Files.Delete(context.WithoutCancel(ctx), file.ID))
	}
	return err // if the event did not reach the log, the orphan sweep finds the file
}

func (f *fetcher) download(
	ctx context.Context, provider channels.Provider, account channels.Account, id string,
) (blobs.Blob, error) {
	from, to := io.Pipe()
	fetched := make(chan error, 1)
	go func() {
		_, err := provider.FetchMedia(ctx, account, id, to, largestFile)
		fetched <- err
		to.CloseWithError(err)
	}()
	file, err := f.Files.Put(ctx, from, largestFile+1)
	from.CloseWithError(errors.New("the file is no longer written"))
	if cause := <-fetched; cause != nil && err == nil || errors.Is(cause, channels.ErrMediaGone) ||
		errors.Is(cause, channels.ErrTooLarge) {
		err = cause
	}
	return file, err
}
