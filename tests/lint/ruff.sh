#!/bin/sh
# ruff.sh [--fix]: format and lint of all Python. ruff comes from PyPI into the user's cache folder.
set -eu
version=0.14.6
home=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/tools/ruff-$version
if [ ! -x "$home/bin/ruff" ]; then
  rm -rf "$home"
  /usr/bin/python3 -m venv "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check "ruff==$version" || {
    rm -rf "$home"
    echo 'skipped: ruff cannot be installed'
    exit 77
  }
fi
cd "$(dirname "$0")/../.."
if [ "${1-}" = --fix ]; then
  "$home/bin/ruff" check --no-cache --fix .
  "$home/bin/ruff" format --no-cache .
else
  "$home/bin/ruff" check --no-cache .
  "$home/bin/ruff" format --no-cache --check .
fi
