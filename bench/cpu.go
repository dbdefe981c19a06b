package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// cpu holds the processor time used so far, in µs, by the program, its Postgres and this load driver.
type cpu struct{ program, postgres, driver int64 }

func (s *server) cpu() cpu {
	c := cpu{program: processCPU(s.process.Process.Pid)}
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) == nil {
		c.driver = usage.Utime.Nano()/1000 + usage.Stime.Nano()/1000
	}
	used, parents := make(map[int]int64), make(map[int]int)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		pid, parent, micros := processStat(path)
		used[pid], parents[pid] = micros, parent
	}
	for pid, micros := range used { // Postgres is a child of the program, and each connection a child of Postgres
		if parent := parents[pid]; parent == s.process.Process.Pid || parents[parent] == s.process.Process.Pid {
			c.postgres += micros
		}
	}
	return c
}

// profiled runs load and profiles the program at the same time, if -profile names a file.
func (s *server) profiled(ctx context.Context, load func() error) error {
	if s.profile == "" {
		return load()
	}
	var g errgroup.Group
	g.Go(func() error {
		const url = "http://" + pprofAddress + "/debug/pprof/profile?seconds=15"
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := s.http.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		f, err := os.Create(s.profile)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, res.Body)
		return errors.Join(err, f.Close())
	})
	err := load()
	return errors.Join(err, g.Wait())
}

// per returns the CPU time used since before, divided by n operations. goal bounds the sum and may be empty.
func (c cpu) per(before cpu, n int, goal string) []figure {
	each := func(now, before int64) float64 { return float64(now-before) / float64(n) }
	program, postgres := each(c.program, before.program), each(c.postgres, before.postgres)
	driver := each(c.driver, before.driver)
	return []figure{
		{"program", program, "µs", ""}, {"Postgres", postgres, "µs", ""}, {"load driver", driver, "µs", ""},
		{"sum", program + postgres + driver, "µs", goal},
	}
}

func processCPU(pid int) int64 {
	_, _, used := processStat(fmt.Sprintf("/proc/%d/stat", pid))
	return used
}

// processStat returns the id of a process, its parent's id and the CPU time it used, in µs.
func processStat(path string) (pid, parent int, used int64) {
	const tick = 10_000 // µs; the kernel reports in hundredths of a second
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, 0
	}
	name := strings.LastIndexByte(string(raw), ')') // the name may contain spaces
	fields := strings.Fields(string(raw[name+1:]))
	if name < 0 || len(fields) < 13 {
		return 0, 0, 0
	}
	pid, _ = strconv.Atoi(strings.Fields(string(raw))[0])
	parent, _ = strconv.Atoi(fields[1])
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return pid, parent, (user + system) * tick
}
