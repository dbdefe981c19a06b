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

// owner is the user Postgres runs as. Postgres refuses to run as root, so for root it is another user.
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
	return owner{}, errors.New("postgres refuses to run as root, and there is no user postgres or nobody to run it as; " +
		"start Parley as an ordinary user")
}

// command prepares a program that runs as the owner, in its own session so that Ctrl-C does not end it.
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

// accessible returns programs that the owner may run: those found, or a copy in a place the owner can enter.
func (o owner) accessible(p Programs) (Programs, error) {
	if !o.dropped || o.canEnter(p.Bin) {
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
		// Not os.CopyFS, because the libraries are symbolic links to each other.
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

// canEnter reports whether the owner can enter a folder. The only reliable way is to try as that user.
func (o owner) canEnter(dir string) bool {
	return o.command("/", "/bin/sh", "-c", `cd "$1"`, "sh", dir).Run() == nil
}

// chown gives a folder to the owner.
func (o owner) chown(dir string) error {
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
		return fmt.Errorf("the folder %s is not writable; choose another with PARLEY_DATA_DIR", dir)
	}
	return fmt.Errorf("folder %s: %w", dir, err)
}
