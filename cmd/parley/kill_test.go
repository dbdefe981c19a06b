package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/verify"
)

var faultsBuilt string // the folder of withFaults, removed after all tests

// withFaults returns this program with its fault points, built once for all tests.
var withFaults = sync.OnceValues(func() (program string, err error) {
	dir, err := os.MkdirTemp("", "parley-faults-")
	if err != nil {
		return "", err
	}
	faultsBuilt = dir
	program = filepath.Join(dir, "parley")
	output, err := exec.Command("go", "test", "-c", "-tags", "faults", "-o", program, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, output)
	}
	return program, err
})

// prepareFaulty is prepareOutside for a program with fault points, with a look into its database.
func prepareFaulty(t *testing.T) *outside {
	t.Helper()
	o := prepareOutside(t)
	var err error
	o.program, err = withFaults()
	require.NoError(t, err)
	o.look(t)
	return o
}

// startWithFault starts the program with a fault armed; it may die before it answers.
func (o *outside) startWithFault(t *testing.T, fault string) *child {
	t.Helper()
	settings := maps.Clone(o.settings)
	settings["FAULT"] = fault
	return startBuilt(t, o.program, "admitting", settings)
}

// died reports whether the process was brought down by its own fault within the given time. Afterwards it is
// dead in any case.
func (c *child) died(t *testing.T, within time.Duration) bool {
	t.Helper()
	gone := make(chan struct{})
	go func() { _ = c.cmd.Wait(); close(gone) }()
	select {
	case <-gone:
		status, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
		require.True(t, ok && status.Signaled() && status.Signal() == syscall.SIGKILL,
			"it ended without being killed: %s", c.errors.String())
		return true
	case <-time.After(within):
		_ = c.cmd.Process.Kill()
		<-gone
		return false
	}
}

func TestAKillAtAnyNamedPointLosesAndDuplicatesNothing(t *testing.T) {
	t.Parallel()
	o := prepareFaulty(t)
	o.quickOffers(t).kill()
	c := newCrowd(t, o)
	c.begin(1, [][2]string{{"anna", "ben"}, {"chiara", "davide"}}, 100*time.Millisecond)
	requireTold(t, c.killAtEach(t, killPoints), joins, merges, "an offer expires at most once")
}

func TestTimersFireOnceAcrossAKill(t *testing.T) {
	t.Parallel()
	o := prepareFaulty(t)
	running := o.quickOffers(t)
	c := newCrowd(t, o)
	c.leave = true
	changeAccount(t, o.world, o.accounts[0].PhoneNumberID, vars{"transferTimeout": 5})
	running.kill()
	c.begin(1, [][2]string{{"anna", "ben"}, {"chiara", "davide"}}, 500*time.Millisecond)
	requireTold(t, c.killAtEach(t, timerPoints), joins, merges)
}

// quickOffers starts the program with short offer timeouts.
func (o *outside) quickOffers(t *testing.T) *child {
	t.Helper()
	running := o.start(t)
	admin := o.as(t, "admin")
	require.Eventually(t, func() bool { // the agent is known once projected
		_, known := admin.attempt(t, "{accounts{id} queues{id}}", nil)
		return known
	}, patience, 20*time.Millisecond)
	changeQueue(t, o.world, "Bookings", vars{"offerTimeout": 5})
	return running
}

// killAtEach brings the program down at one point after the other. Each time it checks the log, and after every fifth
// point and the last one also the read models and files, which takes much longer.
func (c *crowd) killAtEach(t *testing.T, points []killPoint) (found []verify.Finding) {
	t.Helper()
	for i, p := range points {
		began := time.Now()
		require.True(t, c.startWithFault(t, p.fault).died(t, patience), "%s was not reached", p.point)
		killed := time.Now()
		running := c.start(t)
		ready := time.Now()
		if every := amount(5, 1); (i+1)%every == 0 || i+1 == len(points) {
			c.atRest(func() { found = c.requireInvariants(t) })
		} else {
			c.atRest(func() { c.comesToRest(t) })
		}
		t.Logf("%s: killed after %s, ready %s later, consistent after %s", p.point,
			killed.Sub(began).Round(time.Millisecond),
			ready.Sub(killed).Round(time.Millisecond), time.Since(ready).Round(time.Millisecond))
		running.kill()
	}
	return found
}

// randomFault brings the program down at a random point, early or late.
func randomFault(random *rand.Rand) string {
	all := slices.Concat(killPoints, timerPoints)
	p := all[random.IntN(len(all))]
	before, _, _ := strings.Cut(p.fault, p.point+":kill")
	return fmt.Sprintf("%s%s:kill=%dms@%d", before, p.point, random.IntN(30), 1+random.IntN(15))
}

func TestRandomKillsLoseAndDuplicateNothing(t *testing.T) {
	t.Parallel()
	cycles, lookEvery := amount(3, 1000), 100
	if asked, err := strconv.Atoi(os.Getenv("PARLEY_KILLS")); err == nil {
		cycles, lookEvery = asked, 20
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	o := prepareFaulty(t)
	c := newCrowd(t, o)
	c.begin(amount(1, 4), o.pairs(amount(1, 10)), time.Duration(amount(100, 200))*time.Millisecond)
	deadline := time.Now().Add(50 * time.Minute)
	var slowest time.Duration
	for cycle := 1; cycle <= cycles && time.Now().Before(deadline); cycle++ {
		fault := randomFault(random)
		atPoint := c.startWithFault(t, fault).died(t, time.Duration(500+random.IntN(3000))*time.Millisecond)
		t.Logf("cycle %d: %s, at its point: %t", cycle, fault, atPoint)
		if cycle%lookEvery != 0 && cycle != cycles {
			continue
		}
		killed := time.Now()
		running := c.start(t)
		c.isReady(t)
		slowest = max(slowest, time.Since(killed))
		c.atRest(func() { t.Logf("%+v", c.requireInvariants(t)) })
		running.kill()
	}
	t.Logf("ready again after %s at most", slowest)
}

// pairs returns agents who transfer interactions to each other.
func (o *outside) pairs(n int) [][2]string {
	agents := []string{"anna", "ben", "chiara", "davide", "luca"}
	pairs := make([][2]string, n)
	for i := range pairs {
		pairs[i] = [2]string{agents[i%5], agents[(i+1+i/5)%5]}
	}
	return pairs
}

// isReady waits until the program reports that it is ready.
func (o *outside) isReady(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		res, err := http.Get(o.url + "/readyz")
		return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
	}, patience, 10*time.Millisecond, "not ready")
}
