#!/bin/sh
# Fetches what the tests of deploy/ need and Debian does not have, and says what is missing.
#
# In CACHE/tools: `helm` and `kustomize`, and in `schemas` the definitions of what is rendered, out of the modules that carry
# them. Where Go is missing or a build fails, the tests that need it are skipped.
set -eu
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/tools

# get NAME VERSION COMMAND...: COMMAND makes NAME in a folder of its own; it is kept as NAME-VERSION, with NAME as a link.
get() {
  name=$1 version=$2
  shift 2
  if [ ! -e "$cache/$name-$version" ]; then
    command -v go >/dev/null || {
      echo "== no $name: Go is missing"
      return 0
    }
    echo "== fetching $name $version"
    folder=$(mktemp -d)
    if ! (cd "$folder" && "$@") >"$folder/log" 2>&1; then
      tail -n 3 "$folder/log"
      echo "== no $name: it could not be had"
      rm -rf "$folder"
      return 0
    fi
    mkdir -p "$cache"
    mv "$folder/$name" "$cache/$name-$version"
    rm -rf "$folder"
  fi
  ln -sfn "$name-$version" "$cache/$name"
}

program() { # program PACKAGE@VERSION
  CGO_ENABLED=0 GOBIN=$PWD go install -p 2 -trimpath -ldflags='-s -w' "$1"
}

helm4() {
  program helm.sh/helm/v4/cmd/helm@v4.3.1
  mv helm helm4
}

folder_of() { # folder_of MODULE@VERSION: where its sources lie
  go mod download -json "$1" | jq -r .Dir
}

# kubectl-validate carries Kubernetes' own schemas; building it would take five minutes more.
schemas() {
  mkdir schemas
  kubernetes=$(folder_of "sigs.k8s.io/kubectl-validate@v0.0.4")/pkg/openapiclient/builtins/1.30
  cp "$kubernetes/api/v1.json" schemas/v1.json
  for group in apps batch; do cp "$kubernetes/apis/$group/v1.json" "schemas/$group.v1.json"; done
  operator=$(folder_of "github.com/prometheus-operator/prometheus-operator@v0.85.0")/example/prometheus-operator-crd
  for kind in podmonitors prometheusrules servicemonitors; do cp "$operator/monitoring.coreos.com_$kind.yaml" schemas/; done
  chmod u+w schemas/*
}

get kustomize 5.8.1 program sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
get helm 3.22.0 program helm.sh/helm/v3/cmd/helm@v3.22.0
[ -z "${HEADROOM_TEST_ALL-}" ] || get helm4 4.3.1 helm4
get schemas 2 schemas
