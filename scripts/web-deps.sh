#!/usr/bin/env bash
# Installs the packages of the web UI when the lock file has changed since the last time.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

now="$(checksum web/package.json web/package-lock.json)"
if unchanged web-deps "$now" && [ -x web/node_modules/.bin/node ]; then
	exit 0
fi
need_npm
say "installing the packages of the web UI"
# npm ci refuses a lock file that does not list the optional packages of every other platform, and a registry that
# serves one platform only makes such lock files. npm install takes the same locked versions and leaves the file alone.
options=(--prefix web --no-audit --no-fund --loglevel=error --fetch-timeout=60000)
npm ci "${options[@]}" --fetch-retries=1 >/dev/null 2>&1 </dev/null ||
	npm install --no-save "${options[@]}" >&2 </dev/null || fail "the packages of the web UI could not be installed"
# The package "node" brings its program by an install script, which some set-ups of npm do not run.
if ! web/node_modules/.bin/node --version >/dev/null 2>&1; then
	(cd web/node_modules/node && node installArchSpecificPackage.js) >&2 || fail "Node 24 could not be put into web/node_modules"
fi
stamp web-deps "$now"
