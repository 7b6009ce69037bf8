#!/bin/sh
# Builds the etcd servers that the integration tests run besides Debian's, and says which versions there are: the newest, with
# HEADROOM_TEST_ALL one of each kind.
#
# Each is kept as CACHE/etcd/VERSION/etcd. Where Go is missing or a build fails the tests do without that version.
set -eu
# One of 3.5, one of 3.6.0 to 3.6.5 (Status has the configured quota, not the one in force), a later 3.6, one of 3.7.
versions='3.5.35 3.6.4 3.6.16 3.7.3'
[ -n "${HEADROOM_TEST_ALL-}" ] || versions=${versions##* }
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/etcd

build() { # build VERSION FOLDER
  # etcd's own go.mod cannot be installed by name (it replaces modules), but can be required by another.
  cd "$2"
  go mod init etcd-for-tests
  go get "go.etcd.io/etcd/server/v3@v$1"
  CGO_ENABLED=0 go build -buildvcs=false -trimpath -o etcd go.etcd.io/etcd/server/v3
}

covered=$(etcd --version | sed -n 's/^etcd Version: //p')
for version in $versions; do
  if [ ! -x "$cache/$version/etcd" ]; then
    command -v go >/dev/null || {
      echo "== etcd $version is not tested: Go is missing"
      continue
    }
    echo "== building etcd $version"
    folder=$(mktemp -d)
    if ! (build "$version" "$folder") >"$folder/log" 2>&1; then
      tail -n 3 "$folder/log"
      echo "== etcd $version is not tested: it could not be built"
      rm -rf "$folder"
      continue
    fi
    mkdir -p "$cache/$version"
    mv "$folder/etcd" "$cache/$version/etcd"
    rm -rf "$folder"
  fi
  covered="$covered $version"
done
echo "== integration tests run etcd $covered"
