#!/bin/sh
# Builds the image by deploy/Dockerfile without a registry: image.sh FOLDER REVISION SECONDS
#
# Writes `image`, a folder in OCI's layout, the Debian package and `linked`, what both are linked to, into FOLDER. All times in
# them are SECONDS since 1970. The base is made by debootstrap. Storage is in the cache: the layer with the
# build's packages is kept. Needs root, buildah and debootstrap.
set -eu
out=$(realpath "$1") revision=$2 seconds=$3
cd "$(dirname "$0")/../.."
version=$(cat VERSION)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/etcd-headroom
name=etcd-headroom-exporter
base=docker.io/library/debian:trixie-slim # as in the Dockerfile

deploy/release/base_image.sh trixie trixie >&2
ccache=${CCACHE_DIR:-$cache/ccache}
mkdir -p "$ccache"
# One storage for all that run on this machine: nobody prunes or names images while another builds.
exec 9>"$cache/images.lock"
flock 9
runroot=$(mktemp -d)
buildah() { command buildah --root "$cache/images" --runroot "$runroot" "$@"; }
trap 'buildah rm --all >/dev/null; rm -rf --one-file-system "$runroot"' EXIT
trap 'exit 1' INT TERM HUP
buildah rm --all >/dev/null # of a run that was killed

if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$cache/debian/trixie.tar" / >/dev/null
  buildah commit --quiet "$container" "$base" >/dev/null
fi

build() { # build FLAG...: with the ccache of other builds: the same compiler on the same sources
  buildah build --quiet --isolation chroot --pull-never --layers --timestamp "$seconds" --volume "$ccache:/ccache" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "SOURCE_DATE_EPOCH=$seconds" \
    --build-arg "CREATED=$(date --utc --date "@$seconds" +%Y-%m-%dT%H:%M:%SZ)" -f deploy/Dockerfile "$@" . >&2
}
# The first stage gets a name, which keeps its layers from being pruned with those of former sources.
build --target build -t "$name-build"
build -t "$name"
buildah rmi --prune >&2

container=$(buildah from --pull-never "$name-build")
cp "$(buildah mount "$container")"/packages/* "$out"
buildah push --quiet "$name" "oci:$out/image:$version"
