# Functions shared by the scripts: messages, installing packages, stamps.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Node uses its built-in certificates. Point it to the system's store, which may hold a company's own.
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ]; then
	for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
		if [ -r "$bundle" ]; then
			export NODE_EXTRA_CA_CERTS="$bundle"
			break
		fi
	done
fi

say() { printf '%s\n' "parley: $*" >&2; }

fail() {
	say "$@"
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Installs packages with apt-get. Fails silently without apt-get or root.
apt_install() {
	have apt-get && [ "$(id -u)" = 0 ] || return 1
	say "installing $*"
	mkdir -p .parley
	local log=.parley/apt.log
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 </dev/null && return
	apt-get update >"$log" 2>&1 </dev/null || true
	apt-get install -y --no-install-recommends "$@" >>"$log" 2>&1 </dev/null
}

# Prints one checksum over the contents and names of files and folders.
checksum() {
	find "$@" -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 cksum | cksum
}

# Succeeds if a stamp holds this text.
unchanged() { [ -f ".parley/stamps/$1" ] && [ "$(cat ".parley/stamps/$1")" = "$2" ]; }

stamp() {
	mkdir -p .parley/stamps
	printf '%s\n' "$2" >".parley/stamps/$1"
}

# Waits until no other script in this clone holds a lock, and holds it until this script ends.
lock() {
	local file=".parley/locks/$1" holder
	mkdir -p .parley/locks
	if have flock; then
		exec 9>"$file"
		flock --nonblock 9 || { say "waiting for another $1" && flock 9; }
		return
	fi
	# macOS has no flock. A link can be created by one script only, and it names its holder, so that one that a killed
	# script left behind is noticed.
	until ln -s "$$" "$file.pid" 2>/dev/null; do
		holder="$(readlink "$file.pid" || true)"
		if [ -z "$holder" ] || kill -0 "$holder" 2>/dev/null; then
			sleep 0.2
		elif mv "$file.pid" "$file.$$" 2>/dev/null; then
			if [ "$(readlink "$file.$$")" = "$holder" ]; then
				rm -f "$file.$$"
			else
				mv "$file.$$" "$file.pid" # another script was quicker, and this is its lock
			fi
		fi
	done
	# shellcheck disable=SC2064 # the name is known now, and local
	trap "rm -f '$PWD/$file.pid'" EXIT
}

need_npm() {
	have node && have npm || fail "Parley needs Node 20 or newer with npm; install it from your system's packages or nodejs.org"
	local major
	major="$(node -p 'process.versions.node.split(".")[0]')"
	[ "$major" -ge 20 ] || fail "Parley needs Node 20 or newer; this is $(node -v)"
}
