#!/usr/bin/env bash
# Says so when Go is missing. An older Go fetches the one go.mod names by itself.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
have go || fail "Go 1.26 or newer is needed; install it from your system's packages or go.dev"
