#!/bin/sh
# The borders between the modules that the compiler does not guard.
set -eu
bad=0
forbid() { # forbid WHAT PATTERN PATHSPEC...
  what=$1 pattern=$2
  shift 2
  if git grep -nE "$pattern" -- "$@"; then
    echo "^ $what" >&2
    bad=1
  fi
}
forbid 'only exporter/etcd includes gRPC headers' '#include [<"](grpc|grpcpp)/' exporter ':!exporter/etcd'
forbid 'kubernetes knows nothing of gRPC, HTTP, Prometheus or accounting' \
  '#include [<"](etcd|node|http|monitor|exposition|options|prometheus|civetweb|accounting)' exporter/kubernetes
forbid 'node knows what is on the node, and of etcd its endpoints and files alone' \
  '#include [<"](kubernetes|http|monitor|exposition|options|report|prometheus|civetweb|accounting)/' exporter/node
forbid 'accounting knows nothing of etcd, Kubernetes, gRPC, HTTP or Prometheus' \
  '#include [<"](etcd|kubernetes|http|monitor|exposition|options|google|prometheus|civetweb)' exporter/accounting
forbid 'bbolt knows nothing of gRPC, HTTP, Prometheus, accounting or what uses it' \
  '#include [<"](etcd|http|monitor|exposition|options|prometheus|civetweb|accounting|analyze)/' exporter/bbolt
forbid 'analyze needs no etcd, HTTP or Prometheus' '#include [<"](etcd|http|monitor|exposition|options|prometheus|civetweb)/' exporter/analyze
forbid 'etcd knows nothing of what uses it' '#include "(kubernetes|node|monitor|exposition|http|options|report)/' exporter/etcd
forbid 'only exposition, and what serves its pages, knows Prometheus' '#include <prometheus/' exporter ':!exporter/exposition' ':!exporter/http/routes.cc'
forbid 'monitor knows nothing of what shows its facts' '#include "(exposition|http|options|report)/' exporter/monitor
forbid 'the report needs no metric families' '#include "exposition/' exporter/report
forbid 'only main knows the report' '#include "report/' exporter ':!exporter/report' ':!exporter/main.cc'
forbid 'includes start at exporter/' '#include "\.\./' exporter tests
exit $bad
