#!/bin/sh
# etcd 3.4.23: /health?exclude= takes one alarm a parameter, and ignores a list of them without a word.
#
# A probe that should not restart a full etcd asks /health?exclude=NOSPACE. One would expect exclude=NOSPACE,CORRUPT to leave out both, or
# to be refused. The whole text is taken for the name of one alarm, which none has, so nothing is left out, and no answer says so: the
# mistake is unseen until the day etcd is full, and then the probe fails on each member at once. It has to be
# exclude=NOSPACE&exclude=CORRUPT. Lower case leaves out nothing, either. etcd 3.7.3 did the same when tried by hand, and its
# /readyz?verbose with a list of two checks ran both.
#
# Seen with NOSPACE armed: "exclude=NOSPACE: 200, exclude=NOSPACE,CORRUPT: 503, exclude=NOSPACE&exclude=CORRUPT: 200, exclude=nospace: 503".
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
url=http://127.0.0.1:23766
peer=http://127.0.0.1:23765
usr/bin/etcd --data-dir data --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
  --listen-peer-urls=$peer --initial-advertise-peer-urls=$peer --initial-cluster=default=$peer --quota-backend-bytes=1048576 >etcd.log 2>&1 &
etcd=$!
ctl() { usr/bin/etcdctl --endpoints=$url --command-timeout=60s "$@"; }
until ctl get ready >/dev/null 2>&1; do sleep 0.2; done
health() { curl -sS -o answer -w '%{http_code}' "$url/health?$1"; }
healthy=$(health exclude=NOSPACE,CORRUPT)
value=$(head -c 200000 /dev/zero | tr '\0' x)
puts=0
while [ $puts -lt 50 ] && printf '%s' "$value" | ctl put key >/dev/null 2>&1; do puts=$((puts + 1)); done

echo "before the alarm: exclude=NOSPACE,CORRUPT: $healthy"
[ "$healthy" = 200 ]
for query in exclude=NOSPACE exclude=NOSPACE,CORRUPT 'exclude=NOSPACE&exclude=CORRUPT' exclude=nospace; do
  echo "$query: $(health "$query")"
done | tee seen
cat >expected <<'TEXT'
exclude=NOSPACE: 200
exclude=NOSPACE,CORRUPT: 503
exclude=NOSPACE&exclude=CORRUPT: 200
exclude=nospace: 503
TEXT
if ! diff expected seen; then
  echo "etcd $version: this has changed."
  exit 1
fi
