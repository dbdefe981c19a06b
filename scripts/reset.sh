#!/usr/bin/env bash
# Forgets the local data of `make run`, after a yes.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

dir="${PARLEY_DATA_DIR:-.parley/data}"
[ -d "$dir" ] || fail "there is no data in $dir"
read -r -p "Forget everything in $dir? Type yes: " answer || true
[ "${answer:-}" = yes ] || fail "nothing was removed"
if [ -f "$dir/postgres.location" ]; then
	elsewhere="$(cat "$dir/postgres.location")"
	case "$elsewhere" in
	/var/lib/parley/data-*) rm -rf "$elsewhere" ;;
	esac
fi
rm -rf "$dir"
say "removed $dir"
