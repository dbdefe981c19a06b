#!/usr/bin/env bash
# Fails if the generated code is out of date.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

before="$(checksum graphql web/src/graphql)"
make generate
[ "$(checksum graphql web/src/graphql)" = "$before" ] ||
	fail "the generated code was out of date; commit the changes in graphql/ and web/src/graphql/"
