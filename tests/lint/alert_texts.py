#!/usr/bin/python3
"""Prints what alerts say to people as Markdown, one heading an alert, with X for what a template fills in."""

import pathlib
import re

import yaml

RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"

for file in ("alerts.yaml", "etcd-only.yaml"):
    for group in yaml.safe_load((RULES / file).read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                print(f"# {rule['alert']}")
                for text in ("summary", "description"):
                    # What chooses between words leaves nothing behind, what is shown leaves X.
                    words = re.sub(r"{{-? *(if|else|end|with|range)\b.*?}}", "", rule["annotations"][text])
                    print(f"\n{re.sub(r'{{.*?}}', 'X', words)}\n")
