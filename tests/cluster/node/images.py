"""Container images, made by buildah from nothing: programs and the libraries they are linked to, and a pause of our own."""

import re
import shutil
import subprocess

PAUSE = """\
#include <signal.h>
#include <unistd.h>
static void end(int number) { (void)number; _exit(0); }
int main(void) {
  signal(SIGTERM, end);
  for (;;) pause();
}
"""


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout.strip()


def compile_pause(file):
    """The process that holds a pod's namespaces."""
    subprocess.run(["cc", "-static", "-Os", "-s", "-x", "c", "-o", file, "-"], input=PAUSE, text=True, check=True)
    return file


def libraries(program):
    """What the loader needs; nothing for a static program."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True)
    return re.findall(r"(/\S+) \(0x", done.stdout)


class Images:
    """Makes archives that `ctr images import` takes, with a storage of its own in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        self.command = ["buildah", "--storage-driver", "vfs", "--root", folder / "storage", "--runroot", folder / "runroot"]

    def _buildah(self, *arguments):
        return run(*self.command, *arguments)

    def archive(self, name, programs, entrypoint=(), user="0:0"):
        """Path of an image with `programs`, {path in the image: file}."""
        number = len(list(self.folder.glob("*.tar")))
        root = self.folder / f"root{number}"
        for path, file in programs.items():
            for source, target in [(file, path), *((library, library) for library in libraries(file))]:
                place = root / target.lstrip("/")
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, place)
        (root / "tmp").mkdir(mode=0o1777)
        container = self._buildah("from", "scratch")
        archive = self.folder / f"{number}.tar"
        try:
            self._buildah("copy", container, root, "/")
            entry = "[" + ",".join(f'"{word}"' for word in entrypoint) + "]"
            self._buildah("config", "--user", user, "--env", "PATH=/usr/local/bin:/usr/bin:/bin", "--entrypoint", entry, container)
            self._buildah("commit", "--disable-compression", container, f"docker-archive:{archive}:{name}")
        finally:
            self._buildah("rm", container)
        shutil.rmtree(root)
        return archive
