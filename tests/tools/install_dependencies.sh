#!/bin/sh
# Installs what this project builds and tests with from Debian 12's packages, where it is missing.
set -eu
packages='build-essential buildah ca-certificates ccache chromium clang clang-format clang-tidy cmake debootstrap etcd-client etcd-server git
haproxy hey jq libabsl-dev
libbenchmark-dev libc-ares-dev libclang-rt-14-dev libcivetweb-dev libcli11-dev libgmock-dev libgrpc++-dev libgtest-dev libprotobuf-dev libre2-dev
libspdlog-dev libssl-dev libyaml-cpp-dev nftables ninja-build nlohmann-json3-dev openssl pkg-config prometheus prometheus-alertmanager
prometheus-cpp-dev protobuf-compiler protobuf-compiler-grpc python3 python3-grpcio python3-jsonschema python3-prometheus-client python3-pytest
python3-yaml runc shellcheck systemd-container yamllint zlib1g-dev'

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
