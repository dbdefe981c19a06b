package devpg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// owner is the user Postgres runs as. Postgres refuses to be root, so for root it is somebody else.
type owner struct {
	dropped  bool
	name     string
	uid, gid int
}

func chooseOwner() (owner, error) {
	if os.Geteuid() != 0 {
		return owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return owner{dropped: true, name: name, uid: uid, gid: gid}, nil
		}
	}
	return owner{}, errors.New("postgres refuses to run as root and there is no user postgres or nobody to run it as; start Parley as an ordinary user")
}

// command prepares a program that runs as the owner, in a session of its own so that Ctrl-C is not its end.
func (o owner) command(dir, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if o.dropped {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid)}
	}
	return cmd
}

// reachable gives programs the owner may run: those found, or a copy of them where he can reach them.
func (o owner) reachable(p Programs) (Programs, error) {
	if !o.dropped || o.enters(p.Bin) {
		return p, nil
	}
	root := filepath.Dir(p.Bin)
	copied := filepath.Join("/var/lib/parley", "postgres-programs-"+strconv.Itoa(p.Major))
	if _, err := os.Stat(filepath.Join(copied, "complete")); err != nil {
		if err := os.RemoveAll(copied); err != nil {
			return p, folderError(copied, err)
		}
		if err := os.MkdirAll(filepath.Dir(copied), 0o755); err != nil {
			return p, folderError(copied, err)
		}
		// cp, not os.CopyFS, because the libraries are symbolic links to each other.
		if out, err := exec.Command("cp", "-R", root, copied).CombinedOutput(); err != nil {
			return p, fmt.Errorf("copy the Postgres programs to %s: %s", copied, strings.TrimSpace(string(out)))
		}
		if err := os.WriteFile(filepath.Join(copied, "complete"), nil, 0o644); err != nil {
			return p, folderError(copied, err)
		}
	}
	p.Bin = filepath.Join(copied, filepath.Base(p.Bin))
	return p, nil
}

// enters says whether the owner gets into a folder, asked the only sure way: by trying as him.
func (o owner) enters(dir string) bool {
	return o.command("/", "/bin/sh", "-c", `cd "$1"`, "sh", dir).Run() == nil
}

// own gives a folder to the owner.
func (o owner) own(dir string) error {
	if !o.dropped {
		return nil
	}
	return os.Chown(dir, o.uid, o.gid)
}

func folderError(dir string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fullError(dir)
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("the folder %s cannot be written; choose another with PARLEY_DATA_DIR", dir)
	}
	return fmt.Errorf("folder %s: %w", dir, err)
}
