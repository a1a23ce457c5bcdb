"""The reference says what everything is: every field of every schema, every parameter, every answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.house import House

ANY = {"JsonValue"}
"""Whatever JSON can say: not ours to describe."""
METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture
def description(house: House) -> dict[str, Any]:
    return house.api.openapi()


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            assert method in METHODS
            yield f"{method.upper()} {path}", operation


def said(of: dict[str, Any]) -> bool:
    """In words: more than one, with an end."""
    text = of.get("description", "").strip()
    return " " in text and text.endswith((".", "`", ")"))


async def test_every_field_of_every_schema_is_described(description: dict[str, Any]) -> None:
    schemas = {
        name: schema for name, schema in description["components"]["schemas"].items() if name not in ANY
    }
    assert len(schemas) > 100
    assert not [name for name, schema in schemas.items() if not schema.get("description")]
    fields = [
        (f"{name}.{field}", prop)
        for name, schema in schemas.items()
        for field, prop in schema.get("properties", {}).items()
    ]
    assert len(fields) > 800
    assert not [name for name, field in fields if not said(field)]


async def test_every_parameter_is_described(description: dict[str, Any]) -> None:
    parameters = [
        (f"{name} {parameter['name']}", parameter)
        for name, operation in operations(description)
        for parameter in operation.get("parameters", [])
    ]
    assert len(parameters) > 130
    assert not [name for name, parameter in parameters if not said(parameter)]


async def test_every_operation_and_answer_is_described(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert operation["tags"], name
        for status, answer in operation["responses"].items():
            assert answer["description"] not in {"", "Successful Response"}, (name, status)
