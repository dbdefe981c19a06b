#!/usr/bin/env bash
# Installs the packages of the web UI if the lock file has changed.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

now="$(checksum web/package.json web/package-lock.json)"
current() { unchanged web-deps "$now" && [ -x web/node_modules/.bin/node ]; }
current && exit 0
need_npm
lock web-deps # two installations at once would break web/node_modules
current && exit 0 # another one has just done it
say "installing the packages of the web UI"
# npm ci refuses a lock file that lacks the optional packages of other platforms, which a registry serving one platform
# produces. npm install --no-save installs the same locked versions and does not change the file.
options=(--prefix web --no-audit --no-fund --loglevel=error --fetch-timeout=60000)
npm ci "${options[@]}" --fetch-retries=1 >/dev/null 2>&1 </dev/null ||
	npm install --no-save "${options[@]}" >&2 </dev/null || fail "installing the packages of the web UI failed"
# The package "node" gets its program from an install script, but npm may be set to run no scripts.
if ! web/node_modules/.bin/node --version >/dev/null 2>&1; then
	(cd web/node_modules/node && node installArchSpecificPackage.js) >&2 || fail "installing Node 24 in web/node_modules failed"
fi
stamp web-deps "$now"
