#!/usr/bin/env bash
# Fails if gofmt would change a Go file, and names those files.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
files="$(scripts/go-files.sh | xargs gofmt -l)"
[ -z "$files" ] || fail "not formatted, run make format: $files"
