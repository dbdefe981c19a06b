package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/policy"
)

func TestAnAgentPausesOnlyForAReasonInThePolicy(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	_, err := w.Pause(w.ctx(), ann, "Because", "", someone())
	require.ErrorIs(t, err, policy.ErrReason)
	_, err = w.Pause(w.ctx(), ann, policy.Default().PauseReasons[0], "", someone())
	require.NoError(t, err)
}
