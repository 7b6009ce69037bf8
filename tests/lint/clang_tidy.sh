#!/bin/sh
# clang-tidy over the sources that git knows, two at a time. A file is looked at again only when what the compiler would read
# of it has changed: results are kept by the hash of its preprocessed text in the user's cache folder.
set -eu
build=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/clang-tidy
mkdir -p "$cache"

check() {
  file=$1
  command=$(jq -r --arg file "$PWD/$file" '.[] | select(.file == $file) | .command' "$build/compile_commands.json" | head -n 1)
  [ -n "$command" ] || { echo "$file: not in this build, skipped"; return 0; }
  # The compiler's own launcher is left out; -E in place of -c gives the
  # preprocessed text, -P without the paths of this checkout.
  key=$({ cat .clang-tidy; clang-tidy --version; (cd "$build" && eval "$(echo "$command" | sed -E 's/^[^ ]*ccache //; s/ -o [^ ]+ -c / -E -P /')"); } \
    2>/dev/null | sha256sum | cut -d ' ' -f 1)
  [ -e "$cache/$key" ] && return 0
  echo "clang-tidy $file"
  clang-tidy -p "$build" --quiet "$file" && touch "$cache/$key"
}

if [ $# -eq 2 ]; then
  check "$2"
else
  git ls-files 'exporter/*.cc' 'tests/tools/*.cc' | xargs -P 2 -n 1 "$0" "$build"
fi
