"""Stored forms and their examples.

`examples/<area>.json` has a list for each form, the oldest example first. An example is written once and kept for ever:
nothing in it is changed, new ones are added at the end. The last is what today's version writes. `read` is what today's
version makes of it, where that is something else than what is stored; `note` says what is odd about it.

    {"OfferMade": [{"version": 1, "note": ..., "stored": ..., "read": ...}]}
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

EXAMPLES = Path(__file__).parent / "examples"


class Example(NamedTuple):
    """One value as it was once stored."""

    version: int
    stored: Any
    read: Any
    """What today's version makes of it, as JSON has it."""


class Form(NamedTuple):
    """One kind of stored value."""

    area: str
    """Its file of examples."""
    name: str
    """Under which they stand there."""
    version: int
    """The form that is written today."""
    write: Callable[[], Any]
    """Today's version, asked to write the value that the last example is of."""
    read: Callable[[int, Any], Any]
    """What it makes of a stored value of some version."""


def area(name: str) -> dict[str, list[dict[str, Any]]]:
    """A file of examples."""
    forms: dict[str, list[dict[str, Any]]] = json.loads((EXAMPLES / f"{name}.json").read_text())
    return forms


def examples(form: Form) -> list[Example]:
    """A form's, the oldest first."""
    known = area(form.area)
    assert form.name in known, f"{form.name} is stored and has no example: write one into {form.area}.json"
    return [
        Example(one["version"], one["stored"], one.get("read", one["stored"])) for one in known[form.name]
    ]


def as_json(value: Any) -> Any:
    """A value as it comes back from JSON."""
    return json.loads(json.dumps(value, allow_nan=False))
