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

// cpu is the processor time used so far, in µs: by the program, by its Postgres, and by this load driver.
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
	for pid, micros := range used { // its Postgres is a child of the program, and each connection a child of that
		if parent := parents[pid]; parent == s.process.Process.Pid || parents[parent] == s.process.Process.Pid {
			c.postgres += micros
		}
	}
	return c
}

// profiled does what is measured, and profiles the program for some seconds of it when that is wanted.
func (s *server) profiled(ctx context.Context, measured func() error) error {
	if s.profile == "" {
		return measured()
	}
	var g errgroup.Group
	g.Go(func() error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+profiles+"/debug/pprof/profile?seconds=15", nil)
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
	err := measured()
	return errors.Join(err, g.Wait())
}

// per says how much was used since before, for each of n.
func (c cpu) per(before cpu, n int) string {
	return fmt.Sprintf("%d µs of CPU each in the program, %d µs in Postgres, %d µs in this load driver",
		(c.program-before.program)/int64(n), (c.postgres-before.postgres)/int64(n), (c.driver-before.driver)/int64(n))
}

func processCPU(pid int) int64 {
	_, _, used := processStat(fmt.Sprintf("/proc/%d/stat", pid))
	return used
}

// processStat reads who a process is, whose child, and what it used in µs.
func processStat(path string) (pid, parent int, used int64) {
	const tick = 10_000 // µs; the kernel counts in hundredths of a second towards programs
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, 0
	}
	name := strings.LastIndexByte(string(raw), ')') // a name may hold spaces
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
