#!/bin/sh
# Makes what a release publishes from the commit that is checked out: release.sh [FOLDER]
#
# Every time in it is the commit's, so that the same commit gives the same checksums. FOLDER is build/release-artefacts if
# not given, and is emptied first.
set -eu
cd "$(dirname "$0")/../.."
out=${1:-build/release-artefacts}
[ -z "$(git status --porcelain)" ] || {
  echo 'release.sh: commit first: a release is of a commit' >&2
  exit 1
}
version=$(cat VERSION)
seconds=$(git log -1 --format=%ct)
rm -rf "$out"
mkdir -p "$out"

pack() { # pack FLAG...: a tar archive to standard output, the same from every clone
  tar --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=ustar -cf - "$@"
}
pack_gzip() { # pack_gzip NAME FLAG...
  name=$1
  shift
  pack "$@" | gzip -n -9 >"$out/$name"
}

echo '== image and Debian package'
deploy/release/image.sh "$out" "$(git describe --always --exclude='*')" "$seconds"
image=etcd-headroom-exporter_${version}_linux_amd64.oci.tar
pack -C "$out/image" blobs index.json oci-layout >"$out/$image"
rm -r "$out/image"
echo '== chart, manifests, mixin'
# As helm package does, which has the time of day in it.
pack_gzip "etcd-headroom-$version.tgz" --dereference -C deploy/helm etcd-headroom
pack_gzip "etcd-headroom-manifests-$version.tar.gz" --transform "s,^,etcd-headroom-manifests-$version/," -C deploy/kubernetes base components overlays
# Paths as in the repository, because rules, runbooks and boards link to each other.
git ls-files rules dashboards jsonnetfile.json deploy/alertmanager LICENSE | grep -v -e ^dashboards/source/ -e ^dashboards/screenshots/ |
  pack_gzip "etcd-headroom-mixin-$version.tar.gz" --transform "s,^,etcd-headroom-mixin-$version/," --files-from=-
echo '== SBOM, notes, checksums'
deploy/release/sbom.py "$version" "$seconds" "$out/linked" "$out/$image" >"$out/etcd-headroom-exporter_$version.spdx.json"
rm "$out/linked"
deploy/release/notes.sh "$version" >"$out/NOTES.md"
sums=$(cd "$out" && sha256sum -- *)
printf '%s\n' "$sums" | tee "$out/SHA256SUMS"
