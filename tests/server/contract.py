"""The contract of the HTTP interface, and checking answers against it."""

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import nbmlops.server

PATH = Path(nbmlops.server.__file__).with_name("openapi.yaml")
DOCUMENT: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))

_REGISTRY: Any = Registry().with_resource(
    "contract", Resource(contents=DOCUMENT, specification=DRAFT202012)
)


def check(path: str, method: str, status: int, body: bytes) -> Any:
    """Return an answer, once it is what the contract says of this status; strictly JSON."""
    operation = DOCUMENT["paths"][path][method.lower()]
    answers = operation["responses"]
    said = _resolved(answers.get(str(status), answers["default"]))
    document = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    schema = _absolute(said["content"]["application/json"]["schema"])
    validator = Draft202012Validator(schema, registry=_REGISTRY, format_checker=FormatChecker())
    found = validator.iter_errors(document)
    problems = [f"{problem.json_path}: {problem.message[:300]}" for problem in found]
    assert not problems, problems[:5]
    return document


def _resolved(answer: dict[str, Any]) -> dict[str, Any]:
    name = answer.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = DOCUMENT["components"]["responses"][name] if name else answer
    return found


def _absolute(schema: Any) -> Any:
    """Return a schema whose references lead into the contract wherever it stands itself."""
    if isinstance(schema, list):
        return [_absolute(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"contract{value}" if key == "$ref" else _absolute(value)
        for key, value in schema.items()
    }


def _refuse(word: str) -> Any:
    raise AssertionError(f"{word} is no JSON")
