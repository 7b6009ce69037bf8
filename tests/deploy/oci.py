"""An image in OCI's layout: its configuration and its files."""

import json
import subprocess


def unpack(layout, root):
    """The configuration of the image in the folder `layout`. Its files are put into the new folder `root`."""

    def blob(descriptor):
        return layout / "blobs" / descriptor["digest"].replace(":", "/")

    (named,) = json.loads((layout / "index.json").read_text())["manifests"]
    manifest = json.loads(blob(named).read_text())
    root.mkdir()
    for layer in manifest["layers"]:
        subprocess.run(["tar", "-xf", blob(layer), "-C", root], check=True)
    return json.loads(blob(manifest["config"]).read_text())
