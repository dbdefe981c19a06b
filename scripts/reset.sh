#!/usr/bin/env bash
# Forgets the local data of `make run`, after a yes.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

dir="${PARLEY_DATA_DIR:-.parley}"
[ -d "$dir" ] || fail "there is no data in $dir"
read -r -p "Forget every message, person and key in $dir? Type yes: " answer || true
[ "${answer:-}" = yes ] || fail "nothing was removed"
# Under root the database may lie elsewhere, where its user can reach it.
while IFS= read -r marker; do
	elsewhere="$(cat "$marker")"
	case "$elsewhere" in
	/var/lib/parley/data-*) rm -rf "$elsewhere" ;;
	esac
done < <(find "$dir" -maxdepth 2 -name postgres.location)
find "$dir" -mindepth 1 -maxdepth 1 ! -name tools ! -name bin ! -name stamps -exec rm -rf {} +
say "removed what was in $dir"
