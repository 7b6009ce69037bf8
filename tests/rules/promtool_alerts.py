"""The alerts of a replay as they are sent: labels and rendered annotations."""

import os
import re
import subprocess
import tempfile

import promtool
import yaml

# Another engine: a later promtool, or VictoriaMetrics' vmalert-tool, which reads the same files.
ENGINE = os.environ.get("HEADROOM_RULES_ENGINE", "promtool")
COMMANDS = {"vmalert-tool": ["unittest", "-disableAlertgroupLabel", "-loggerLevel=FATAL", "--files"]}
ALERTS = re.compile(r"alertname: (\w+), time: (\S+),\s*\n\s*exp:.*?\n\s*got:\[(.*?)\n(?=\s*(?:groupname: , )?alertname: |\Z)", re.DOTALL)
ALERT = re.compile(r"Labels:(\{.*?\})\s*\n\s*Annotations:(\{.*?\})(?:,)?\s*$", re.MULTILINE)


def alert_names(rules=promtool.EXPORTER_RULES):
    groups = [group for path in rules for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]]
    return sorted({rule["alert"] for group in groups for rule in group["rules"] if "alert" in rule})


# Where a rule sees what another one recorded an evaluation later, alerts may come, and end, two of them late.
LATE = (0, 1, 2) if os.path.basename(ENGINE) == "vmalert-tool" else (0,)
# Cases that VictoriaMetrics answers otherwise: see docs/rules.md.
DIFFERING = {"space came back a minute ago", "watch up"} if os.path.basename(ENGINE) == "vmalert-tool" else set()
# vmalert-tool's tests begin in the year 2000, promtool's in 1970: points in time move along.
BEGINS = 946684800 if os.path.basename(ENGINE) == "vmalert-tool" else 0


def moved(series):
    for name, labels, values in series:
        in_time = BEGINS and name.endswith(("_timestamp_seconds", "_start_time_seconds"))
        yield name, labels, [None if value is None else value + BEGINS for value in values] if in_time else values


def minutes_of(text):
    return sum(int(number) * {"d": 1440, "h": 60, "m": 1, "s": 0}[unit] for number, unit in re.findall(r"(\d+)([dhms])", text))


def sent(series, minutes, rules=promtool.EXPORTER_RULES):
    """{minute: [(labels, annotations)]} of the firing alerts at each of `minutes`."""
    lines = [promtool.test_file(list(moved(series)), rules, ()), "    alert_rule_test:"]
    for minute in minutes:
        # Every alert there is; none is expected, so that promtool prints what it got.
        lines += [f"      - {{eval_time: {minute}m, alertname: {name}, exp_alerts: []}}" for name in alert_names(rules)]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write("\n".join(lines))
        file.flush()
        done = subprocess.run(
            [ENGINE, *COMMANDS.get(os.path.basename(ENGINE), ["test", "rules"]), file.name], capture_output=True, text=True, check=False
        )
    text = done.stdout + done.stderr
    assert "SUCCESS" in text or "alertname: " in text, text[:2000]
    assert ", err: " not in text, text[-2000:]
    found = {minute: [] for minute in minutes}
    for _, time, body in ALERTS.findall(text + "\n"):
        for labels, annotations in ALERT.findall(body):
            found[minutes_of(time)].append((promtool.labels_of(labels), annotations))
    return found
