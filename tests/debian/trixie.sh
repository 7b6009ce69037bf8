#!/bin/sh
# Builds in Debian 13, runs the unit tests there, and the exporter beside Debian 13's etcd. The root is kept in the cache.
set -eu
cd "$(dirname "$0")/../.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null || ! command -v systemd-nspawn >/dev/null; then
  echo 'skipped: needs root, debootstrap and systemd-nspawn'
  exit 77
fi
deploy/release/base_image.sh trixie trixie >/dev/null
root=$cache/debian/trixie-build
exec 9>"$root.lock"
flock 9
if [ ! -e "$root/etc/debian_version" ]; then
  rm -rf --one-file-system "$root.new"
  mkdir "$root.new"
  tar -xf "$cache/debian/trixie.tar" -C "$root.new"
  mv "$root.new" "$root"
fi
rm -rf --one-file-system "$root/src"
mkdir -p "$root/src" "$cache/ccache" "$cache/civetweb"
git ls-files -z | tar --null --files-from=- -cf - | tar -xf - -C "$root/src"

# shellcheck disable=SC2016 # for the shell inside
# No --register: there may be no systemd outside.
systemd-nspawn --register=no --keep-unit --quiet --console=pipe --resolv-conf=replace-host --directory "$root" \
  --bind "${CCACHE_DIR:-$cache/ccache}:/ccache" --bind "$cache/civetweb:/root/.cache/etcd-headroom/civetweb" \
  --setenv=CCACHE_DIR=/ccache --setenv=CCACHE_BASEDIR=/src --setenv=CCACHE_NOHASHDIR=1 --setenv=LANG=C.UTF-8 \
  --chdir /src /bin/sh -euc '
    echo "== $(cat /etc/debian_version)"
    [ -e /usr/bin/pytest-3 ] || { apt-get update && apt-get install -y --no-install-recommends git libbenchmark-dev libgmock-dev \
      libgtest-dev openssl python3-grpcio python3-pytest; } >log 2>&1 || { cat log; exit 1; }
    tests/tools/install_dependencies.sh run
    cmake --preset release >log || { cat log; exit 1; }
    cmake --build --preset release -j 2
    ctest --preset release --label-exclude "slow|lint"
    ctest --preset release -R "^integration.(discovery|tls)$"
  '
