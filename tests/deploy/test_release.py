"""What `make release` publishes: the same from two clones of a commit, complete, and what each piece says it is."""

import hashlib
import json
import subprocess
import tarfile

import pytest
from oci import unpack
from tools import CHART, ROOT, WITH_IMAGE, documents, helm, require_containers, run, tool

VERSION = (ROOT / "VERSION").read_text().strip()


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """The artefacts of two clones. What is not committed is committed there."""
    require_containers()
    tool("buildah")
    tool("debootstrap")
    git = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
    first = tmp_path_factory.mktemp("first") / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, first], check=True)
    changes = subprocess.run(["git", "diff", "--binary", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["git", "apply", "--index", "--allow-empty"], input=changes, cwd=first, check=True)
    subprocess.run([*git, "commit", "-qam", "tests: release this", "--allow-empty"], cwd=first, check=True)
    second = tmp_path_factory.mktemp("second") / "clone"
    subprocess.run(["git", "clone", "-q", first, second], check=True)
    made = []
    for clone in (first, second):
        code, out, error = run(clone / "deploy/release/release.sh")
        assert code == 0, out[-2000:] + error[-2000:]
        made.append(clone / "build/release-artefacts")
    return made


@pytest.fixture(scope="module")
def artefacts(releases):
    return releases[0]


def test_two_clones_give_the_same_checksums(releases):
    sums = [(folder / "SHA256SUMS").read_text() for folder in releases]
    assert sums[0] == sums[1]
    print(sums[0])


def test_every_artefact_is_there_and_has_its_checksum(artefacts):
    listed = dict(reversed(line.split("  ")) for line in (artefacts / "SHA256SUMS").read_text().splitlines())
    assert listed.keys() == {path.name for path in artefacts.iterdir()} - {"SHA256SUMS"} == {
        f"etcd-headroom-exporter_{VERSION}_linux_amd64.oci.tar", f"etcd-headroom-exporter_{VERSION}_amd64.deb",
        f"etcd-headroom-exporter_{VERSION}.spdx.json", f"etcd-headroom-{VERSION}.tgz", f"etcd-headroom-manifests-{VERSION}.tar.gz",
        f"etcd-headroom-mixin-{VERSION}.tar.gz", "NOTES.md"}  # fmt: skip
    assert listed == {name: hashlib.sha256((artefacts / name).read_bytes()).hexdigest() for name in listed}


def test_the_packaged_chart_renders_what_the_chart_renders(artefacts):
    package = artefacts / f"etcd-headroom-{VERSION}.tgz"
    for name in ("helm", "helm4"):
        code, out, error = run(tool(name), "lint", "--strict", package, WITH_IMAGE)
        assert code == 0, out + error
    code, out, error = run(tool("helm"), "template", "etcd-headroom", package, "--namespace", "etcd-headroom", WITH_IMAGE)
    assert code == 0, error
    assert documents(out) == helm()
    with tarfile.open(package) as archive:
        assert {f"etcd-headroom/{path.relative_to(CHART)}" for path in CHART.rglob("*") if path.is_file()} <= set(archive.getnames())


def test_kustomize_builds_the_manifests_and_jsonnet_the_mixin(artefacts, tmp_path):
    for name in ("manifests", "mixin"):
        with tarfile.open(artefacts / f"etcd-headroom-{name}-{VERSION}.tar.gz") as archive:
            archive.extractall(tmp_path)
    code, _, error = run(tool("kustomize"), "build", tmp_path / f"etcd-headroom-manifests-{VERSION}/overlays/kubeadm")
    assert code == 0, error
    mixin = tmp_path / f"etcd-headroom-mixin-{VERSION}"
    code, out, error = run(tool("jsonnet"), "--jpath", mixin / "rules", "--exec", "(import 'mixin.libsonnet').prometheusAlerts")
    assert code == 0, error
    assert json.loads(out)["groups"]
    assert (
        (mixin / "rules/alerts.yaml").exists()
        and list((mixin / "rules/runbooks").iterdir())
        and list((mixin / "dashboards").glob("*.json"))
    )


def test_the_sbom_lists_what_the_image_holds(artefacts, tmp_path):
    sbom = json.loads((artefacts / f"etcd-headroom-exporter_{VERSION}.spdx.json").read_text())
    assert sbom["spdxVersion"] == "SPDX-2.3"
    packages = {package["name"]: package for package in sbom["packages"]}
    image = artefacts / packages["etcd-headroom-exporter"]["packageFileName"]
    assert packages["etcd-headroom-exporter"]["checksums"][0]["checksumValue"] == hashlib.sha256(image.read_bytes()).hexdigest()
    with tarfile.open(image) as archive:
        archive.extractall(tmp_path / "layout")
    root = tmp_path / "root"
    unpack(tmp_path / "layout", root)
    held = {path.parent.name for path in root.rglob("copyright")} - {"etcd-headroom-exporter"}
    text = (root / "usr/share/doc/etcd-headroom-exporter/copyright").read_text()
    linked = {line.split()[3] for line in text.splitlines() if line.startswith("==== Linked statically:")}
    assert packages.keys() == held | linked | {"etcd-headroom-exporter", "ca-certificates"}
    assert all(package["versionInfo"] and package["licenseDeclared"] for package in packages.values())
    related = {r["relatedSpdxElement"] for r in sbom["relationships"]}
    assert related == {package["SPDXID"] for package in packages.values()}


def test_the_debian_package_is_of_this_version(artefacts):
    code, out, error = run("dpkg-deb", "--field", artefacts / f"etcd-headroom-exporter_{VERSION}_amd64.deb", "Version", "Architecture")
    assert code == 0, error
    assert out.splitlines() == [f"Version: {VERSION}", "Architecture: amd64"]


def test_the_notes_are_those_of_the_changelog(artefacts):
    lines = [line for line in (artefacts / "NOTES.md").read_text().splitlines() if line.startswith("- ")]
    assert lines and set(lines) <= set((ROOT / "CHANGELOG.md").read_text().splitlines())
