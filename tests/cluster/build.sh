#!/bin/sh
# build.sh [NAME...]: builds the programs of a Kubernetes cluster from the Go module proxy, all or those named, and prints where
# they are: CACHE/cluster/MODULE-VERSION/NAME. Needs Go 1.26 and jq. The first build of all takes an hour on two cores.
set -eu
kubernetes=k8s.io/kubernetes@v${HEADROOM_KUBERNETES:-1.37.2}
kwok=sigs.k8s.io/kwok@v0.8.0
kyverno=github.com/kyverno/kyverno@v1.19.1
crictl=sigs.k8s.io/cri-tools@v1.37.0
prometheus=github.com/prometheus/prometheus@v0.316.0 # Prometheus 3.16
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom/cluster
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT

# sources MODULE@VERSION: a writable copy of its sources in $folder. None of these modules can be installed by name, since each
# replaces other modules.
sources() {
  cp -r "$(go mod download -json "$1" | jq -r .Dir)" "$folder/$1"
  chmod -R u+w "$folder/$1"
  cd "$folder/$1"
  # Kubernetes takes its own modules from folders that the proxy does not have. The proxy has them as modules of the same release.
  rm -rf go.work vendor
  sed -n 's|^\t\(k8s\.io/[a-z-]*\) => \./staging/.*|\1|p' go.mod | while read -r module; do
    go mod edit -replace="$module=$module@v0.${1##*@v1.}"
  done
}

# program MODULE@VERSION NAME [TAGS [LDFLAGS]]: builds ./cmd/NAME of the module unless the cache has it.
program() {
  name=$(basename "${1%@*}")-${1##*@v}
  case " $wanted " in *" $2 "*) ;; *) return 0 ;; esac
  if [ ! -x "$cache/$name/$2" ]; then
    echo "== building $2 of $name" >&2
    mkdir -p "$cache/$name" "$folder/${1%/*}"
    (
      [ -e "$folder/$1" ] || sources "$1"
      cd "$folder/$1"
      CGO_ENABLED=0 go build -mod=mod -p 2 -buildvcs=false -trimpath -tags="${3-}" -ldflags="-s -w ${4-}" -o "$folder/program" "./cmd/$2"
      mv "$folder/program" "$cache/$name/$2"
    ) >"$folder/log" 2>&1 || {
      tail -n 20 "$folder/log" >&2
      exit 1
    }
  fi
  echo "$cache/$name/$2"
}

all='kube-apiserver kubectl kubeadm kube-controller-manager kube-scheduler kwok kyverno reports-controller background-controller
prometheus kubelet crictl'
wanted=$(echo "${*:-$all}" | tr '\n' ' ')
# Pod security admission reads both numbers and panics without the second one.
minor=${kubernetes##*@v1.}
package=k8s.io/component-base/version
version="-X=$package.gitVersion=v1.$minor -X=$package.gitMajor=1 -X=$package.gitMinor=${minor%%.*}"
for name in kube-apiserver kubectl kubeadm kube-controller-manager kube-scheduler kubelet; do
  program "$kubernetes" $name '' "$version"
done
program "$kwok" kwok
program "$crictl" crictl
for name in kyverno reports-controller background-controller; do program "$kyverno" $name; done
program "$prometheus" prometheus remove_all_sd
