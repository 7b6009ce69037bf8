#!/bin/sh
# Prints the section of CHANGELOG.md for VERSION, or the unreleased one until VERSION has its own: notes.sh VERSION
set -eu
changelog=$(dirname "$0")/../../CHANGELOG.md
section() { # section NAME: its text
  awk -v name="## [$1]" 'index($0, "## ") == 1 { inside = index($0, name) == 1 } inside' "$changelog" | sed 1d
}
text=$(section "$1")
[ -n "$text" ] || text=$(section Unreleased)
[ -n "$text" ] || {
  echo "notes.sh: CHANGELOG.md has no section for $1" >&2
  exit 1
}
printf '# etcd-headroom %s\n%s\n' "$1" "$text"
