#!/bin/sh
# etcd 3.4.23: the same bytes take 1.04 to 1.97 times their size in the database, by the length of the value.
#
# One would expect the file to grow with the bytes written and a small overhead for each key. But a page of bbolt has 4 KiB, is filled to
# nine tenths, and shares no value with the next unless the value needs several. Two values of 1.9 kB fill one page, two of 2.1 kB need
# two, of 1.2 kB two go into one although three would fit; two of 4,000 bytes need two, of 4,100 three. So values that grow by 200
# bytes, say by one more label or condition, can nearly double what etcd stores. None of these pages is free, so in-use equals the
# size, and a defragmentation gives nothing back.
#
# Seen, size in use for 4 MB of values after a defragmentation: "1200: 1.73, 1900: 1.10, 2100: 1.97, 4000: 1.04, 4100: 1.52".
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
url=http://127.0.0.1:23773
peer=http://127.0.0.1:23772
ctl() { usr/bin/etcdctl --endpoints=$url --command-timeout=60s "$@"; }

ratio() { # ratio BYTES: the size in use after about 4 MB of values of so many bytes, as a multiple of their size
  rm -rf data
  usr/bin/etcd --data-dir data --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
    --listen-peer-urls=$peer --initial-advertise-peer-urls=$peer --initial-cluster=default=$peer >etcd.log 2>&1 &
  etcd=$!
  until ctl get ready >/dev/null 2>&1; do sleep 0.2; done
  value=$(head -c "$1" /dev/zero | tr '\0' x)
  rounds=$((40000 / $1))
  for round in $(seq $rounds); do
    { printf '\n' && seq -f "put key$round-%g $value" 100 && printf '\n\n'; } | ctl txn >/dev/null
  done
  ctl defrag >/dev/null
  ctl put one more >/dev/null
  sleep 1
  used=$(ctl endpoint status --write-out=json | jq '.[0].Status.dbSizeInUse')
  kill $etcd
  wait $etcd 2>/dev/null || true
  awk "BEGIN {printf \"%.2f\", $used / ($rounds * 100 * $1)}"
}
for size in 1200 1900 2100 4000 4100; do echo "$size: $(ratio $size)"; done | tee seen
awk '{ratio[$1] = $2} END {
  exit !(ratio["1200:"] > 1.6 && ratio["1900:"] < 1.2 && ratio["2100:"] > 1.8 && ratio["4000:"] < 1.1 && ratio["4100:"] > 1.4)
}' seen
echo "etcd $version: as described"
