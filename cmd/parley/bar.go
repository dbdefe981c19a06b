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

// bar shows the progress of long work: in one line on a terminal, otherwise in a new line every few seconds.
type bar struct {
	w        io.Writer
	terminal bool
	step     string
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
	} else if !b.terminal && time.Since(b.shown) < barEvery {
		return
	}
	b.step, b.shown = step, time.Now()
	share = min(1, max(0, share))
	if !b.terminal {
		fmt.Fprintf(b.w, "%s: %.0f%%, %d events\n", step, 100*share, events)
		return
	}
	full := int(share * barWidth)
	fmt.Fprintf(b.w, "\r%-24s [%s%s] %3.0f%%  %d events ", step, strings.Repeat("#", full), strings.Repeat(".", barWidth-full),
		100*share, events)
}

// end ends the line on a terminal.
func (b *bar) end() {
	if b.terminal && b.step != "" {
		fmt.Fprintln(b.w)
	}
	b.step = ""
}
