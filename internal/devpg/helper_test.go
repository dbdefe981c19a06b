package devpg_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/devpg"
)

const helperDir = "DEVPG_HELPER_DIR"

// TestMain lets this test program run a second time, as a program that starts a server and waits to be
// killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(helperDir); dir != "" {
		s, err := devpg.Start(context.Background(), devpg.Config{Dir: dir})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(s.URL("postgres"))
		select {}
	}
	os.Exit(m.Run())
}

type helper struct {
	cmd *exec.Cmd
	url string
}

func runHelper(t *testing.T, dir string) helper {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), helperDir+"="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "postgres://")
	return helper{cmd: cmd, url: strings.TrimSpace(line)}
}
