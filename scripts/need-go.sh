#!/usr/bin/env bash
# Fails if Go is missing. An older Go downloads the version that go.mod names.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
have go || fail "Parley needs Go 1.26 or newer; install it from your system's packages or go.dev"
