#!/bin/sh
# etcd 3.4.23: a restart gives every lease its whole time again.
#
# Kubernetes keeps Events by a lease, of an hour as it comes. One would expect their time to run on over a restart of etcd, or at least
# not to begin again. The new leader starts each lease at its full TTL, since how much was left is not stored. So while etcd restarts more
# often than the TTL, after out-of-memory kills or during an upgrade, nothing expires, and Events pile up just then. etcd 3.7.3 did the
# same when tried by hand.
#
# Seen: "granted 100 s, 80 s left or less before the restart, 90 s or more after it".
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
url=http://127.0.0.1:23785
peer=http://127.0.0.1:23784
ctl() { usr/bin/etcdctl --endpoints=$url "$@"; }
serve() {
  usr/bin/etcd --data-dir data --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
    --listen-peer-urls=$peer --initial-advertise-peer-urls=$peer --initial-cluster=default=$peer >etcd.log 2>&1 &
  etcd=$!
  until ctl get ready >/dev/null 2>&1; do sleep 0.2; done
}
left() { ctl lease timetolive "$lease" | sed -n 's/.*remaining(\([0-9]*\)s)/\1/p'; }

serve
lease=$(ctl lease grant 100 | cut -d' ' -f2)
ctl put event text --lease="$lease" >/dev/null
until before=$(left) && [ "$before" -le 80 ]; do sleep 1; done
kill $etcd
wait $etcd 2>/dev/null || true
serve
after=$(left)
echo "etcd $version: granted 100 s, $before s left before the restart, $after s after it"
[ "$before" -le 80 ] && [ "$after" -ge 90 ]
