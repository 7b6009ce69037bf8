#!/bin/sh
# Gets CivetWeb's source from Debian's archive, with Debian's patches, and prints where it is. Kept in the cache: the network is
# needed once. Needs no root.
#
# Debian's binary packages do not serve: 1.15 and 1.16 load an OpenSSL at run time with which a TLS handshake ends the process, and
# 1.15 has no IPv6.
set -eu
upstream=1.16+dfsg
checksum=41dbfd68cd3b914ce440a5813f21058813b61a972600cc04fb8233a0d2d04fe4
release=trixie # Debian 12 has an older one

kept=${XDG_CACHE_HOME:-${HOME:-/var}/.cache}/etcd-headroom/civetweb/$upstream
if [ ! -e "$kept/src/civetweb.c" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 1' INT TERM HUP
  # From where this machine has the packages of its own release.
  # shellcheck source=/dev/null
  own=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # shellcheck disable=SC2016 # apt's own variables
  archive=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    sed -n "s/^\($own\|stable\|oldstable\) //p" | head -n 1)
  [ -n "$archive" ] || {
    echo "civetweb: apt knows no archive of Debian: give -DHEADROOM_CIVETWEB_SOURCE=FOLDER" >&2
    exit 1
  }
  mkdir -p "$folder/lists/partial" "$folder/cache"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $release main" >"$folder/sources.list"
  apt() {
    apt-get -q -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null \
      -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder/cache" -o APT::Sandbox::User= \
      -o Acquire::Retries=5 "$@"
  }
  apt update >"$folder/log" 2>&1 || {
    cat "$folder/log" >&2
    exit 1
  }
  # The upstream archive is the one named above. Debian's patches change with its security updates: apt has their checksum from the
  # signed index.
  apt source --print-uris civetweb 2>"$folder/log" |
    sed -n "s/^'\([^']*\)' civetweb_[^ ]*\.\(orig\|debian\)\.tar\.xz [0-9]* \(SHA256:[0-9a-f]*\)$/\2 \1 \3/p" >"$folder/uris"
  grep -q "^orig .* SHA256:$checksum$" "$folder/uris" || {
    cat "$folder/log" "$folder/uris" >&2
    echo "civetweb: Debian's source of $upstream is not the one expected here" >&2
    exit 1
  }
  mkdir "$folder/source"
  while read -r part uri hash; do
    /usr/lib/apt/apt-helper -q -o APT::Sandbox::User= -o Acquire::Retries=5 download-file "$uri" "$folder/$part.tar.xz" "$hash" >"$folder/log" 2>&1 || {
      cat "$folder/log" >&2
      exit 1
    }
    tar -xJf "$folder/$part.tar.xz" -C "$folder/source" --no-same-owner
  done <"$folder/uris"
  cd "$folder"/source/civetweb-*
  while read -r patch; do patch -s -p1 <"$folder/source/debian/patches/$patch"; done <"$folder/source/debian/patches/series"
  cp "$folder/source/debian/copyright" "$folder/source/debian/changelog" .
  mkdir -p "${kept%/*}"
  new=$(mktemp -d "$kept.XXXXXX")
  cp -r src include copyright changelog "$new"
  mv -T "$new" "$kept" 2>/dev/null || rm -rf "$new" # another build was first
fi
echo "$kept"
