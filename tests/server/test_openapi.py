"""The contract itself: that it is one, and that every operation keeps the same manners."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.server.contract import DOCUMENT

METHODS = ("get", "post", "patch", "put", "delete")


OPERATIONS = [
    pytest.param(method, item[method], id=f"{method} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method in METHODS
    if method in item
]


def test_the_contract_is_valid_openapi() -> None:
    validate(DOCUMENT)


@pytest.mark.parametrize(("method", "operation"), OPERATIONS)
def test_every_operation_has_a_name_a_summary_and_an_answer_for_problems(
    method: str, operation: dict[str, Any]
) -> None:
    assert operation["operationId"]
    assert operation["summary"].endswith(".")
    assert operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}


@pytest.mark.parametrize(("method", "operation"), OPERATIONS)
def test_what_is_read_can_be_asked_whether_it_changed(
    method: str, operation: dict[str, Any]
) -> None:
    assert ("304" in operation["responses"]) == (method == "get")
