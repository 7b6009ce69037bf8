#!/bin/sh
# etcd 3.4.23: a cluster restored from a snapshot has the NOSPACE alarm of the old one, raised by a member that it never had.
#
# A full etcd is often given up and restored from its snapshot with a larger quota. The restored cluster has a new id, new members and
# room, and its log is empty. One would expect it to take writes. It refuses them: the alarm is a row of the database, so it comes along.
# It names the id of the old member, which is in no member list, so a tool that asks each member for its own alarm finds none. Only
# `alarm disarm` ends it. etcd and etcdutl 3.7.3 did the same when tried by hand.
#
# Seen: "members 8c53bc839bcd3a87, alarm of member 58e82508b08dd7ab, put: etcdserver: mvcc: database space exceeded, after the disarm: OK".
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
url=http://127.0.0.1:23789
ctl() { usr/bin/etcdctl --endpoints=$url --command-timeout=60s "$@"; }
serve() { # serve FOLDER PEER FLAGS...: etcd on that folder
  folder=$1 peer=$2
  shift 2
  usr/bin/etcd --data-dir "$folder" --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
    --listen-peer-urls="$peer" --initial-advertise-peer-urls="$peer" --initial-cluster="default=$peer" "$@" >etcd.log 2>&1 &
  etcd=$!
  until ctl get ready >/dev/null 2>&1; do sleep 0.2; done
}
end() {
  kill $etcd
  wait $etcd 2>/dev/null || true
}
old=http://127.0.0.1:23788
new=http://127.0.0.1:23787

serve data $old --quota-backend-bytes=1048576
value=$(head -c 200000 /dev/zero | tr '\0' x)
puts=0
while [ $puts -lt 50 ] && printf '%s' "$value" | ctl put key >/dev/null 2>&1; do puts=$((puts + 1)); done
ctl snapshot save snapshot >/dev/null 2>&1
end

ctl snapshot restore snapshot --data-dir restored --initial-cluster=default=$new --initial-advertise-peer-urls=$new >/dev/null 2>&1
serve restored $new # the quota is 2 GiB
members=$(ctl member list | cut -d, -f1)
alarm=$(ctl alarm list)
id=$(printf '%x' "$(echo "$alarm" | sed -n 's/^memberID:\([0-9]*\) alarm:NOSPACE.*/\1/p')")
put=$(ctl put key value 2>&1 | sed -n 's/^Error: //p')
ctl alarm disarm >/dev/null
after=$(ctl put key value 2>&1)
end
echo "etcd $version: members $members, alarm of member $id, put: $put, after the disarm: $after"
[ "$put" = 'etcdserver: mvcc: database space exceeded' ] && [ "$id" != 0 ] && [ "$id" != "$members" ] && [ "$after" = OK ]
