#!/usr/bin/env bash
# Installs a C compiler for the race detector if there is none.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

works() {
	local cc
	cc="$(go env CC 2>/dev/null)" || return 1
	have "${cc%% *}" || return 1
	printf '#include <stdlib.h>\nint main(void) { return 0; }\n' | $cc -x c -o /dev/null - 2>/dev/null
}

scripts/need-go.sh
works && exit 0
apt_install gcc libc6-dev && works && exit 0
fail "the race detector needs a C compiler; install one (Debian, Ubuntu: apt install gcc libc6-dev;" \
	"Fedora: dnf install gcc; macOS: xcode-select --install)"
