#!/bin/bash
# Runs inside a booted Debian: installs, upgrades and removes the package; each line of /result is a fact.
exec >/result 2>/result.errors
unit=etcd-headroom-exporter.service
fact() { echo "$1: $2"; }
active() { # active NAME: after a moment: a service that fails at once is active for an instant
  sleep 1
  fact "$1" "$(systemctl is-active $unit) $(systemctl is-enabled $unit) restarts=$(systemctl show -P NRestarts $unit)"
}
get() { # get PATH
  exec 3<>/dev/tcp/127.0.0.1/9379 && printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3 && cat <&3
}

dpkg -i /packages/first.deb >/dev/null
active installed
fact ready "$(get /-/ready | head -n 1 | tr -d '\r')"
fact page "$(get /metrics | grep -c '^etcd_headroom_up{')"
fact start "$(get /metrics | grep -c '^process_start_time_seconds [1-9]')"
fact exposure "$(systemd-analyze security $unit --no-pager | grep -o 'Overall exposure level.*: [0-9.]*' | grep -o '[0-9.]*$')"
fact cap "$(grep CapEff /proc/"$(systemctl show -P MainPID $unit)"/status | tr -s '\t ' ' ')"
first=$(systemctl show -P MainPID $unit)
fact licences "$(grep -c -e 'Apache License' -e 'Linked statically' /usr/share/doc/etcd-headroom-exporter/copyright)"

echo 'ARGS="--log.level=debug"' >/etc/default/etcd-headroom-exporter
dpkg -i /packages/second.deb >/dev/null
active upgraded
[ "$(systemctl show -P MainPID $unit)" != "$first" ] && fact restarted yes
fact flags "$(tr '\0' ' ' </proc/"$(systemctl show -P MainPID $unit)"/cmdline)"

systemctl disable --now --quiet $unit
dpkg -i /packages/first.deb --force-downgrade >/dev/null
fact left_off "$(systemctl is-active $unit) $(systemctl is-enabled $unit)"
systemctl enable --now --quiet $unit

dpkg -r etcd-headroom-exporter >/dev/null
fact removed "$(systemctl is-active $unit) $(ls /usr/bin/etcd-headroom-exporter /etc/systemd/system/*/$unit 2>/dev/null)"
dpkg -i /packages/second.deb >/dev/null
active again
dpkg -r etcd-headroom-exporter >/dev/null
dpkg -P etcd-headroom-exporter >/dev/null
fact purged "$(ls /etc/default/etcd-headroom-exporter 2>/dev/null)"
fact failed "$(systemctl --failed --plain --no-legend | grep -c headroom)"
