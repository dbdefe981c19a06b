package devpg

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// fallbackRoot holds the data of folders that the user Postgres runs as cannot enter.
const fallbackRoot = "/var/lib/parley"

// home returns the folder for the data: dir itself, or if the owner cannot enter it a folder under
// fallbackRoot, whose name is stored in dir.
func (o owner) home(dir string) (string, error) {
	if !o.dropped {
		return dir, nil
	}
	marker := filepath.Join(dir, "postgres.location")
	if known, err := os.ReadFile(marker); err == nil {
		home := strings.TrimSpace(string(known))
		if _, err := os.Stat(home); err == nil && o.canEnter(home) {
			return home, nil
		}
	}
	home := dir
	if !o.canEnter(dir) {
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
	removeOrphanedHomes()
	home := filepath.Join(fallbackRoot, "data-"+strings.ToLower(rand.Text()[:12]))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", folderError(home, err)
	}
	if !o.canEnter(home) {
		return "", fmt.Errorf("postgres would run as the user %s, who can enter neither %s nor %s; "+
			"start Parley as an ordinary user", o.name, dir, home)
	}
	if err := os.WriteFile(filepath.Join(home, "for"), []byte(dir+"\n"), 0o600); err != nil {
		return "", folderError(home, err)
	}
	return home, nil
}

// removeOrphanedHomes removes the data of deleted temporary folders, which tests leave behind. Data of other
// missing folders stays, because their disk may just not be mounted.
func removeOrphanedHomes() {
	homes, _ := filepath.Glob(filepath.Join(fallbackRoot, "data-*")) // the pattern is valid
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
		inUse := false
		for _, file := range data {
			s := &Server{data: filepath.Dir(file)}
			if pid, _, ok := s.running(); ok {
				inUse = true
				_ = interrupt(pid) // its folder is removed next time
			}
		}
		if !inUse {
			_ = os.RemoveAll(home) // retried next time
		}
	}
}
