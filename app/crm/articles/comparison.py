"""What differs between two versions of an article, as data."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

LINES_MOST: Final = 2000
"""The most lines of a text that are compared line by line; a longer text is one change."""

Operation = Literal["equal", "insert", "delete", "replace"]


@dataclass(slots=True, frozen=True)
class LineChange:
    """Lines that stayed, came, went, or were replaced."""

    operation: Operation
    before: Sequence[str]
    after: Sequence[str]


@dataclass(slots=True, frozen=True)
class FieldChange:
    """A field with another value."""

    field: str
    before: Any
    after: Any


@dataclass(slots=True, frozen=True)
class Comparison:
    """What differs between two versions."""

    fields: Sequence[FieldChange]
    """Fields but for the bodies, by name; titles as `texts.et.title`."""
    bodies: Mapping[str, Sequence[LineChange]]
    """By language; only those that differ."""


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare two versions; call it off the event loop.

    Args:
        before: the fields of the older version (`ArticleFields`).
        after: those of the newer one.
    """
    fields = [
        FieldChange(name, before.get(name), after.get(name))
        for name in sorted({*before, *after} - {"texts"})
        if before.get(name) != after.get(name)
    ]
    bodies = {}
    for language in sorted({*before["texts"], *after["texts"]}):
        old, new = before["texts"].get(language), after["texts"].get(language)
        titles = (old or {}).get("title"), (new or {}).get("title")
        if titles[0] != titles[1]:
            fields.append(FieldChange(f"texts.{language}.title", *titles))
        lines = compare_lines((old or {}).get("body", ""), (new or {}).get("body", ""))
        if any(one.operation != "equal" for one in lines):
            bodies[language] = lines
    return Comparison(fields, bodies)


def compare_lines(before: str, after: str) -> list[LineChange]:
    """What differs between two texts, line by line.

    >>> [(one.operation, one.after) for one in compare_lines("a\\nb", "a\\nc")]
    [('equal', ['a']), ('replace', ['c'])]
    """
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > LINES_MOST:
        return [LineChange("equal" if old == new else "replace", old, new)]
    matcher = difflib.SequenceMatcher(None, old, new)
    return [LineChange(operation, old[a:b], new[c:d]) for operation, a, b, c, d in matcher.get_opcodes()]
