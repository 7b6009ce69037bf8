#!/bin/sh
# The voice of what people read: pages, runbooks and the texts of alerts, by Vale with the rules in prose/. Vale comes from the Go
# module proxy into the user's cache folder. It parses code by C libraries that are not used here, so they are compiled quickly.
set -eu
version=3.18.0
home=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/tools/vale-$version
if [ ! -x "$home/vale" ]; then
  command -v go >/dev/null || {
    echo 'skipped: Go is missing'
    exit 77
  }
  mkdir -p "$home"
  CGO_ENABLED=1 CGO_CFLAGS='-O0 -w' GOBIN=$home go install -p 2 -trimpath -ldflags='-s -w' \
    "github.com/errata-ai/vale/v3/cmd/vale@v$version" >"$home/log" 2>&1 || {
    tail -n 3 "$home/log"
    echo 'skipped: Vale cannot be built'
    exit 77
  }
fi
cd "$(dirname "$0")/../.."
vale() { "$home/vale" --config=tests/lint/prose/vale.ini --no-global --output=line "$@"; }
found=$(vale tests/lint/prose/bad.md || true)
for rule in tests/lint/prose/Headroom/*.yml; do
  name=Headroom.$(basename "$rule" .yml)
  case $found in *":$name:"*) ;; *)
    echo "$name finds nothing in bad.md"
    exit 1
    ;;
  esac
done
texts=$(mktemp -d)
trap 'rm -rf "$texts"' EXIT
/usr/bin/python3 tests/lint/alert_texts.py >"$texts/alerts.md"
# The changelog quotes old names. The rest is generated.
# shellcheck disable=SC2046 # a list of words
vale "$texts/alerts.md" $(git ls-files '*.md' ':!CHANGELOG.md' ':!exporter/METRICS.md' ':!tests')
echo 'the words are plain'
