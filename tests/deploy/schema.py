"""Strict validation against the API's own schemas: a field that the API does not know is an error, as is a wrong type."""

import functools
import json

import jsonschema
import pytest
import yaml
from tools import CACHE

FOLDER = CACHE / "tools/schemas"


def _strict(node):
    """The schema with unknown fields refused wherever it lists the known ones."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _strict(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and not node.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    if node.get("x-kubernetes-int-or-string") or node.get("format") == "int-or-string":
        made["type"] = ["integer", "string"]
    return made


@functools.cache
def _schemas():
    """{(apiVersion, kind): schema}"""
    if not FOLDER.exists():
        pytest.skip("the schemas are missing: tests/tools/build_deploy_tools.sh fetches them")
    found = {}
    for file in FOLDER.glob("*.json"):
        components = _strict(json.loads(file.read_text())["components"])
        for name, schema in components["schemas"].items():
            for kind in schema.get("x-kubernetes-group-version-kind", []):
                version = "/".join(filter(None, (kind["group"], kind["version"])))
                found[version, kind["kind"]] = {"$ref": f"#/components/schemas/{name}", "components": components}
    for file in FOLDER.glob("*.yaml"):
        spec = yaml.safe_load(file.read_text())["spec"]
        for version in spec["versions"]:
            schema = _strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


def faults(document):
    """One line for each thing that the API server would refuse."""
    schema = _schemas().get((document["apiVersion"], document["kind"]))
    if schema is None:
        return [f"there is no {document['kind']} in {document['apiVersion']}"]
    errors = jsonschema.Draft4Validator(schema).iter_errors(document)
    return [f"{document['kind']}: {'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in errors]
