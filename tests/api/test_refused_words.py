"""What is refused is told in words for people: no name of a Python class or member."""

import re
from collections.abc import Iterator
from enum import Enum, StrEnum
from importlib import import_module
from pkgutil import walk_packages

import pytest
from pydantic import BaseModel, ValidationError

import app
import app.api.schemas
from app.api.schemas import RequestModel

PYTHON = re.compile(r"<[A-Z]\w*|[A-Z][a-z]\w*\.[A-Z]")
UNFIT = ("no such thing", -1, [None], {"": ""}, None, "x" * 30_000)
INSIDE = {"_Phase", "ChannelState", "DeadlineKind", "DropMethod", "Ends", "Missed", "Where", "Whereabouts"}
"""Enums that no text is made of."""


def _of_app() -> Iterator[type]:
    for found in walk_packages(app.__path__, "app."):
        if "migrations" in found.name or found.name.endswith("__main__"):
            continue
        module = import_module(found.name)
        yield from (
            one for one in vars(module).values() if isinstance(one, type) and one.__module__ == found.name
        )


def _bodies() -> list[type[BaseModel]]:
    return sorted(
        {one for one in _of_app() if issubclass(one, RequestModel) and one is not RequestModel},
        key=lambda one: one.__name__,
    )


@pytest.mark.parametrize("body", _bodies(), ids=lambda one: one.__name__)
def test_no_refusal_speaks_python(body: type[BaseModel]) -> None:
    for name, field in body.model_fields.items():
        for unfit in UNFIT:
            try:
                body.model_validate({field.alias or name: unfit})
            except ValidationError as error:
                said = " ".join(str(one["msg"]) for one in error.errors())
                assert not PYTHON.search(said), said


def test_what_may_come_into_a_text_reads_as_its_value() -> None:
    kinds = {one for one in _of_app() if issubclass(one, Enum)}
    assert len(kinds) > 30
    assert {one.__name__ for one in kinds if not issubclass(one, StrEnum)} == INSIDE
