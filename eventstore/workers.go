package eventstore

import "time"

const workerIdle = 5 * time.Second

// workers run functions on goroutines that are reused: calls into the client need deep stacks, and a reused
// goroutine has already grown one. There are as many as calls running at the same time.
type workers struct {
	jobs  chan func()
	ended chan struct{} // closed to end idle workers
}

func newWorkers() workers { return workers{jobs: make(chan func()), ended: make(chan struct{})} }

// run never waits for a free worker; it starts another one.
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
