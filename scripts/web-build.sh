#!/usr/bin/env bash
# Builds the web UI into web/dist unless its sources are unchanged.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sources="$(checksum web/src web/public web/index.html web/*.ts web/*.json schema.graphqls graphql/schema)"
if unchanged web-build "$sources" && [ -f web/dist/index.html ]; then
	exit 0
fi
mkdir -p .parley
say "building the web UI"
npm --prefix web run --silent build >.parley/web-build.log 2>&1 </dev/null || {
	cat .parley/web-build.log >&2
	fail "building the web UI failed"
}
stamp web-build "$sources"
