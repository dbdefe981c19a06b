#!/usr/bin/env bash
# Names the Go files that gofmt would change, and fails when there are any.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
files="$(scripts/go-files.sh | xargs gofmt -l)"
[ -z "$files" ] || fail "not formatted, run make format: $files"
