#!/bin/sh
# build_engine.sh NAME: builds another engine for the alert cases from the Go module proxy and prints where it is. NAME is
# `promtool`, of Prometheus 3.16, or `vmalert-tool`, of VictoriaMetrics 1.151. Needs Go 1.26 and jq; minutes at the first time.
set -eu
case $1 in
promtool) module=github.com/prometheus/prometheus@v0.316.0 package=./cmd/promtool tags=remove_all_sd ;;
vmalert-tool) module=github.com/VictoriaMetrics/VictoriaMetrics@v1.151.0 package=./app/vmalert-tool tags='' ;;
*) exit 2 ;;
esac
kept=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/engines/$(basename "${module%@*}")-${module##*@v}
if [ ! -x "$kept/$1" ]; then
  command -v go >/dev/null || {
    echo 'skipped: Go is missing' >&2
    exit 77
  }
  folder=$(mktemp -d)
  trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
  # Both modules replace others, so they cannot be installed by name.
  cp -r "$(go mod download -json "$module" | jq -r .Dir)" "$folder/sources"
  chmod -R u+w "$folder/sources"
  rm -rf "$folder/sources/go.work" "$folder/sources/vendor"
  (cd "$folder/sources" && CGO_ENABLED=0 go build -mod=mod -p 2 -buildvcs=false -trimpath -tags="$tags" -ldflags='-s -w' -o "$folder/program" "$package") >&2
  mkdir -p "$kept"
  mv "$folder/program" "$kept/$1"
fi
echo "$kept/$1"
