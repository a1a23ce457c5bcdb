"""The websocket's contract: what was published stays, under the names it was published by."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from app.live.call_view import CallView
from app.live.contract import MESSAGE, SCHEMAS, with_messages
from app.live.messages import VERSION, Answer, CallChanged, Change

PUBLISHED = Path(__file__).parent / f"messages-{VERSION}.txt"
"""Every name and value that was ever published with this version, one a line. Lines are added, none is taken away."""
LIVE = Path(__file__).parents[2] / "web" / "src" / "live"
PASSED_OVER = {"going_away"}
"""The desktop comes back by itself when the line is closed."""


def contract() -> dict[str, Any]:
    schemas: dict[str, Any] = with_messages({"components": {"schemas": {}}})["components"]["schemas"]
    return schemas


def told(schema: dict[str, Any]) -> str:
    """A type in words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(told, schema["anyOf"]))
    if "items" in schema:
        return f"list of {told(schema['items'])}"
    return str(schema["type"])


def values(schema: dict[str, Any]) -> Iterator[str]:
    """What a text may be, where that is told."""
    yield from schema.get("enum", ())
    if "const" in schema:
        yield str(schema["const"])
    for part in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from values(part)


def lines() -> Iterator[str]:
    schemas = contract()
    for message in sorted(schemas.pop(MESSAGE)["discriminator"]["mapping"].items()):
        yield "{} is {}".format(*message).replace("#/components/schemas/", "")
    for name, schema in sorted(schemas.items()):
        assert set(schema["required"]) == schema["properties"].keys(), "every name is always there"
        for field, type_ in schema["properties"].items():
            yield f"{name}.{field}: {told(type_)}"
            yield from (f"{name}.{field} may be {value}" for value in values(type_))


def test_nothing_that_was_published_is_gone_or_called_otherwise() -> None:
    today, published = set(lines()), set(PUBLISHED.read_text().splitlines())
    assert not sorted(published - today), (
        "readers rely on it: add what is new beside it, or begin a new version"
    )
    assert not sorted(today - published), "add these lines"


def test_every_schema_has_a_name_that_stays() -> None:
    assert set(SCHEMAS.values()) == contract().keys() - {MESSAGE}
    assert set(get_args(Answer)) | set(get_args(Change)) <= SCHEMAS.keys()


@pytest.fixture
def renamed() -> Iterator[None]:
    """Classes that are called otherwise."""
    was = {class_: class_.__name__ for class_ in (CallChanged, CallView)}
    for class_ in was:
        class_.__name__ = class_.__qualname__ = f"Other{class_.__name__}"
    yield
    for class_, name in was.items():
        class_.__name__ = class_.__qualname__ = name


@pytest.mark.usefixtures("renamed")
def test_classes_may_be_called_otherwise() -> None:
    assert set(lines()) == set(PUBLISHED.read_text().splitlines())
    assert contract()["CallView"]["title"] == "CallView"


def test_the_desktop_knows_every_message() -> None:
    line = "".join((LIVE / name).read_text() for name in ("line.ts", "floor.ts", "store.ts"))
    mapping = contract()[MESSAGE]["discriminator"]["mapping"]
    assert {kind for kind in mapping if f'"{kind}"' not in line} == PASSED_OVER
