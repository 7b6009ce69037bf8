"""Every query of the boards, as Grafana sends it, and what is wrong with the answers."""

import collections
import re
import time

from boards import BOARDS, annotations, panels, selector, variables

RANGE_SECONDS = 300
FORECAST_SECONDS = 24 * 3600


def interpolate(expression, cluster):
    """With everything chosen that has All."""
    values = {"cluster": cluster, "__rate_interval": "15s", "__range": f"{RANGE_SECONDS}s"}
    return re.sub(r"\$(\w+)", lambda match: values.get(match[1], ".*"), expression)


class Asked:
    """Which queries have answered yet, and the faults of the answers."""

    def __init__(self, prometheus):
        self.prometheus = prometheus
        self.answered = {}
        self.faults = []
        self.again = False

    def ask(self, again=False):
        """One round through all boards, with and without a cluster label; `again` asks only what has had no data yet."""
        self.again = again
        for board in BOARDS.values():
            for cluster in ("demo", ""):
                self._ask(board, cluster)
        return self

    def silent(self):
        """Queries that have never had data."""
        return sorted(what for what, answered in self.answered.items() if not answered)

    def _ask(self, board, cluster):
        where = f"{board['title']}, cluster={cluster!r}"
        for panel in panels(board):
            names = collections.Counter()
            for target in panel.get("targets", []):
                series = self._send(f"{where}, {panel['title']}, {target['refId']}", panel, target, cluster)
                shown = [shown_as(panel, target, labels["metric"]) for labels in series]
                names.update(shown)
            self.faults += [f"{where}, {panel['title']}: {count} series are {name!r}" for name, count in names.items() if count > 1]
        for annotation in annotations(board):
            expression = interpolate(annotation["expr"], cluster)
            self._note(f"{where}, {annotation['name']}", "query_range", query=expression, **self._past(step=1))
        for variable in variables(board):
            label = variable["query"]["query"].rpartition(",")[2].strip(" )")
            self._note(f"{where}, ${variable['name']}", f"label/{label}/values", **{"match[]": interpolate(selector(variable), cluster)})

    def _send(self, what, panel, target, cluster):
        expression = interpolate(target["expr"], cluster)
        if target.get("instant"):
            return self._note(what, "query", query=expression)
        now = time.time()
        ahead = {"start": now, "end": now + FORECAST_SECONDS, "step": 180}
        return self._note(what, "query_range", query=expression, **(ahead if panel.get("timeFrom") == "+24h" else self._past(step=1)))

    def _past(self, step):
        now = time.time()
        return {"start": now - RANGE_SECONDS, "end": now, "step": step}

    def _note(self, what, path, **parameters):
        if self.again and self.answered.get(what):
            return []
        try:
            data = self.prometheus.get(path, **parameters)
        except AssertionError as error:
            self.faults.append(f"{what}: {error}")
            return []
        series = data["result"] if isinstance(data, dict) else data
        self.answered[what] = self.answered.get(what, False) or bool(series)
        return series


def shown_as(panel, target, labels):
    """The name of a series as it is read: its legend, or of a row the columns that are shown."""
    if panel["type"] == "table":
        columns = next(t for t in panel["transformations"] if t["id"] == "filterFieldsByName")["options"]["include"]["names"]
        return (target["refId"], *(labels.get(column, "") for column in columns))
    return re.sub(r"{{(\w+)}}", lambda match: labels.get(match[1], ""), target["legendFormat"])
