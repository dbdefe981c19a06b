package node

import (
	"encoding/json"
	"math"
	"time"
)

// limits says which events of a stream can be read, according to its metadata.
type limits struct {
	truncateBefore int64
	maxCount       int64         // 0 means no limit
	maxAge         time.Duration // 0 means no limit
}

// parseLimits reads $tb, $maxCount and $maxAge. Malformed and non-positive values count as absent.
func parseLimits(metadata []byte) limits {
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

// softDeleted reports whether the stream reads as not found until the next write.
func (l limits) softDeleted() bool { return l.truncateBefore == tombstoneRevision }

// recreatedMetadata returns the metadata of a soft-deleted stream once it is written again, starting at
// revision first.
func recreatedMetadata(metadata []byte, first int64) []byte {
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

// isObject reports whether metadata is a JSON object, as clients write it.
func isObject(metadata []byte) bool {
	var keys map[string]json.RawMessage
	return json.Unmarshal(metadata, &keys) == nil && keys != nil
}

// softDeleteMetadata returns the metadata that hides all events written so far.
func softDeleteMetadata() []byte { return []byte(`{"$tb":9223372036854775807}`) }
