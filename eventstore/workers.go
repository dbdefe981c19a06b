package eventstore

import "time"

const workerIdle = 5 * time.Second

// workers run functions on goroutines that are kept for the next one: the client's calls go deep, and a goroutine that has done one
// has a stack that fits. There are as many as calls at the same moment.
type workers struct {
	jobs  chan func()
	ended chan struct{} // closed when none are kept any more
}

func newWorkers() workers { return workers{jobs: make(chan func()), ended: make(chan struct{})} }

// run never waits for a worker.
func (w workers) run(job func()) {
	select {
	case w.jobs <- job:
	default:
		go w.work(job)
	}
}

func (w workers) work(job func()) {
	idle := time.NewTimer(workerIdle)
	defer idle.Stop()
	for {
		job()
		idle.Reset(workerIdle)
		select {
		case job = <-w.jobs:
		case <-idle.C:
			return
		case <-w.ended:
			return
		}
	}
}
