#!/bin/sh
# etcd 3.4.23: a flag and its environment variable together are fatal, in etcd and in etcdctl.
#
# The manual says that flags take precedence over variables. etcd and etcdctl refuse to start when both are set, equal values included.
# So `etcdctl --endpoints=...` fails in every container that sets ETCDCTL_ENDPOINTS, and a flag added to a manifest that sets the quota by
# ETCD_QUOTA_BACKEND_BYTES stops etcd. Beside a configuration file the same variable is ignored without a word. etcd and etcdctl 3.7.3 refused
# both, too, when tried by hand.
#
# Seen: "etcdctl: conflicting environment variable ... | etcd: conflicting environment variable ... | with a file: 3000000000".
#
# Runs Debian 12's etcd-server and etcd-client 3.4.23 from their packages in a temporary folder.
set -eu
version=3.4.23
work=$(mktemp -d)
etcd=''
trap 'kill $etcd 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
for package in etcd-server etcd-client; do
  apt-get download "$package=$version*" >/dev/null 2>&1
  dpkg -x "$package"_*.deb .
done
url=http://127.0.0.1:23779
peer=http://127.0.0.1:23778
cat >etcd.yaml <<YAML
name: default
data-dir: data
listen-client-urls: $url
advertise-client-urls: $url
listen-peer-urls: $peer
initial-advertise-peer-urls: $peer
initial-cluster: default=$peer
quota-backend-bytes: 3000000000
YAML
word='conflicting environment variable'
said() { grep -o "$word" | head -n 1; }
client=$(ETCDCTL_ENDPOINTS=$url usr/bin/etcdctl --endpoints=$url get key 2>&1 | said)
server=$(ETCD_QUOTA_BACKEND_BYTES=4000000000 timeout 60 usr/bin/etcd --quota-backend-bytes=4000000000 --data-dir other 2>&1 | said)
ETCD_QUOTA_BACKEND_BYTES=4000000000 usr/bin/etcd --config-file etcd.yaml >etcd.log 2>&1 &
etcd=$!
until page=$(curl -fsS $url/metrics 2>/dev/null); do
  kill -0 $etcd
  sleep 0.2
done
file=$(printf '%.0f' "$(echo "$page" | sed -n 's/^etcd_server_quota_backend_bytes //p')")
echo "etcd $version: etcdctl: $client ... | etcd: $server ... | with a file: $file"
[ "$client" = "$word" ] && [ "$server" = "$word" ] && [ "$file" = 3000000000 ]
