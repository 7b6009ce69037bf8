"""The etcd servers there are to test with: Debian's, and those that tests/tools/build_etcd.sh keeps in the cache."""

import dataclasses
import functools
import os
import pathlib
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Server:
    version: tuple[int, ...]  # (3, 4, 23)
    binary: str

    @property
    def reports_quota(self):
        """Status has a quota since 3.6."""
        return self.version >= (3, 6)

    def __str__(self):
        return ".".join(map(str, self.version))


def _number(text):
    return tuple(int(part) for part in text.split("."))


@functools.cache
def servers():
    """All of them, oldest first."""
    shown = subprocess.run(["etcd", "--version"], capture_output=True, text=True, check=True).stdout
    found = [Server(_number(re.search(r"etcd Version: ([\d.]+)", shown)[1]), "etcd")]
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "etcd-headroom/etcd"
    found += [Server(_number(binary.parent.name), str(binary)) for binary in cache.glob("*/etcd")]
    return sorted(found, key=lambda server: server.version)


def tested():
    """Those that a run goes through: the oldest and the newest, all with HEADROOM_TEST_ALL; under a sanitizer, which is about
    our memory, only the newest."""
    if os.environ.get("HEADROOM_SANITIZED"):
        return servers()[-1:]
    return servers() if os.environ.get("HEADROOM_TEST_ALL") else servers()[:: max(1, len(servers()) - 1)]
