#!/usr/bin/env bash
# get-mysql.sh PACKAGE FOLDER: unpacks a database server (mysql-server-core or mariadb-server-core) with the
# libraries it needs, its own C library among them, under FOLDER. The system is not touched and root is not
# needed. The packages come from the Debian archive this machine is configured with; where none is, and on
# systems other than Debian, it fails. FOLDER/run then starts the server: FOLDER/run --version.
set -euo pipefail

package=${1:?a package name}
folder=$(realpath -m "${2:?a folder}")
suite=${SUITE:-sid}
arch=$(dpkg --print-architecture)

archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | sort -u | head -n 1) || true
[ -n "$archive" ] || { echo "apt knows no Debian archive on this machine" >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keyring" ] || { echo "$keyring is missing: apt-get install debian-archive-keyring" >&2; exit 1; }

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/apt/lists/partial "$work"/apt/archives/partial "$work"/debs "$work"/tree/root
: >"$work/apt/status"
echo "deb [signed-by=$keyring] $archive $suite main" >"$work/apt/sources.list"

# A private apt: its own list of sources, its own idea of what is installed (nothing).
private_apt() {
  apt-get -qq \
    -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State="$work/apt" -o Dir::State::lists="$work/apt/lists" \
    -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt" -o Dir::Cache::archives="$work/apt/archives" \
    -o APT::Sandbox::User="$(id -un)" -o APT::Install-Recommends=false -o Acquire::Languages=none \
    -o Acquire::Check-Valid-Until=false "$@"
}

# The URLs of the archive stay out of what is shown.
quietly() { "$@" >"$work/log" 2>&1 || { sed -E 's#[a-z]+://[^ ]*##g' "$work/log" >&2; return 1; }; }

quietly private_apt update
# Every library of the closure, none of the programs and none of perl's.
mapfile -t wanted < <(private_apt --print-uris install "$package" | awk '{print $2}' | sed 's/_.*//' |
  grep -E "^($package|lib|zlib1g)" | grep -vE '^(libperl|libdb5|libgdbm|libdbd|libdbi|libterm|libcrypt[0-9-]*$)' | sort -u)
[ "${#wanted[@]}" -gt 1 ] || { echo "$suite for $arch has no $package" >&2; exit 1; }
(cd "$work/debs" && quietly private_apt download "${wanted[@]}")
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$work/tree/root"; done
rm -rf "$work"/tree/root/usr/{bin,games,include} "$work"/tree/root/usr/share/{doc,man,info,locale}

server=$(find "$work/tree/root/usr/sbin" -type f \( -name mysqld -o -name mariadbd \) | head -n 1)
loader=$(find "$work/tree/root/usr/lib" -name 'ld-linux-*.so.*' | head -n 1)
[ -n "$server" ] && [ -n "$loader" ] || { echo "$package holds no server that can be run" >&2; exit 1; }
inside() { printf '$here/%s' "${1#"$work"/tree/}"; }
flags='--basedir="$here/root/usr"'
case $server in
  */mysqld) flags+=' --lc-messages-dir="$here/root/usr/share/mysql" --secure-file-priv=NULL' ;;
esac
cat >"$work/tree/run" <<RUN
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
exec "$(inside "$loader")" --library-path "$(inside "$(dirname "$loader")")" "$(inside "$server")" "\$@" $flags
RUN
chmod +x "$work/tree/run"
chmod 755 "$work/tree"

"$work/tree/run" --no-defaults --version
rm -rf "$folder"
mv "$work/tree" "$folder"
