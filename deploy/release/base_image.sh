#!/bin/sh
# Makes a root of Debian by debootstrap as CACHE/debian/NAME.tar, once: base_image.sh NAME RELEASE [DEBOOTSTRAP FLAG...]
#
# RELEASE is bookworm or trixie. Packages come from where this machine has those of its own release.
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/debian
tar=$cache/$1.tar
release=$2
shift 2
[ ! -e "$tar" ] || exit 0
mkdir -p "$cache"
# Who comes second waits and then has it.
exec 9>"$tar.lock"
flock 9
[ ! -e "$tar" ] || exit 0
root=$(mktemp -d "$cache/XXXXXX")
# A signal would otherwise end dash without the trap of EXIT.
trap 'rm -rf --one-file-system "$root" "$tar.new"' EXIT
trap 'exit 1' INT TERM HUP
# shellcheck source=/dev/null
own=$(. /etc/os-release && echo "$VERSION_CODENAME")
# The release, its security updates and its other updates. apt's own variables:
# shellcheck disable=SC2016
sources=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' | sort -u |
  sed -n "s/^$own\([a-z-]*\) \(.*\)/deb \2 $release\1 main/p")
[ -n "$sources" ] || {
  echo "base_image.sh: apt knows no archive of Debian" >&2
  exit 1
}
debootstrap --variant=minbase "$@" "$release" "$root" "$(echo "$sources" | sed -n "s/^deb \(.*\) $release main$/\1/p" | head -n 1)"
echo "$sources" >"$root/etc/apt/sources.list"
cp -rL /etc/apt/apt.conf.d "$root/etc/apt/"
chmod 755 "$root"
tar -C "$root" --exclude=./dev --exclude=./proc --exclude=./sys --exclude='./var/cache/apt/archives/*.deb' -cf "$tar.new" .
mv "$tar.new" "$tar"
