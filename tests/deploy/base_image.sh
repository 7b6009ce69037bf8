#!/bin/sh
# Makes a root of Debian 12 by debootstrap as CACHE/debian/NAME.tar, once: base_image.sh NAME [DEBOOTSTRAP FLAG...]
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/debian
tar=$cache/$1.tar
shift
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
debootstrap --variant=minbase "$@" bookworm "$root"
# Packages come from where this machine has them from.
rm -f "$root/etc/apt/sources.list"
cp -rL /etc/apt/sources.list* /etc/apt/apt.conf.d "$root/etc/apt/"
tar -C "$root" --exclude=./dev --exclude=./proc --exclude=./sys --exclude='./var/cache/apt/archives/*.deb' -cf "$tar.new" .
mv "$tar.new" "$tar"
