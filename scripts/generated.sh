#!/usr/bin/env bash
# Fails when the generated code in the tree is not what the generators write.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

before="$(checksum graphql web/src/graphql)"
make generate
[ "$(checksum graphql web/src/graphql)" = "$before" ] ||
	fail "the generated code was not current; it is now, commit what changed in graphql/ and web/src/graphql/"
