#!/usr/bin/python3
"""`make rules`: renders the mixin to the files that plain Prometheus loads: rules/render.py [FOLDER [JSONNET]]

JSONNET is code that is added to the mixin, as '{ _config+:: { clusterLabel: "k8s_cluster" } }'.
"""

import json
import pathlib
import subprocess
import sys

import yaml

RULES = pathlib.Path(__file__).resolve().parent
FILES = {
    "recording.yaml": ("prometheusRules", "What is full, how fast it fills, when it is full. Load it with alerts.yaml."),
    "alerts.yaml": ("prometheusAlerts", "Alerts over what recording.yaml records."),
    "etcd-only.yaml": ("etcdOnly", "A smaller edition over etcd's own metrics. Load it instead of the other two, not beside them."),
    "managed.yaml": ("managed", "An edition over the API server's metrics, for managed control planes. It needs no other file."),
}


class Dumper(yaml.SafeDumper):
    """Expressions as block scalars, lists set in from their key."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def text(dumper, value):
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Dumper.add_representer(str, text)


def mixin(more):
    fields = ", ".join(f"{field}: mixin.{field}" for field, _ in FILES.values())
    code = f"local mixin = (import 'mixin.libsonnet') + {more}; {{{fields}}}"
    return json.loads(subprocess.run(["jsonnet", "--jpath", RULES, "--exec", code], stdout=subprocess.PIPE, check=True).stdout)


def main(folder=RULES, more="{}"):
    made = mixin(more)
    for name, (field, what) in FILES.items():
        body = yaml.dump(made[field], Dumper=Dumper, sort_keys=False, width=1 << 20, allow_unicode=True)
        head = f"# {what} Made by `make rules` from mixin.libsonnet: edit there.\n"
        (pathlib.Path(folder) / name).write_text(head + body, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
