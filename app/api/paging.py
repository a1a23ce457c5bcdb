"""Cursors: where a page ended, as a text that means nothing to who holds it."""

import base64
import binascii
import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query

from app.api.problems import Problem
from app.moments import in_range

UNKNOWN_CURSOR = "this cursor is not one of ours"

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; begin without it.")
]


def write_cursor(parts: tuple[str | int, ...]) -> str:
    """Where the next page begins."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """What `write_cursor` was given.

    Raises:
        Problem: 422 for anything else.
    """
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        parts = None
    if (
        not isinstance(parts, list)
        or len(parts) != len(kinds)
        or not all(type(part) is kind for part, kind in zip(parts, kinds, strict=True))
        or not all(part.isprintable() for part in parts if isinstance(part, str))
    ):
        raise Problem(422, UNKNOWN_CURSOR)
    return parts


def read_moment_cursor(cursor: str, kind: type) -> tuple[datetime, Any]:
    """A moment, in UTC, and an id of this kind, as `write_cursor` was given them.

    Raises:
        Problem: 422 for anything else.
    """
    said, id_ = read_cursor(cursor, str, kind)
    try:
        return in_range(datetime.fromisoformat(said)), id_
    except ValueError:
        raise Problem(422, UNKNOWN_CURSOR) from None
