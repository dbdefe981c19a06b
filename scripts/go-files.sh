#!/usr/bin/env bash
# Lists the Go files of the module.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
find . \( -name node_modules -o -name .parley -o -name .git \) -prune -o -name '*.go' -print
