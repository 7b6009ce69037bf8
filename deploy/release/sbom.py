#!/usr/bin/python3
"""Writes the SBOM of a release as SPDX 2.3 JSON: sbom.py VERSION SECONDS LINKED ARCHIVE >FILE

LINKED is what image.sh wrote: how each package is part of the image, its name and its version in Debian. ARCHIVE is the image.
SECONDS since 1970 are when the document says that it was made.
"""

import datetime
import hashlib
import json
import pathlib
import sys

HOME = "https://github.com/etcd-headroom/etcd-headroom"
RELATIONSHIPS = {"static": "STATIC_LINK", "dynamic": "DYNAMIC_LINK", "contained": "CONTAINS"}
# From Debian's copyright files. A name that ends in * has a version in it.
LICENCES = {
    "ca-certificates": "MPL-2.0 AND GPL-2.0-or-later",
    "civetweb": "MIT",
    "gcc-*": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libabsl-dev": "Apache-2.0",
    "libc-ares-dev": "MIT",
    "libc6": "LGPL-2.1-or-later",
    "libcli11-dev": "BSD-3-Clause",
    "libfmt*": "MIT",
    "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgrpc-dev": "Apache-2.0",
    "libprometheus-cpp-core*": "MIT",
    "libprotobuf-dev": "BSD-3-Clause",
    "libre2-dev": "BSD-3-Clause",
    "libspdlog-dev": "MIT",
    "libssl-dev": "Apache-2.0",
    "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libyaml-cpp-dev": "MIT",
    "nlohmann-json3-dev": "MIT",
    "zlib1g": "Zlib",
}


def licence(name):
    for pattern, text in LICENCES.items():
        if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1])):
            return text
    sys.exit(f"sbom.py: the licence of {name} is missing")


def package(name, version, text, **more):
    return {
        "SPDXID": "SPDXRef-" + name.replace("+", "-"), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False, "licenseConcluded": text, "licenseDeclared": text, "copyrightText": "NOASSERTION", **more,
    }  # fmt: skip


def of_debian(name, version):
    kind = "source" if name == "civetweb" else "amd64"
    url = f"pkg:deb/debian/{name.replace('+', '%2B')}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={kind}&distro=debian-13"
    purl = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url}
    return package(name, version, licence(name), supplier="Organization: Debian", externalRefs=[purl])


def document(version, seconds, linked, archive):
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    ours = package(
        "etcd-headroom-exporter", version, "Apache-2.0", supplier="Organization: etcd-headroom", packageFileName=archive.name,
        downloadLocation=HOME, checksums=[{"algorithm": "SHA256", "checksumValue": digest}], primaryPackagePurpose="CONTAINER",
    )  # fmt: skip
    rows = sorted(line.split() for line in linked.read_text().splitlines())
    theirs = [of_debian(name, of) for _, name, of in rows]
    related = [("SPDXRef-DOCUMENT", "DESCRIBES", ours["SPDXID"])]
    related += [(ours["SPDXID"], RELATIONSHIPS[how], made["SPDXID"]) for (how, *_), made in zip(rows, theirs)]
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"etcd-headroom-exporter-{version}",
        "documentNamespace": f"{HOME}/spdx/{version}/{digest}",
        "creationInfo": {
            "created": datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Organization: etcd-headroom", "Tool: deploy/release/sbom.py"],
        },
        "packages": [ours, *theirs],
        "relationships": [{"spdxElementId": of, "relationshipType": kind, "relatedSpdxElement": other} for of, kind, other in related],
    }  # fmt: skip


if __name__ == "__main__":
    version, seconds, linked, archive = sys.argv[1:]
    print(json.dumps(document(version, int(seconds), pathlib.Path(linked), pathlib.Path(archive)), indent=2))
