#!/bin/sh
# The borders that the build does not hold. A folder finds only headers of what its library links, but those of Debian's packages
# are there for all.
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
forbid 'accounting, analyze and bbolt know no protobuf' '#include [<"]google/' exporter/accounting exporter/analyze exporter/bbolt
forbid 'only exposition, and what serves its pages, knows Prometheus' '#include <prometheus/' exporter ':!exporter/exposition' ':!exporter/http/routes.cc'
forbid 'only http knows CivetWeb' '#include [<"]civetweb' exporter ':!exporter/http'
forbid 'includes start at exporter/' '#include "\.\./' exporter tests
exit $bad
