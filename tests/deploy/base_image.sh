#!/bin/sh
# Makes a root of Debian 12 by debootstrap as CACHE/debian/NAME.tar, once: base_image.sh NAME [DEBOOTSTRAP FLAG...]
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/debian
tar=$cache/$1.tar
shift
[ ! -e "$tar" ] || exit 0
mkdir -p "$cache"
root=$(mktemp -d "$cache/XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
debootstrap --variant=minbase "$@" bookworm "$root"
# Packages come from where this machine has them from.
rm -f "$root/etc/apt/sources.list"
cp -rL /etc/apt/sources.list* /etc/apt/apt.conf.d "$root/etc/apt/"
tar -C "$root" --exclude=./dev --exclude=./proc --exclude=./sys --exclude='./var/cache/apt/archives/*.deb' -cf "$tar.new" .
mv "$tar.new" "$tar"
