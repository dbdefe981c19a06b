package node

import (
	"encoding/json"
	"math"
	"time"
)

// limits is what a stream's metadata says about which of its events may be read.
type limits struct {
	truncateBefore int64
	maxCount       int64         // 0: no limit
	maxAge         time.Duration // 0: no limit
}

// limitsFrom reads $tb, $maxCount and $maxAge. What is malformed or not positive counts as absent.
func limitsFrom(metadata []byte) limits {
	var keys map[string]json.RawMessage
	if len(metadata) == 0 || json.Unmarshal(metadata, &keys) != nil {
		return limits{}
	}
	l := limits{truncateBefore: positive(keys["$tb"]), maxCount: positive(keys["$maxCount"])}
	if seconds := positive(keys["$maxAge"]); seconds > 0 {
		l.maxAge = time.Duration(min(seconds, math.MaxInt64/int64(time.Second))) * time.Second
	}
	return l
}

func positive(raw json.RawMessage) int64 {
	var n int64
	if raw == nil || json.Unmarshal(raw, &n) != nil || n < 0 {
		return 0
	}
	return n
}

// softDeleted says whether the stream reads as not found until somebody writes to it again.
func (l limits) softDeleted() bool { return l.truncateBefore == tombstoneRevision }

// recreated is the metadata of a soft-deleted stream that is written again at revision first.
func recreated(metadata []byte, first int64) []byte {
	keys := map[string]json.RawMessage{}
	if json.Unmarshal(metadata, &keys) != nil || keys == nil {
		keys = map[string]json.RawMessage{}
	}
	keys["$tb"], _ = json.Marshal(first)
	out, err := json.Marshal(keys)
	if err != nil {
		return metadata
	}
	return out
}

// softDelete is the metadata that hides all events written so far.
func softDelete() []byte { return []byte(`{"$tb":9223372036854775807}`) }
