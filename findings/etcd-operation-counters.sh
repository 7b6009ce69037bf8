#!/bin/sh
# etcd 3.4.23: etcd_mvcc_txn_total counts no transaction of Kubernetes, and etcd_mvcc_delete_total counts no keys.
#
# A create by the API server is a Txn: if the key does not exist, put it. One would expect txn_total to count it. It counts what has
# more than one operation in it, so such a Txn is a put (and its comparison a range), and txn_total stays 0 on a busy cluster. One would
# expect delete_total to count deleted keys, as put_total counts put ones. It counts calls: a prefix of 100 keys is one delete, and so
# is a key that does not exist. So put_total minus delete_total says nothing about growth. Of a revoked lease each
# key counts, and the whole as a txn.
#
# Seen: "a Txn of one put: txn 0 put 1 delete 0 | 100 keys deleted at once: txn 0 put 0 delete 1 | no key deleted: txn 0 put 0 delete 1 |
# a lease of 5 keys revoked: txn 1 put 0 delete 5".
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
url=http://127.0.0.1:23782
peer=http://127.0.0.1:23781
usr/bin/etcd --data-dir data --unsafe-no-fsync --log-level=error --listen-client-urls=$url --advertise-client-urls=$url \
  --listen-peer-urls=$peer --initial-advertise-peer-urls=$peer --initial-cluster=default=$peer >etcd.log 2>&1 &
etcd=$!
ctl() { usr/bin/etcdctl --endpoints=$url "$@"; }
until ctl get ready >/dev/null 2>&1; do sleep 0.2; done

counters() { # the three numbers, on a line each
  for operation in txn put delete; do curl -fsS $url/metrics | sed -n "s/^etcd_mvcc_${operation}_total //p"; done
}
grown() { # grown COMMAND...: what the counters grew by
  counters >before
  "$@" >/dev/null
  counters >after
  paste before after | awk '{print $2 - $1}' | xargs printf 'txn %s put %s delete %s'
}
create() { printf 'mod("key") = "0"\n\nput key value\n\n\n' | ctl txn; }

txn=$(grown create)
{ printf '\n' && seq -f 'put prefix/%g value' 100 && printf '\n\n'; } | ctl txn >/dev/null
prefix=$(grown ctl del --prefix prefix/)
nothing=$(grown ctl del no-such-key)
lease=$(ctl lease grant 600 | cut -d' ' -f2)
for key in 1 2 3 4 5; do ctl put "event/$key" value --lease="$lease" >/dev/null; done
revoked=$(grown ctl lease revoke "$lease")
cat <<TEXT | tee seen
a Txn of one put: $txn
100 keys deleted at once: $prefix
no key deleted: $nothing
a lease of 5 keys revoked: $revoked
TEXT
cat >expected <<'TEXT'
a Txn of one put: txn 0 put 1 delete 0
100 keys deleted at once: txn 0 put 0 delete 1
no key deleted: txn 0 put 0 delete 1
a lease of 5 keys revoked: txn 1 put 0 delete 5
TEXT
if ! diff expected seen; then
  echo "etcd $version: this has changed."
  exit 1
fi
