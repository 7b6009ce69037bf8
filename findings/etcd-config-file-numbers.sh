#!/bin/sh
# etcd 3.4.23: which numbers its configuration file takes for quota-backend-bytes, and what it does with a misspelt key.
#
# The file is YAML that etcd turns into JSON and reads into an int64. So a number in scientific notation is fine, even
# with a fraction in front, and so is 09, which is no octal number and becomes nine. The same number in quotes, which
# YAML tools write for large integers, stops etcd at its start. A key that etcd does not know is ignored without a word:
# with quota-backend-byte the quota is the default.
#
# Seen: 8.589934592e+09 = 8589934592, .5e10 = 5000000000, 0x80000000 = 2147483648, 09 = 9, "8589934592" = refused,
# quota-backend-byte = 2147483648.
#
# Runs Debian 12's etcd-server 3.4.23 from its package in a temporary folder.
set -eu
version=3.4.23
work=$(mktemp -d)
etcd=''
trap 'kill $etcd 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
apt-get download "etcd-server=$version*" >/dev/null 2>&1
dpkg -x etcd-server_*.deb .
url=http://127.0.0.1:23797
peer=http://127.0.0.1:23796

quota() { # quota LINE: what etcd enforces with that line in its file, or "refused"
  rm -rf data
  cat >etcd.yaml <<YAML
name: default
data-dir: data
listen-client-urls: $url
advertise-client-urls: $url
listen-peer-urls: $peer
initial-advertise-peer-urls: $peer
initial-cluster: default=$peer
$1
YAML
  usr/bin/etcd --config-file etcd.yaml >etcd.log 2>&1 &
  etcd=$!
  until page=$(curl -fsS $url/metrics 2>/dev/null); do
    if ! kill -0 $etcd 2>/dev/null; then
      echo refused
      return
    fi
    sleep 0.2
  done
  kill $etcd
  wait $etcd 2>/dev/null || true
  printf '%.0f\n' "$(echo "$page" | sed -n 's/^etcd_server_quota_backend_bytes //p')"
}

faults=0
expect() { # expect LINE QUOTA
  seen=$(quota "$1")
  echo "$1 = $seen"
  [ "$seen" = "$2" ] || faults=$((faults + 1))
}
expect 'quota-backend-bytes: 8.589934592e+09' 8589934592
expect 'quota-backend-bytes: .5e10' 5000000000
expect 'quota-backend-bytes: 0x80000000' 2147483648
expect 'quota-backend-bytes: 09' 9
expect 'quota-backend-bytes: "8589934592"' refused
expect 'quota-backend-byte: 8589934592' 2147483648
[ $faults -eq 0 ]
