"""The boards that are shipped, as their checks read them."""

import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARDS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "dashboards").glob("*.json"))}


def panels(board):
    """All that is drawn: rows are only headings."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def variables(board):
    return [v for v in board["templating"]["list"] if v["type"] == "query"]


def annotations(board):
    return board["annotations"].get("list", [])


def expressions(board):
    """(where, PromQL) of every panel, annotation and variable."""
    for panel in panels(board):
        for target in panel.get("targets", []):
            yield f"{panel['title']}, {target['refId']}", target["expr"]
    for annotation in annotations(board):
        yield annotation["name"], annotation["expr"]
    for variable in variables(board):
        yield f"${variable['name']}", selector(variable)


def selector(variable):
    """What the variable takes its label's values from."""
    return variable["query"]["query"].removeprefix("label_values(").rpartition(",")[0]
