#!/bin/sh
# clang_tidy.sh BUILD: clang-tidy over the exporter's and the tools' sources as BUILD compiles them, many files at once, two
# such units at a time. A unit is looked at again only when what the compiler would read of it has changed: results are kept
# by the hash of its preprocessed text in the user's cache folder.
set -eu
build=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/clang-tidy
mkdir -p "$cache"

check() {
  unit=$1
  command=$(jq -r --arg unit "$unit" '.[] | select(.file == $unit) | .command' "$build/compile_commands.json")
  # The compiler's own launcher is left out; -E in place of -c gives the preprocessed text, -P without the paths of this
  # checkout.
  key=$({ cat .clang-tidy; clang-tidy --version
    (cd "$build" && eval "$(echo "$command" | sed -E 's/^[^ ]*ccache //; s/ -o [^ ]+ -c / -E -P /')"); } | sha256sum | cut -d ' ' -f 1)
  [ -e "$cache/$key" ] && return 0
  echo "clang-tidy ${unit#"$build/"}"
  clang-tidy -p "$build" --quiet "$unit" && touch "$cache/$key"
}

if [ $# -eq 2 ]; then
  check "$2"
else
  jq -r '.[].file' "$build/compile_commands.json" | grep -E "^($build|$PWD)/(exporter|tests/tools)/" | grep -v _proto | xargs -r -P 2 -n 1 "$0" "$build"
fi
