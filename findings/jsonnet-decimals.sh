#!/bin/sh
# jsonnet 0.18.0 and go-jsonnet 0.21.0: 0.95 becomes 0.94999999999999996, in most ways of writing it but not in all.
#
# One would expect a threshold of 0.95 in a mixin to stand as 0.95 in the rule. Both implementations put 17 digits wherever a number
# becomes text: in their own output, in "%s" and behind a +. So an expression made by "x > " + threshold reads
# "x > 0.94999999999999996", and so does an alert's text. go-jsonnet's std.manifestJson and std.manifestYamlDoc write 0.95, those of the
# C++ one do not, so a rule file made by the one differs from that of the other. "%g" gives 0.95 in both.
#
# Seen: jsonnet: "x > 0.94999999999999996", %g 0.95, manifestYamlDoc 0.94999999999999996; go-jsonnet: the same but manifestYamlDoc 0.95.
#
# Runs Debian 12's jsonnet 0.18.0 from its package and builds go-jsonnet v0.21.0 from the Go module proxy in a temporary folder. Needs Go.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
for package in jsonnet libjsonnet0; do
  apt-get download "$package=0.18.0*" >/dev/null 2>&1
  dpkg -x "$package"_*.deb .
done
library=$(dirname "$(find . -name 'libjsonnet.so.0' | head -n 1)")
mkdir go
GOBIN=$work/go go install github.com/google/go-jsonnet/cmd/jsonnet@v0.21.0 2>/dev/null
cat >try.jsonnet <<'JSONNET'
local threshold = 0.95;
std.join('; ', ['x > ' + threshold, '%s' % threshold, '%g' % threshold, std.manifestYamlDoc(threshold)])
JSONNET
debian=$(LD_LIBRARY_PATH=$library usr/bin/jsonnet -S try.jsonnet)
go=$(go/jsonnet -S try.jsonnet)
output=$(echo '[0.95]' | go/jsonnet - | xargs)
echo "jsonnet 0.18.0: $debian"
echo "go-jsonnet 0.21.0: $go; its own output: $output"
long=0.94999999999999996
[ "$debian" = "x > $long; $long; 0.95; $long" ] && [ "$go" = "x > $long; $long; 0.95; 0.95" ] && [ "$output" = "[ $long ]" ]
