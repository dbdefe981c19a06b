package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

const (
	barWidth = 30
	barEvery = 5 * time.Second // between two lines if the output is not a terminal
)

// bar shows the progress of long work: in one line on a terminal, otherwise in a line now and then.
type bar struct {
	w        io.Writer
	terminal bool
	step     string
	events   int
	share    float64 // of the step, between 0 and 1
	shown    time.Time
}

func newBar(w io.Writer) *bar {
	f, ok := w.(*os.File)
	if ok {
		info, err := f.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return &bar{w: w, terminal: ok}
}

// show shows how much of a step is done, as a share of 1.
func (b *bar) show(step string, events int, share float64) {
	if step != b.step {
		b.end()
		b.shown = time.Now()
	}
	b.step, b.events, b.share = step, events, min(1, max(0, share))
	if b.terminal || time.Since(b.shown) >= barEvery {
		b.print()
	}
}

func (b *bar) print() {
	b.shown = time.Now()
	if !b.terminal {
		fmt.Fprintf(b.w, "%s: %.0f%%, %d events\n", b.step, 100*b.share, b.events)
		return
	}
	full := int(b.share * barWidth)
	fmt.Fprintf(b.w, "\r%-24s [%s%s] %3.0f%%  %d events ", b.step, strings.Repeat("#", full),
		strings.Repeat(".", barWidth-full), 100*b.share, b.events)
}

// end shows how far the step got.
func (b *bar) end() {
	if b.step == "" {
		return
	}
	b.print()
	if b.terminal {
		fmt.Fprintln(b.w)
	}
	b.step = ""
}
