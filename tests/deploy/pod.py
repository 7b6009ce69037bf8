"""Runs the exporter's container of a rendered pod by runc, as a kubelet would: arguments, environment, mounts, user, limits."""

import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import urllib.request

from harness.exporter import BINARY, Page
from harness.wait import until
from tools import require_containers, tool

_count = itertools.count()
SCALES = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


def root_of_binary(folder):
    """A root with the exporter and the libraries it is linked to, as in the image."""
    libraries = re.findall(r"(/\S+) \(0x", subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout)
    folder.chmod(0o755)
    for file in (*libraries, BINARY):
        place = folder / (file[1:] if file != BINARY else "usr/bin/etcd-headroom-exporter")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    return folder


class Pod:
    """A container that runs on a node: the folder `node` has the node's files, `address` is its IP."""

    def __init__(self, folder, template, node, address, root, entrypoint=("/usr/bin/etcd-headroom-exporter",)):
        require_containers()
        self.runc = tool("runc")
        folder.mkdir(parents=True)
        self.folder = folder
        self.spec = template["spec"]
        (self.container,) = (c for c in self.spec["containers"] if c["name"] == "exporter")
        self.name = f"etcd-headroom-test-{os.getpid()}-{next(_count)}"
        fields = {"spec.nodeName": "node-a", "status.hostIP": address}
        self.env = {e["name"]: fields[e["valueFrom"]["fieldRef"]["fieldPath"]] for e in self.container.get("env", [])}
        arguments = [re.sub(r"\$\((\w+)\)", lambda found: self.env[found[1]], a) for a in self.container["args"]]
        (listen,) = (a.partition("=")[2] for a in arguments if a.startswith("--web.listen-address="))
        # The brackets are for a node's IPv6 address; urllib refuses others in them.
        bare = re.sub(r"\[([0-9.]+)\]", r"\1", listen)
        self.url = f"http://{bare}"
        self._write(node, root, [*entrypoint, *arguments])
        with open(folder / "log", "ab") as log:
            self.process = subprocess.Popen([self.runc, "run", "--bundle", folder, self.name], stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)  # fmt: skip

    def _mounts(self, node):
        volumes = {v["name"]: v for v in self.spec.get("volumes", [])}
        for mount in self.container.get("volumeMounts", []):
            volume = volumes[mount["name"]]
            path = volume["hostPath"]["path"] if "hostPath" in volume else f"/secrets/{volume['secret']['secretName']}"
            source = node / path[1:]
            # As type: Directory has it; the kubelet would wait.
            assert source.is_dir(), f"ContainerCreating: {path} is not on the node"
            yield {"type": "bind", "source": str(source), "destination": mount["mountPath"],
                   "options": ["rbind", "ro" if mount.get("readOnly") else "rw"]}  # fmt: skip

    def _write(self, node, root, arguments):
        subprocess.run([self.runc, "spec", "--bundle", self.folder], check=True)
        config = json.loads((self.folder / "config.json").read_text())
        context = {**self.spec["securityContext"], **self.container["securityContext"]}
        capabilities = [f"CAP_{name}" for name in context["capabilities"].get("add", [])]
        config["process"].update({
            "terminal": False, "args": arguments, "noNewPrivileges": not context["allowPrivilegeEscalation"],
            "env": [f"{k}={v}" for k, v in {**self.env, "KUBERNETES_SERVICE_HOST": "10.96.0.1"}.items()],
            "user": {"uid": context["runAsUser"], "gid": context["runAsGroup"],
                     "additionalGids": [context["fsGroup"]] if "fsGroup" in context else []},
            "capabilities": dict.fromkeys(("bounding", "effective", "permitted"), capabilities),
        })  # fmt: skip
        # Copied, for runc makes the mounts' folders in it and tests run at the same time.
        config["root"] = {"path": str(shutil.copytree(root, self.folder / "root", symlinks=True)),
                          "readonly": context["readOnlyRootFilesystem"]}  # fmt: skip
        config["mounts"] += self._mounts(node)
        # Of the node: the network. The rest is the container's own.
        config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] != "network"]
        config["linux"]["resources"]["memory"] = {"limit": self.memory_limit}
        (self.folder / "config.json").write_text(json.dumps(config))

    @property
    def memory_limit(self):
        limit = self.container["resources"]["limits"]["memory"]
        return int(limit[:-2]) * SCALES[limit[-2:]]

    def memory(self):
        """Bytes that count towards the limit, as the kernel says."""
        shown = subprocess.run([self.runc, "events", "--stats", self.name], capture_output=True, text=True, check=True).stdout
        return json.loads(shown)["data"]["memory"]["usage"]["usage"]

    def proc(self, file):
        """/proc/PID/FILE of the exporter."""
        shown = subprocess.run([self.runc, "state", self.name], capture_output=True, text=True, check=True).stdout
        return pathlib.Path(f"/proc/{json.loads(shown)['pid']}/{file}").read_text()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def scrape(self):
        return Page(self.get("/metrics"))

    def ready(self):
        until(lambda: self._alive() and self.get(self.container["readinessProbe"]["httpGet"]["path"]), 20, "readiness")
        return self

    def _alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the container has ended: {self.log()}")
        return True

    def log(self):
        return (self.folder / "log").read_text()

    def type(self, command):
        """Types a shell command on the node, where `crictl` knows of this pod alone."""
        crictl = f"""crictl() {{ case "$*" in pods\\ *) echo pod;; *"--name ^exporter$ "*) echo {self.name};; exec\\ -it\\ *) shift 2; {self.runc} exec "$@";; esac; }}\n"""
        return subprocess.run(["sh", "-c", crictl + command], capture_output=True, text=True, timeout=120, check=False)

    def stop(self):
        """SIGTERM as the kubelet sends it; returns the exit code."""
        subprocess.run([self.runc, "kill", self.name, "TERM"], capture_output=True)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            subprocess.run([self.runc, "kill", self.name, "KILL"], capture_output=True)
            return self.process.wait(10)
        finally:
            subprocess.run([self.runc, "delete", "--force", self.name], capture_output=True)
