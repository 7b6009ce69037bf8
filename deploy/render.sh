#!/bin/sh
# Writes the version into the Helm chart and renders the plain manifests from it: deploy/render.sh [FOLDER]
#
# The chart's rules and dashboards are links to rules/ and dashboards/, which Helm follows. Kustomize refuses links that lead out of
# its folder, so the PrometheusRule is rendered like the other manifests.
#
# FOLDER takes the place of deploy/; the tests compare the two. HELM names the program.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
helm=${HELM:-helm}
chart=$out/helm/etcd-headroom
# Nobody can own it. Users name the image that they pushed.
image=registry.example/etcd-headroom-exporter

if [ "$out" != . ]; then
  mkdir -p "$out"
  cp -rL helm kubernetes "$out"
fi
version=$(cat ../VERSION)
sed -i "s/^\(version\|appVersion\): .*/\1: $version/" "$chart/Chart.yaml"

render() { # render FILE TEMPLATE FLAG...
  file=$out/kubernetes/$1 template=templates/$2
  shift 2
  # In a variable: a pipe would hide that helm fails.
  text=$("$helm" template etcd-headroom "$chart" --namespace etcd-headroom --set "image.repository=$image" --show-only "$template" "$@")
  {
    echo "# Made from the Helm chart by \`make manifests\`; edit there."
    # The labels of Helm are of what Helm installs.
    printf '%s\n' "$text" | sed -e '/^# Source: /d' -e '/^---$/d' -e 's/ *$//' -e '/^    helm.sh\/chart: /d' \
      -e '/^    app.kubernetes.io\/managed-by: /d'
  } >"$file"
}

render base/serviceaccount.yaml serviceaccount.yaml
for distribution in kubeadm k3s rke2; do
  render overlays/$distribution/daemonset.yaml daemonset.yaml --set distribution=$distribution
done
render overlays/external-etcd/deployment.yaml deployment.yaml --set distribution=external \
  --set 'external.endpoints={https://etcd-1.example:2379,https://etcd-2.example:2379,https://etcd-3.example:2379}' \
  --set external.secretName=etcd-headroom-certificates
render components/mutual-tls/configmap.yaml mutual-tls.yaml --set mutualTLS.enabled=true
render components/prometheus-operator/podmonitor.yaml podmonitor.yaml --set podMonitor.enabled=true
render components/prometheus-operator/prometheusrule.yaml prometheusrule.yaml --set prometheusRule.enabled=true
