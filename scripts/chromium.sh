#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests, installing one if necessary.
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

find_chromium >/dev/null || apt_install chromium || true
if find_chromium; then
	# Without an emoji font, emoji are empty boxes in the screenshots. No test depends on it.
	if have fc-list && [ -z "$(fc-list :lang=und-zsye)" ]; then
		apt_install fonts-noto-color-emoji || true
	fi
	exit 0
fi
fail "the browser tests need Chromium; install it (Debian: apt install chromium; macOS: brew install --cask chromium)" \
	"or set PARLEY_CHROMIUM to its path"
