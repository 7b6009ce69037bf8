#!/bin/sh
# VictoriaMetrics 1.151: vmalert-tool's unit tests begin in the year 2000, promtool's in 1970.
#
# vmalert-tool takes promtool's test files with hardly a change. One would expect time() to be the seconds since the test's start, as
# in promtool, where a test begins at 0. It begins at 2000-01-01. So a case that gives a time as a value, such as "this last happened
# at second 60", passes in promtool; in vmalert-tool the same event lies 30 years back, and a rule on its age fires.
#
# Seen: two minutes into a test time() is 120 in promtool 3.16 and 946684920 in vmalert-tool 1.151.0.
#
# Builds promtool v0.316.0 and vmalert-tool v1.151.0 from the Go module proxy in a temporary folder. Needs Go 1.26 and jq; takes some
# minutes.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# program MODULE@VERSION PACKAGE [TAGS]: built at $work/PACKAGE. Neither can be installed by name, since both replace modules.
program() {
  cp -r "$(go mod download -json "$1" | jq -r .Dir)" "$work/sources"
  chmod -R u+w "$work/sources"
  (
    cd "$work/sources"
    rm -rf go.work vendor
    CGO_ENABLED=0 go build -mod=mod -buildvcs=false -trimpath -tags="${3-}" -ldflags='-s -w' -o "$work/$(basename "$2")" "$2"
  )
  rm -rf "$work/sources"
}
program github.com/prometheus/prometheus@v0.316.0 ./cmd/promtool remove_all_sd
program github.com/VictoriaMetrics/VictoriaMetrics@v1.151.0 ./app/vmalert-tool

cd "$work"
cat >rules.yaml <<'EOF'
groups: [{name: g, rules: [{record: now, expr: time()}]}]
EOF
# expects KEY SECONDS LABELS: a test file that wants time() to be so many seconds after two minutes.
expects() {
  cat <<EOF
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series: [{series: x, values: 1x5}]
    $1: [{expr: now, eval_time: 2m, exp_samples: [{labels: '$3', value: $2}]}]
EOF
}
expects promql_expr_test 120 now >promtool.yaml
expects metricsql_expr_test 946684920 '{__name__="now"}' >vmalert.yaml
expects metricsql_expr_test 120 '{__name__="now"}' >as_promtool.yaml

./promtool test rules promtool.yaml
./vmalert-tool unittest --files vmalert.yaml 2>&1 | tee vmalert.log
grep -q SUCCESS vmalert.log
if ./vmalert-tool unittest --files as_promtool.yaml >as_promtool.log 2>&1; then exit 1; fi
grep got: as_promtool.log
echo 'as described'
