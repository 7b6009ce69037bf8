#!/bin/sh
# install_dependencies.sh [run|cluster]: installs what this project builds and tests with from Debian's packages, where it is
# missing. With `run` only what `make run` needs, which Debian 13 has, too; with `cluster` also what tests/cluster needs. All the
# rest is Debian 12's.
set -eu
# What builds and runs the exporter and the load tool.
packages='ca-certificates ccache cmake etcd-client etcd-server g++ libabsl-dev libc-ares-dev libcli11-dev
libgrpc++-dev libprotobuf-dev libre2-dev libspdlog-dev libssl-dev libyaml-cpp-dev make ninja-build nlohmann-json3-dev patch
pkg-config prometheus prometheus-alertmanager prometheus-cpp-dev protobuf-compiler protobuf-compiler-grpc python3
python3-prometheus-client
python3-yaml xz-utils zlib1g-dev'
[ "${1-}" = run ] || packages="$packages build-essential buildah chromium clang clang-format clang-tidy debootstrap git
hey jq jsonnet libbenchmark-dev libclang-rt-14-dev libgmock-dev libgtest-dev nftables openssl python3-grpcio python3-jsonschema
python3-pytest python3-venv runc shellcheck systemd-container yamllint"
[ "${1-}" != cluster ] || packages="$packages containerd containernetworking-plugins curl"

missing=''
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "== installing:$missing"

# The packages of etcd and Prometheus start a service each, which nobody wants here.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086 # a list of words
{ apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 || {
  cat "$log"
  exit 1
}
rm -f "$log"
