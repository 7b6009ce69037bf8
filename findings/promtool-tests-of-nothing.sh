#!/bin/sh
# promtool 2.42.0: unit tests of rules that are not there succeed.
#
# Most tests of an alert say when it must be silent: exp_alerts: []. One would expect such a test to fail when rule_files names a file
# that is not there, or when no rule has that alertname, say after a rename. promtool warns of the file on standard error, says
# SUCCESS and exits 0. Of an alertname that no rule has it says nothing at all. So each alert needs a test in which it fires.
# promtool 3.16 did the same when tried by hand.
#
# Seen: "right: exit 1 | missing file: exit 0, SUCCESS, warns | unknown alertname: exit 0, SUCCESS".
#
# Runs Debian 12's promtool 2.42.0 from its package in a temporary folder.
set -eu
version=2.42.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download "prometheus=$version*" >/dev/null 2>&1
dpkg -x prometheus_*.deb .

cat >rules.yaml <<'EOF'
groups: [{name: g, rules: [{alert: DatabaseFull, expr: x > 0}]}]
EOF
silent() { # silent FILE ALERTNAME: a test that wants no such alert although x is 1
  cat <<EOF
rule_files: [$1]
tests:
- interval: 1m
  input_series: [{series: x, values: 1x5}]
  alert_rule_test: [{alertname: $2, eval_time: 3m, exp_alerts: []}]
EOF
}
silent rules.yaml DatabaseFull >right.yaml
silent rule.yaml DatabaseFull >file.yaml
silent rules.yaml DatabaseIsFull >name.yaml

outcome() { # outcome TEST: exit status, and what promtool said
  code=0
  usr/bin/promtool test rules "$1" >said 2>&1 || code=$?
  echo "exit $code$(grep -q SUCCESS said && echo ', SUCCESS')$(grep -q 'no file match' said && echo ', warns')"
}
right=$(outcome right.yaml)
file=$(outcome file.yaml)
name=$(outcome name.yaml)
echo "promtool $version: right: $right | missing file: $file | unknown alertname: $name"
[ "$right" = 'exit 1' ] && [ "$file" = 'exit 0, SUCCESS, warns' ] && [ "$name" = 'exit 0, SUCCESS' ]
