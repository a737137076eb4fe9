"""The contract itself: that it is one, and that every operation keeps the same manners."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from nbmlops.server.routes import ROUTES
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
    is_moving = operation.get("x-moving", False)
    assert ("304" in operation["responses"]) == (method == "get" and not is_moving)


def test_what_moves_on_by_itself_is_what_is_never_told_to_be_the_same() -> None:
    moving = {
        path for path, item in DOCUMENT["paths"].items() if item.get("get", {}).get("x-moving")
    }
    assert {route.path for route in ROUTES if route.is_moving} == moving
