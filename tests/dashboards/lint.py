#!/usr/bin/python3
"""Holds the boards to the conventions that let one file serve import by hand, provisioning and a sidecar, and to the rules."""

import itertools
import re
import sys

import yaml
from boards import BOARDS, ROOT, annotations, expressions, panels, variables

MOST_PANELS = 20
LONGEST_SENTENCE = 160
# What PromQL itself says; all other names before a selector are metrics.
ALERTS = {"ALERTS", "ALERTS_FOR_STATE"}
UNITS = {"bytes", "Bps", "percentunit", "s", "ops", "short", "dateTimeFromNow"}
FLEET, MANAGED = "etcd-headroom-fleet", "etcd-headroom-managed"
# In this order, as many of them as a board has.
SHARED_VARIABLES = ["datasource", "cluster", "etcd_cluster", "member"]


def board_faults(board):
    """Of the file as a whole."""
    wanted = {"id": None, "schemaVersion": 39, "timezone": "browser", "time": {"from": "now-24h", "to": "now"}}
    for key, value in wanted.items():
        if board.get(key, "absent") != value:
            yield f"{key} is {board.get(key, 'absent')}"
    if "__inputs" in board or "__requires" in board:
        yield "__inputs or __requires: a sidecar cannot fill them in"
    if not re.fullmatch(r"etcd-headroom[a-z-]*", board.get("uid", "")) or len(board["uid"]) > 40:
        yield f"uid {board.get('uid')}"
    if "etcd-headroom" not in board["tags"]:
        yield "no tag etcd-headroom, by which the boards link to each other"
    for interval in (board["refresh"], *board["timepicker"]["refresh_intervals"]):
        if seconds(interval) < 30:
            yield f"a refresh of {interval}"
    names = [v["name"] for v in board["templating"]["list"]]
    shared = [name for name in names if name in SHARED_VARIABLES]
    if not shared or names[: len(shared)] != SHARED_VARIABLES[: len(shared)]:
        yield f"variables {names}"
    for where, expression in expressions(board):
        for name in re.findall(r"\$([a-z]\w*)", expression):
            if name not in names:
                yield f"{where}: ${name} is no variable of this board"
    for variable in variables(board):
        if variable["name"] != "cluster" and variable.get("allValue") != ".*":
            yield f"${variable['name']} would hide what has no such label"
        if variable["name"] == "cluster" and variable["includeAll"]:
            yield "$cluster has All: clusters would be mixed"
    if len(panels(board)) > MOST_PANELS:
        yield f"{len(panels(board))} panels"


def panel_faults(board):
    titles = [panel["title"] for panel in panels(board)]
    yield from (f"two panels {title}" for title in sorted(set(titles)) if titles.count(title) > 1)
    ids = [panel["id"] for panel in board["panels"]]
    if len(set(ids)) != len(ids):
        yield "panel ids are not unique"
    for panel in panels(board):
        name = panel["title"]
        if not name:
            yield f"panel {panel['id']} has no title"
        if not one_sentence(panel.get("description", "")):
            yield f"{name}: the description is not one sentence of at most {LONGEST_SENTENCE} characters"
        if panel["type"] == "text":
            continue
        if panel["fieldConfig"]["defaults"].get("unit") not in UNITS:
            yield f"{name}: unit {panel['fieldConfig']['defaults'].get('unit')}"
        if not panel.get("targets"):
            yield f"{name} asks nothing"
        for target in panel.get("targets", []):
            if panel["type"] != "table" and not target.get("legendFormat"):
                yield f"{name}, {target['refId']}: no legend"
            # A namespace is known by its name alone.
            if re.search(r"\w/{{", target.get("legendFormat", "")):
                yield f"{name}, {target['refId']}: a prefix in {target['legendFormat']}"


def one_sentence(text):
    return 30 <= len(text) <= LONGEST_SENTENCE and re.fullmatch(r"[A-Z0-9](?:[^.!?;]|[.](?! ))*\.", text)


def datasource_faults(board):
    asking = [*annotations(board), *variables(board), *(p for p in panels(board) if p["type"] != "text")]
    asking += [target for panel in panels(board) for target in panel.get("targets", [])]
    for item in asking:
        if item.get("datasource") != {"type": "prometheus", "uid": "${datasource}"}:
            yield f"{item.get('title') or item.get('name') or item.get('refId')}: data source {item.get('datasource')}"


def overlap_faults(board):
    for a, b in itertools.combinations(board["panels"], 2):
        p, q = a["gridPos"], b["gridPos"]
        if p["x"] < q["x"] + q["w"] and q["x"] < p["x"] + p["w"] and p["y"] < q["y"] + q["h"] and q["y"] < p["y"] + p["h"]:
            yield f"{a['title']} overlaps {b['title']}"
    for panel in board["panels"]:
        if panel["gridPos"]["x"] + panel["gridPos"]["w"] > 24:
            yield f"{panel['title']} is too far right"


def query_faults(board):
    known = {MANAGED: managed_metrics}.get(board["uid"], metrics)()
    for where, expression in expressions(board):
        for name in selected(expression) - known:
            yield f"{where}: {name} is neither in METRICS.md nor in the rules"
        if board["uid"] == FLEET:
            for name in selected(expression) - ALERTS:
                if not name.startswith(("cluster:", "fill:")):
                    yield f"{where}: {name} has more than a few series for each of hundreds of clusters"
        for window in re.findall(r"\b(?:rate|irate)\([^\[]*\[([^\]]*)\]", expression):
            # A stat has no range to choose its window by.
            if window not in ("$__rate_interval", "15m"):
                yield f"{where}: rate over {window}"
        if re.search(r"\bjob\b", expression):
            yield f"{where} selects by job"
        for labels in re.findall(r"\b(?:by|on)\s*\(([^)]*)\)", expression):
            if labels and not {"cluster", "etcd_cluster"} <= {label.strip() for label in labels.split(",")}:
                yield f"{where}: ({labels}) lacks cluster, etcd_cluster"


def selected(expression):
    """Names of metrics: what stands before a selector or a window, and all that look like ours."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    before = re.findall(r"([a-zA-Z_:][\w:]*)\s*[{\[]", bare)
    return {*before, *re.findall(r"[a-z_:]*etcd_headroom_[a-z0-9_:]+", bare)}


def rules(file="recording.yaml"):
    for group in yaml.safe_load((ROOT / "rules" / file).read_text(encoding="utf-8"))["groups"]:
        yield from group["rules"]


def metrics():
    catalogue = re.findall(r"^\| `(\w+)`", (ROOT / "exporter/METRICS.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {*ALERTS, *catalogue, *(rule["record"] for rule in rules())}


def managed_metrics():
    """What the rules for managed control planes read and record."""
    return {*ALERTS, *itertools.chain(*({rule.get("record", ""), *selected(rule["expr"])} for rule in rules("managed.yaml")))}


def seconds(text):
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def limit_faults():
    """The boards' limits are those of the rules."""
    alerts = {rule["alert"]: rule["expr"] for rule in rules("alerts.yaml") if rule.get("alert") != "EtcdHeadroomCompactionStalled"}
    wanted = {
        "Full in": {
            60 * number(alerts["EtcdHeadroomFullWithinTheHour"], r"\n\) < (\d+) \* 60"),
            3600 * number(alerts["EtcdHeadroomFullWithinADay"], r"\n\) < (\d+) \* 3600"),
        },
        "Headroom": {
            number(recorded("member:etcd_headroom_almost_full_bytes:min"), r"file_room_bytes:min\[15m\]\) <= ([\d.]+)"),
            round(1 - min(map(float, re.findall(r"db_size_bytes:max > ([\d.]+)", alerts["EtcdHeadroomDefragmentationHelps"]))), 6),
        },
        "Fragmentation": {number(alerts["EtcdHeadroomDefragmentationHelps"], r"reclaimable_bytes:min > ([\d.]+)")},
        "Budgets": {
            number(alerts["EtcdHeadroomNamespaceNearBudget"], r"budget_use:ratio > ([\d.]+)"),
            number(alerts["EtcdHeadroomNamespaceOverBudget"], r"> ([\d.]+)"),
        },
        "Headroom by member": {number(recorded("cluster:etcd_headroom_space_is_back:bool"), r"<= ([\d.]+) \*")},
    }
    for title, limits in wanted.items():
        found = [p for board in BOARDS.values() for p in panels(board) if p["title"] == title]
        if not found:
            yield f"no panel {title}"
        for panel in found:
            shown = {step["value"] for step in thresholds(panel)} - {None}
            if shown != limits:
                yield f"{title} changes colour at {sorted(shown)}, the rules at {sorted(limits)}"


def thresholds(panel):
    """Of the panel, or of a table the first column that has some."""
    own = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    columns = (p["value"]["steps"] for o in panel["fieldConfig"]["overrides"] for p in o["properties"] if p["id"] == "thresholds")
    return next(columns, own) if panel["type"] == "table" else own


def number(expression, pattern):
    return float(re.search(pattern, expression)[1])


def recorded(name):
    return next(rule["expr"] for rule in rules() if rule.get("record") == name)


def link_faults():
    """Links between boards and to runbooks lead somewhere, those of the alerts too."""
    uids = [board["uid"] for board in BOARDS.values()]
    if len(set(uids)) != len(uids):
        yield f"uids {uids}"
    texts = {name: (ROOT / "dashboards" / f"{name}.json").read_text(encoding="utf-8") for name in BOARDS}
    texts["alerts.yaml"] = (ROOT / "rules/alerts.yaml").read_text(encoding="utf-8")
    for name, text in texts.items():
        for uid in set(re.findall(r"/d/([\w-]+)", text)) - set(uids):
            yield f"{name}: link to the board {uid}"
        for page in set(re.findall(r"/blob/main/([\w/.-]+)", text)):
            if not page.endswith("/") and not (ROOT / page).exists():
                yield f"{name}: link to {page}"


def main():
    faults = [*limit_faults(), *link_faults()]
    for name, board in BOARDS.items():
        for check in (board_faults, panel_faults, datasource_faults, overlap_faults, query_faults):
            faults += [f"{name}: {fault}" for fault in check(board)]
    print("\n".join(faults) or f"{len(BOARDS)} boards keep to their form")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
