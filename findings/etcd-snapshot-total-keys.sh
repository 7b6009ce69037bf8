#!/bin/sh
# etcdctl 3.4.23: "total keys" of `snapshot status` are neither keys nor revisions.
#
# One would expect the number of keys, or of revisions, stored. It is the number of rows of the whole database: each kept revision of each
# key, deletions too, and the rows of etcd's own buckets for members, authentication, leases and alarms. So a store of two keys
# can have thousands, and a compaction brings it down while no key goes. etcdutl 3.7.3 counts live keys: of the same file it
# said 2 where etcdctl said 9, when tried by hand. A script that watches this number breaks with that upgrade.
#
# Seen: "get finds 2, snapshot status 104; after a compaction get finds 2, snapshot status 8".
#
# Runs Debian 12's etcd-server and etcd-client 3.4.23 from their packages in a temporary folder. Needs jq.
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
url=http://127.0.0.1:23776
peer=http://127.0.0.1:23775
usr/bin/etcd --data-dir data --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
  --listen-peer-urls=$peer --initial-advertise-peer-urls=$peer --initial-cluster=default=$peer >etcd.log 2>&1 &
etcd=$!
ctl() { usr/bin/etcdctl --endpoints=$url "$@"; }
until ctl get ready >/dev/null 2>&1; do sleep 0.2; done
total() { # total FILE: of a snapshot taken now
  ctl snapshot save "$1" >/dev/null 2>&1
  ctl snapshot status "$1" --write-out=json | jq .totalKey
}
live() { ctl get --prefix '' --keys-only | grep -c .; }

for value in $(seq 50); do
  ctl put one "$value" >/dev/null
  ctl put two "$value" >/dev/null
done
before_live=$(live)
before=$(total before)
ctl compact "$(ctl endpoint status --write-out=json | jq '.[0].Status.header.revision')" --physical >/dev/null
after_live=$(live)
after=$(total after)
echo "etcd $version: get finds $before_live, snapshot status $before; after a compaction get finds $after_live, snapshot status $after"
[ "$before_live" -eq 2 ] && [ "$after_live" -eq 2 ] && [ "$before" -gt 100 ] && [ "$after" -gt 2 ] && [ "$after" -lt 20 ]
