#!/usr/bin/env bash
# Deletes the local data of `make run` after asking.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

dir="${PARLEY_DATA_DIR:-.parley}"
[ -d "$dir" ] || fail "there is no data in $dir"
read -r -p "Delete all messages, people and keys in $dir? Type yes: " answer || true
[ "${answer:-}" = yes ] || fail "nothing was deleted"
# When run as root, the database may be in a folder that its user can enter.
while IFS= read -r marker; do
	home="$(cat "$marker")"
	case "$home" in
	/var/lib/parley/data-*) rm -rf "$home" ;;
	esac
done < <(find "$dir" -maxdepth 2 -name postgres.location)
find "$dir" -mindepth 1 -maxdepth 1 ! -name tools ! -name bin ! -name stamps -exec rm -rf {} +
say "deleted all data in $dir"
