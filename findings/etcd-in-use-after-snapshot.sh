#!/bin/sh
# etcd 3.4.23: pages that a stalled snapshot held do not become free when it ends.
#
# A reader of a snapshot keeps a read transaction open, so pages that a compaction frees cannot be used again, and
# dbSizeInUse stays high. One would expect dbSizeInUse to fall when the reader is gone. It does not, however long one
# waits: bbolt lets go of the pages when a later write transaction begins, and etcd reads their number from the one
# before. Neither a compaction at the compacted revision nor a delete of a key that does not exist is such a
# transaction. The first put after the snapshot changes nothing that can be seen; a later one does.
#
# Seen: held by the snapshot 47525888, 5 s after its end 47525888, after a compaction and a delete of nothing 47525888,
# after 2 puts 933888.
#
# Runs Debian 12's etcd-server and etcd-client 3.4.23 from their packages in a temporary folder.
set -eu
version=3.4.23
work=$(mktemp -d)
etcd='' reader=''
trap 'kill $etcd $reader 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
for package in etcd-server etcd-client; do
  apt-get download "$package=$version*" >/dev/null 2>&1
  dpkg -x "$package"_*.deb .
done
url=http://127.0.0.1:23799
usr/bin/etcd --data-dir data --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
  --listen-peer-urls=http://127.0.0.1:23798 --initial-advertise-peer-urls=http://127.0.0.1:23798 \
  --initial-cluster=default=http://127.0.0.1:23798 >etcd.log 2>&1 &
etcd=$!
ctl() { usr/bin/etcdctl --endpoints=$url "$@"; }
field() { ctl endpoint status --write-out=json | grep -o "\"$1\":[0-9]*" | head -n 1 | cut -d: -f2; }
until ctl get ready >/dev/null 2>&1; do sleep 0.2; done

value=$(head -c 75000 /dev/zero | tr '\0' x)
fill() { for i in $(seq 1 200); do printf '%s' "$value" | ctl put "key$((i % 10))" >/dev/null; done; }
fill
mkfifo snapshot.part # etcdctl writes there, and nobody reads
ctl snapshot save snapshot >/dev/null 2>&1 &
reader=$!
exec 3<snapshot.part
sleep 2
fill
ctl compact "$(field revision)" --physical >/dev/null
sleep 3
held=$(field dbSizeInUse)

kill $reader
wait $reader 2>/dev/null || true
reader=''
exec 3<&-
sleep 5
waited=$(field dbSizeInUse)
ctl compact "$(field revision)" >/dev/null 2>&1 || true
ctl del no-such-key >/dev/null
sleep 2
nothing=$(field dbSizeInUse)
puts=0
while now=$(field dbSizeInUse) && [ "$now" -ge $((held / 2)) ] && [ $puts -lt 20 ]; do
  ctl put small value >/dev/null
  puts=$((puts + 1))
  sleep 1
done

echo "etcd $version: held by the snapshot $held, 5 s after its end $waited, after a compaction and a delete of nothing $nothing, after $puts puts $now"
[ "$held" -gt 20000000 ] && [ "$waited" -eq "$held" ] && [ "$nothing" -eq "$held" ] && [ $puts -ge 2 ] && [ "$now" -lt $((held / 2)) ]
