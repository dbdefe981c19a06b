#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

find_chromium() {
	local name
	for name in "${PARLEY_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
		if [ -n "$name" ] && have "$name"; then
			command -v "$name"
			return
		fi
	done
	return 1
}

find_chromium && exit 0
apt_install chromium && find_chromium && exit 0
fail "Chromium is needed for the browser tests; install it (Debian: apt install chromium; macOS: brew install --cask chromium) or name it in PARLEY_CHROMIUM"
