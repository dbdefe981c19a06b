package graphql

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/graphql/model"
)

func TestEveryFailureReasonOfTheDomainIsInTheAPI(t *testing.T) {
	source, err := os.ReadFile("../domain/interaction/failure.go")
	require.NoError(t, err)
	reasons := regexp.MustCompile(`FailureReason = "([A-Z_]+)"`).FindAllSubmatch(source, -1)
	require.Len(t, reasons, len(model.AllFailureReason), "the two lists are the same")
	for _, r := range reasons {
		require.True(t, model.FailureReason(r[1]).IsValid(), "%s is not in the enum FailureReason; the web would have no words for it", r[1])
	}
}
