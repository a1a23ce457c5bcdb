"""A batch as one line of JSON, for the spool. No I/O."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from app.domain.now import Now
from app.records.mapping import Batch

FIRST, VERSION = 0, 1
"""The form of a record; records of the first form do not name it, and have the same names."""
NAMES: Final[Mapping[str, str]] = {
    "arrived": "arrived",
    "ended": "ended",
    "contacts": "contacts",
    "legs": "legs",
    "events": "events",
    "intervals": "intervals",
    "closings": "closings",
    "served": "served",
    "facts": "facts",
    "oldest": "oldest",
    "stream": "stream",
}
"""Names in the spool, with the field of a batch for each: a field may be renamed, a name never."""
_VERSION = "version"
_TIME = "$time"
_DECIMAL = "$decimal"


class Unpackable(ValueError):  # noqa: N818 - named for what is so
    """A record that this version of the service does not know how to read."""


def pack(batch: Batch) -> bytes:
    """A batch in ASCII without a line feed.

    Raises:
        TypeError, ValueError: a row has a value that JSON cannot hold.
    """
    said: dict[str, Any] = {_VERSION: VERSION}
    for name, field in NAMES.items():
        value = getattr(batch, field)
        said[name] = list(value.items()) if isinstance(value, dict) else value  # keys keep their type
    return json.dumps(said, default=_said, separators=(",", ":")).encode("ascii")


def unpack(record: bytes) -> Batch:
    """The batch that was packed; its rows are the same to the database.

    Raises:
        Unpackable: the record is of a later version.
    """
    batch = Batch()
    try:
        said: dict[str, Any] = json.loads(record, object_hook=_meant)
        if (version := said.pop(_VERSION, FIRST)) not in {FIRST, VERSION}:
            raise Unpackable(f"its form is {version}")
        for name, value in said.items():
            field = NAMES[name]
            if isinstance(getattr(batch, field), dict):
                value = dict(map(tuple, value))  # noqa: PLW2901
            elif name == "oldest" and value is not None:
                value = Now(*value)  # noqa: PLW2901
            setattr(batch, field, value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unpackable(str(error)) from error
    return batch


def dump(value: dict[str, Any]) -> bytes:
    """A dictionary as JSON in ASCII without a line feed. A value that JSON cannot hold stands as its `repr`."""
    return json.dumps(value, default=_said_somehow, separators=(",", ":"), skipkeys=True).encode("ascii")


def load(record: bytes) -> dict[str, Any]:
    """Decode what `dump` wrote."""
    meant: dict[str, Any] = json.loads(record, object_hook=_meant)
    return meant


def _said_somehow(value: object) -> object:
    try:
        return _said(value)
    except TypeError:
        return {"$repr": repr(value)}


def _said(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_TIME: value.isoformat()}
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    raise TypeError(f"{type(value).__name__} cannot be spooled")


def _meant(value: dict[str, Any]) -> Any:
    if len(value) == 1 and _TIME in value:
        return datetime.fromisoformat(value[_TIME])
    if len(value) == 1 and _DECIMAL in value:
        return Decimal(value[_DECIMAL])
    return value
