"""A machine of one's own: namespaces whose /etc, /opt, /run, /usr and /var are overlays, so that the host sees nothing of what runs in it."""

import pathlib
import shutil
import subprocess

from harness.process import Process
from harness.wait import until

ADDRESS = "192.0.2.10"
# A kubelet sets these of the whole kernel. It finds its own values there already.
TUNABLES = {"vm/overcommit_memory": 1, "vm/panic_on_oom": 0, "kernel/panic": 10, "kernel/panic_on_oops": 1,
            "kernel/keys/root_maxkeys": 1000000, "kernel/keys/root_maxbytes": 25000000}  # fmt: skip
# Ends with its first process, as all that runs in it does.
BOOT = """\
set -eu
cd "$1"
for place in etc opt run usr var; do
  mkdir -p upper/$place work/$place
  mount -t overlay overlay -o "lowerdir=/$place,upperdir=upper/$place,workdir=work/$place" "/$place"
done
while read -r name value; do
  mkdir -p "$(dirname "tunables/$name")"
  echo "$value" >"tunables/$name"
  mount --bind "tunables/$name" "/proc/sys/$name"
done
ip link set lo up
ip link add node type veth peer name elsewhere
ip addr add "$2/24" dev node
ip link set node up
ip link set elsewhere up
ip route add default dev node
touch booted
exec sleep infinity
"""


class Machine:
    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.folder = folder
        self.processes = {}
        (folder / "tunables.txt").write_text("".join(f"{name} {value}\n" for name, value in TUNABLES.items()))
        with open(folder / "tunables.txt", "rb") as tunables, open(folder / "boot.log", "wb") as log:
            # Ends with this process, also if that is killed.
            self.init = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
                                          "sh", "-c", BOOT, "sh", folder, ADDRESS], stdin=tunables, stdout=log, stderr=log)  # fmt: skip
        until(self._booted, 10, "the machine's boot")

    def _booted(self):
        if self.init.poll() is not None:
            raise RuntimeError((self.folder / "boot.log").read_text())
        return (self.folder / "booted").exists()

    def _inside(self, command):
        (first,) = pathlib.Path(f"/proc/{self.init.pid}/task/{self.init.pid}/children").read_text().split()
        return ["nsenter", "--target", first, "--mount", "--net", "--ipc", "--uts", "--pid", "--", *(str(word) for word in command)]

    def start(self, name, *command):
        """A program that runs until the machine ends or it is killed."""
        remember = ("sh", "-c", 'echo $$ >"$1"; shift; exec "$@"', "sh", f"/run/{name}.pid", *command)
        self.processes[name] = Process(self._inside(remember), self.folder / f"{name}.log")

    def end(self, name):
        """SIGTERM, as systemd would send it; returns when it has ended."""
        self.run("sh", "-c", 'kill "$(cat "$1")"', "sh", f"/run/{name}.pid")
        self.processes.pop(name).wait(30)

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def try_run(self, *command, stdin=None, timeout=120):
        """The finished process."""
        return subprocess.run(self._inside(command), input=stdin, capture_output=True, text=True, timeout=timeout)

    def run(self, *command, **options):
        """What a command prints."""
        done = self.try_run(*command, **options)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-3000:]}"
        return done.stdout

    def write(self, place, text):
        self.run("sh", "-c", 'mkdir -p "$(dirname "$1")" && cat >"$1"', "sh", place, stdin=text)

    def stop(self):
        # containerd puts its containers beside those of any other on this machine.
        shown = self.try_run("ctr", "--namespace=k8s.io", "containers", "ls", "-q")
        self.init.kill()
        self.init.wait()
        for process in self.processes.values():
            process.wait(30)
        # The kernel lets a cgroup go when its last process has ended.
        for cgroup in pathlib.Path("/sys/fs/cgroup").glob("*/k8s.io"):
            for container in shown.stdout.split():
                if (cgroup / container).is_dir():
                    until(lambda path=cgroup / container: path.rmdir() is None, 10, f"the end of {container}")
            if not any(path.is_dir() for path in cgroup.iterdir()):
                cgroup.rmdir()
        # A gigabyte of images and layers; pytest keeps folders of former runs.
        shutil.rmtree(self.folder / "upper")
