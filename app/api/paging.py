"""Cursors: where a page ended, as a text that is opaque to clients."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Protocol, TypeVar

from fastapi import Query

from app.api.errors import CursorUnknown
from app.system.moments import in_range

IDS_MOST: Final = 2**53

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str | None, Query(max_length=1000, description="`next` of the page before; begin without it.")
]


class Numbered(Protocol):
    """A row with a number of its own; None only before it is saved."""

    id: int | None


R = TypeVar("R", bound=Numbered)


def page_by_id(rows: Sequence[R], limit: int) -> tuple[Sequence[R], str | None]:
    """The rows of one page, and the cursor of the next.

    Args:
        rows: in the order of their ids; one more than `limit` where there is a next page.
        limit: the most rows of a page.
    """
    shown = rows[:limit]
    return shown, write_cursor((shown[-1].id or 0,)) if len(rows) > limit else None


def write_cursor(parts: tuple[str | int, ...]) -> str:
    """Encode where the next page begins."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """Decode a cursor of `write_cursor`.

    Raises:
        CursorUnknown: `write_cursor` made no such cursor of these kinds.
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
        raise CursorUnknown
    return parts


def read_id_cursor(cursor: str | None) -> int | None:
    """The id that ended the page before; None at the beginning.

    Raises:
        CursorUnknown: the text is no cursor of an id.
    """
    if cursor is None:
        return None
    (id_,) = read_cursor(cursor, int)
    if not 0 < id_ <= IDS_MOST:
        raise CursorUnknown
    return int(id_)


def read_moment_cursor(cursor: str, kind: type) -> tuple[datetime, Any]:
    """Decode a cursor of a moment (UTC) and an id of this kind.

    Raises:
        CursorUnknown: the text is no such cursor.
    """
    said, id_ = read_cursor(cursor, str, kind)
    if kind is int and not 0 < id_ <= IDS_MOST:
        raise CursorUnknown
    try:
        return in_range(datetime.fromisoformat(said)), id_
    except ValueError:
        raise CursorUnknown from None
