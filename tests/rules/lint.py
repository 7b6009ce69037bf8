#!/usr/bin/python3
"""Holds the rules to what their readers rely on: names, labels, annotations, links."""

import pathlib
import re
import sys

import yaml

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"
RECORD = re.compile(
    r"^(member|cluster|cluster_resource|cluster_component|cluster_manager|cluster_namespace|fill):etcd_(headroom|only|managed)_[a-z_]+(:[a-z0-9]+)?$"
)
ALERT = re.compile(r"^EtcdHeadroom[A-Z][A-Za-z]+$")
SEVERITIES = {"critical", "warning", "info"}
ANNOTATIONS = {"summary", "description", "runbook_url", "dashboard_url"}
# A page has those that it needs; its reader looks for the meaning first, and for what to do.
SECTIONS = {"Meaning", "Impact", "Who is writing", "Diagnosis", "If etcd does not answer", "Mitigation", "Prevention"}
# Alerts about space name the top writer. The others are about settings and sight.
OF_SPACE = {"etcd-headroom-alerts-refused", "etcd-headroom-alerts-full", "etcd-headroom-alerts-history", "etcd-headroom-alerts-writers"}
CHURN = re.compile(r"etcd_headroom_(namespace_|event_object_|manager_)?writes?_(bytes_)?total|etcd_headroom_watch_|top_writer|top_manager")


def rules(file):
    for group in yaml.safe_load((RULES / file).read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            yield group["name"], rule


def expression_faults(name, expression):
    if re.search(r"\bjob\b", expression):
        yield f"{name} selects or groups by job"
    for labels in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression):
        if not {"cluster", "etcd_cluster"} <= {label.strip() for label in labels.split(",")}:
            yield f"{name}: ({labels}) lacks cluster, etcd_cluster"
    if re.search(r"\b(without|ignoring)\s*\((?!horizon\))", expression):
        yield f"{name} aggregates by what is left out"
    for function in re.findall(r"\b(max|min|sum|count|group|topk|avg)\s*\(", expression):
        yield f"{name}: {function} without by (...)"


def record_faults(file):
    for _, rule in rules(file):
        if "record" in rule:
            if not RECORD.match(rule["record"]):
                yield f"{file}: {rule['record']} is not level:metric:operations"
            yield from expression_faults(rule["record"], rule["expr"])


def alert_faults(file):
    for group, rule in rules(file):
        if "alert" not in rule:
            continue
        name = rule["alert"]
        yield from expression_faults(name, rule["expr"])
        if not ALERT.match(name):
            yield f"{name} is not EtcdHeadroomCamelCase"
        if rule["labels"].keys() != {"severity"} or rule["labels"]["severity"] not in SEVERITIES:
            yield f"{name}: labels {rule['labels']}"
        if rule["annotations"].keys() != ANNOTATIONS:
            yield f"{name}: annotations {sorted(rule['annotations'])}"
        if not rule["annotations"]["runbook_url"].endswith(f"/rules/runbooks/{name}.md"):
            yield f"{name}: runbook_url"
        if group in OF_SPACE and "Top writer: " not in rule["annotations"]["description"]:
            yield f"{name} does not name the top writer"
        if group == "etcd-managed-alerts" and not name.endswith("Unknown") and "Grew most" not in rule["annotations"]["description"]:
            yield f"{name} does not name what grew"
        if group not in {"etcd-headroom-alerts-writers", "etcd-headroom-alerts-sight"} and CHURN.search(rule["expr"]):
            yield f"{name}: a dead watch would silence it"


def horizon_faults(file):
    """Each horizon's five numbers belong together: its name, its start, its ends in words and in seconds."""
    for _, rule in rules(file):
        horizon = rule.get("labels", {}).get("horizon")
        if not horizon or horizon == "1d" or not rule["record"].endswith(":rate"):
            continue
        length = seconds(horizon)
        end = 180 if horizon == "11m" else length // 4
        offsets = {seconds(text) for text in re.findall(r"offset (\w+)", rule["expr"])}
        divisors = {int(text) for text in re.findall(r"\) / (\d+)", rule["expr"])}
        if offsets != {length, length - end, end} or divisors != {length, end}:
            yield f"horizon {horizon}: offsets {sorted(offsets)}, divisors {sorted(divisors)}"


def seconds(text):
    return sum(int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))


def runbook_faults():
    alerts = {rule["alert"] for file in ("alerts.yaml", "managed.yaml") for _, rule in rules(file) if "alert" in rule}
    pages = {page.stem: page for page in (RULES / "runbooks").glob("*.md")}
    yield from (f"{name} has no runbook" for name in sorted(alerts - pages.keys()))
    yield from (f"{name}.md has no alert" for name in sorted(pages.keys() - alerts))
    for name, page in pages.items():
        text = page.read_text(encoding="utf-8")
        sections = re.findall(r"^## (.*)$", text, re.MULTILINE)
        if sections[0] != "Meaning" or "Mitigation" not in sections or not set(sections) <= SECTIONS:
            yield f"{name}.md: sections {sections}"
        if re.search(r"^## .*\n+(##|\Z)", text, re.MULTILINE):
            yield f"{name}.md has an empty section"
    for page in (*pages.values(), *(RULES / "reference").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                yield f"{page.name}: link to {target}"


def main():
    faults = [
        *record_faults("recording.yaml"),
        *record_faults("etcd-only.yaml"),
        *record_faults("managed.yaml"),
        *alert_faults("alerts.yaml"),
        *alert_faults("managed.yaml"),
        *horizon_faults("recording.yaml"),
        *horizon_faults("managed.yaml"),
        *runbook_faults(),
    ]
    print("\n".join(faults) or "the rules keep to their form")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
