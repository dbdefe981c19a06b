package devpg

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// elsewhere holds the data of folders that the user Postgres runs as cannot reach.
const elsewhere = "/var/lib/parley"

// home is the folder that holds the data: dir itself, or for an owner who cannot reach it a folder of its own under
// elsewhere, whose name is remembered in dir.
func (o owner) home(dir string) (string, error) {
	if !o.dropped {
		return dir, nil
	}
	marker := filepath.Join(dir, "postgres.location")
	if known, err := os.ReadFile(marker); err == nil {
		home := strings.TrimSpace(string(known))
		if _, err := os.Stat(home); err == nil && o.enters(home) {
			return home, nil
		}
	}
	home := dir
	if !o.enters(dir) {
		var err error
		if home, err = o.newHome(dir); err != nil {
			return "", err
		}
	}
	if err := os.WriteFile(marker, []byte(home+"\n"), 0o644); err != nil {
		return "", folderError(dir, err)
	}
	return home, nil
}

func (o owner) newHome(dir string) (string, error) {
	sweepHomes()
	home := filepath.Join(elsewhere, "data-"+strings.ToLower(rand.Text()[:12]))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", folderError(home, err)
	}
	if !o.enters(home) {
		return "", fmt.Errorf("the user %s, whom Postgres runs as, can reach neither %s nor %s; start Parley as an ordinary user", o.name, dir, home)
	}
	if err := os.WriteFile(filepath.Join(home, "for"), []byte(dir+"\n"), 0o600); err != nil {
		return "", folderError(home, err)
	}
	return home, nil
}

// sweepHomes removes the data of temporary folders that are no more, as tests leave them. Data of other folders stays
// even when they are gone: they may be on a disk that is not mounted just now.
func sweepHomes() {
	homes, _ := filepath.Glob(filepath.Join(elsewhere, "data-*")) // the pattern is well formed
	for _, home := range homes {
		text, err := os.ReadFile(filepath.Join(home, "for"))
		dir := strings.TrimSpace(string(text))
		if err != nil || !strings.HasPrefix(dir, os.TempDir()+string(filepath.Separator)) {
			continue
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			continue
		}
		data, _ := filepath.Glob(filepath.Join(home, "postgres-*", "PG_VERSION"))
		still := false
		for _, file := range data {
			s := &Server{data: filepath.Dir(file)}
			if pid, _, ok := s.running(); ok {
				still = true
				_ = interrupt(pid) // its folder is removed the next time
			}
		}
		if !still {
			_ = os.RemoveAll(home) // what cannot be removed now is tried again the next time
		}
	}
}
