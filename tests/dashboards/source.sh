#!/bin/bash
# The boards are what their source makes of them. The source compiles, which checks its types, and has the format and lint of
# Grafana's packages.
set -euo pipefail
cd "$(dirname "$0")/../../dashboards/source"
command -v npm >/dev/null || {
  echo 'skipped: there is no npm here'
  exit 77
}
# npm leaves its own copy of the lock file last of all.
[[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --ignore-scripts --prefer-offline --loglevel=error
if [[ ${1-} == --fix ]]; then
  npm run --silent format
  exit
fi
npm run --silent lint
npm run --silent build
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
node dist/main.js "$fresh"
for board in "$fresh"/*.json ../*.json; do
  diff -u "../${board##*/}" "$fresh/${board##*/}" || {
    echo "run: npm --prefix dashboards/source run generate"
    exit 1
  }
done
echo 'the boards are up to date'
