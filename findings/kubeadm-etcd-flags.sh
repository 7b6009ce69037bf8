#!/bin/sh
# kubeadm 1.37: the flags it writes for etcd do not follow etcd.local.imageTag, and etcd 3.5 refuses one of them.
#
# ClusterConfiguration lets one pin etcd by imageTag, and kubeadm knows experimental flags by their old names of 3.5. One would
# expect the manifest for 3.5.35-0 to have flags of 3.5. But kubeadm 1.37.2 writes --feature-gates=InitialCorruptCheck=true whatever
# the tag says: a flag of 3.6. etcd 3.5.35 ends at once, so such a control plane never comes up.
#
# Seen: image: registry.k8s.io/etcd:3.5.35-0 beside --feature-gates=InitialCorruptCheck=true, and from etcd 3.5.35 "flag provided but
# not defined: -feature-gates".
#
# Builds kubeadm v1.37.2 and etcd v3.5.35 from the Go module proxy in a temporary folder. Needs Go 1.26 and jq; takes some minutes.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
kubernetes=v1.37.2
etcd=v3.5.35

# Neither can be installed by name, since both replace modules.
cp -r "$(go mod download -json "k8s.io/kubernetes@$kubernetes" | jq -r .Dir)" "$work/kubernetes"
chmod -R u+w "$work/kubernetes"
(
  cd "$work/kubernetes"
  rm -rf go.work vendor
  sed -n 's|^\t\(k8s\.io/[a-z-]*\) => \./staging/.*|\1|p' go.mod | while read -r module; do
    go mod edit -replace="$module=$module@v0.${kubernetes#v1.}"
  done
  version="-X=k8s.io/component-base/version.gitVersion=$kubernetes"
  CGO_ENABLED=0 go build -mod=mod -buildvcs=false -trimpath -tags= -ldflags="-s -w $version" -o "$work/kubeadm" ./cmd/kubeadm
)
mkdir "$work/etcd-module"
(
  cd "$work/etcd-module"
  go mod init etcd-here
  go get "go.etcd.io/etcd/server/v3@$etcd"
  CGO_ENABLED=0 go build -buildvcs=false -trimpath -o "$work/etcd" go.etcd.io/etcd/server/v3
) 2>/dev/null

cat >"$work/config.yaml" <<EOF
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: $kubernetes
etcd: {local: {imageTag: ${etcd#v}-0}}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: 192.0.2.1}
nodeRegistration: {name: node-1}
EOF
manifest=$(KUBEADM_INIT_DRYRUN_DIR=$work/dry "$work/kubeadm" init phase etcd local --config "$work/config.yaml" --dry-run 2>/dev/null)
said=$("$work/etcd" --data-dir "$work/data" --feature-gates=InitialCorruptCheck=true 2>&1 | head -n 1) || true
printf '%s\n' "$manifest" | grep -E 'feature-gates|image:'
echo "etcd ${etcd#v}: $said"

printf '%s\n' "$manifest" | grep -q "image: registry.k8s.io/etcd:${etcd#v}-0"
printf '%s\n' "$manifest" | grep -q -- '--feature-gates=InitialCorruptCheck=true'
[ "$said" = 'flag provided but not defined: -feature-gates' ]
echo 'as described'
