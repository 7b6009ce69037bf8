#!/bin/sh
# etcd 3.4.23: its configuration file takes durations only as nanoseconds, and hours of history only in quotes.
#
# Keys of the file are the flags' names, so one would expect values as the flags take them. Where a flag wants a duration, 2h or 5s, the
# file must have a plain number, of nanoseconds: grpc-keepalive-interval: 2h stops etcd, 7200000000000 is right, and 7200, meant as seconds,
# is taken without a word. It is the other way round with auto-compaction-retention, where 1 means an hour: the plain number stops
# etcd, since that one is a string. etcd 3.7.3 did the same when tried by hand, and refused watch-progress-notify-interval: 5s.
#
# Seen: "2h: refused, 7200000000000: serves, 7200: serves | retention 1: refused, in quotes: serves".
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
url=http://127.0.0.1:23769
peer=http://127.0.0.1:23768

outcome() { # outcome LINE: what etcd does with that line in its file
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
  until curl -fsS $url/version >/dev/null 2>&1; do
    if ! kill -0 $etcd 2>/dev/null; then
      if grep -q 'cannot unmarshal' etcd.log; then echo refused; else echo failed; fi
      return
    fi
    sleep 0.2
  done
  kill $etcd
  wait $etcd 2>/dev/null || true
  echo serves
}
words=$(outcome 'grpc-keepalive-interval: 2h')
nanoseconds=$(outcome 'grpc-keepalive-interval: 7200000000000')
seconds=$(outcome 'grpc-keepalive-interval: 7200')
plain=$(outcome 'auto-compaction-retention: 1')
quoted=$(outcome 'auto-compaction-retention: "1"')
echo "etcd $version: 2h: $words, 7200000000000: $nanoseconds, 7200: $seconds | retention 1: $plain, in quotes: $quoted"
[ "$words $nanoseconds $seconds $plain $quoted" = 'refused serves serves refused serves' ]
