"""Replays series through `promtool test rules` and returns when each alert fired."""

import math
import pathlib
import re
import subprocess
import tempfile

import yaml

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"
EXPORTER_RULES = (RULES / "recording.yaml", RULES / "alerts.yaml")
ETCD_ONLY_RULES = (RULES / "etcd-only.yaml",)
MANAGED_RULES = (RULES / "managed.yaml",)
# What promtool prints of an expression whose samples are not the expected ones.
SAMPLE = re.compile(r"Labels:(\{[^}]*\}) Value:(\S+)|(\{[^{}]*\}) (-?[0-9.][0-9.Ee+-]*)")


def notation(values):
    """Promtool's notation of a list of samples, None where there is none; equal steps in a row become one term."""
    out, i = [], 0
    while i < len(values):
        j = i + 1
        if values[i] is None:
            while j < len(values) and values[j] is None:
                j += 1
            out.append(f"_x{j - i}")
        else:
            step = values[j] - values[i] if j < len(values) and values[j] is not None else 0
            while j < len(values) and values[j] is not None and values[j] - values[j - 1] == step:
                j += 1
            out.append(f"{values[i]:.15g}{step:+.15g}x{j - i - 1}" if j - i > 2 else f"{values[i]:.15g}")
            j = j if j - i > 2 else i + 1
        i = j
    return " ".join(out)


def series_name(name, labels):
    inner = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inner}}}"


def groups_of(rules):
    """The names of the groups in the order of the files: promtool's own order changes from run to run."""
    return [group["name"] for path in rules for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]]


def test_file(series, rules, queries, step=1):
    """The text of a promtool test file. `series`: (name, labels, values); `queries`: (PromQL, minute)."""
    lines = [
        "rule_files:",
        *(f"  - {path}" for path in rules),
        f"evaluation_interval: {step}m",
        f"group_eval_order: {groups_of(rules)}",
        "tests:",
        "  - interval: 1m",
        "    input_series:",
    ]
    for name, labels, values in series:
        lines += [f"      - series: '{series_name(name, labels)}'", f"        values: '{notation(values)}'"]
    lines += ["    promql_expr_test:"] if queries else []
    for expression, minute in queries:
        # Nothing has this value: promtool then prints what it got.
        lines += [f"      - expr: '{expression}'", f"        eval_time: {minute}m", "        exp_samples: [{labels: nothing, value: 0}]"]
    return "\n".join(lines) + "\n"


def labels_of(text):
    return dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', text))


def query(series, queries, rules=EXPORTER_RULES, step=1):
    """Evaluates `rules` over `series` every `step` minutes and returns, per query, a list of (labels, value)."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(test_file(series, rules, queries, step))
        file.flush()
        done = subprocess.run(["promtool", "test", "rules", file.name], capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    answers = re.findall(r"^\s*got:\s*(.*)$", text, re.MULTILINE)
    if len(answers) != len(queries):
        raise RuntimeError(f"promtool gave {len(answers)} answers to {len(queries)} queries:\n{text[-4000:]}")
    return [[(labels_of(a or c), float(b or d)) for a, b, c, d in SAMPLE.findall(answer)] for answer in answers]


# Promtool refuses subqueries over too many samples, so the alerts are asked for by the piece.
PIECE_MINUTES = 120


class Firings:
    """When which alert fired: [(labels, first minute within a piece, times it began in that piece)]."""

    def __init__(self, alerts):
        self.alerts = alerts

    def of(self, cluster, until, since=0):
        """The same for one cluster of several, within some minutes."""
        return Firings([alert for alert in self.alerts if alert[0].get("cluster") == cluster and since <= alert[1] < until])

    def first_minute(self, severity=None, name=None, since=0):
        """The first minute of such an alert that began at `since` or later; infinite when there is none."""
        found = [
            minute
            for labels, minute, _ in self.alerts
            if minute >= since and (severity is None or labels["severity"] == severity) and (name is None or labels["alertname"] == name)
        ]
        return min(found, default=math.inf)

    def times(self, severity):
        return sum(began for labels, _, began in self.alerts if labels["severity"] == severity)

    def names(self, *severities):
        return sorted({labels["alertname"] for labels, _, _ in self.alerts if labels["severity"] in severities})


def firings(series, minutes, rules=EXPORTER_RULES, step=1):
    """Replays `series` for so many minutes."""
    fired = 'ALERTS{alertstate="firing"}'
    began = f"({fired} unless {fired} offset {step}m)"
    ends = range(PIECE_MINUTES, minutes + PIECE_MINUTES, PIECE_MINUTES)
    asked = [f"min_over_time(timestamp{began}[{PIECE_MINUTES}m:{step}m])", f"count_over_time({began}[{PIECE_MINUTES}m:{step}m])"]
    answers = query(series, [(expression, min(end, minutes)) for expression in asked for end in ends], rules, step)
    found = []
    for first, times in zip(answers[: len(ends)], answers[len(ends) :]):
        counts = {tuple(sorted(labels.items())): round(count) for labels, count in times}
        found += [(labels, seconds / 60, counts[tuple(sorted(labels.items()))]) for labels, seconds in first]
    return Firings(found)
