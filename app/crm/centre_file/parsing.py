"""Reads a file, and judges it entry by entry; it takes a while: on a thread."""

import json
from functools import cache
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from app.crm.centre_file.schemas import CentreFile

_MOST_FAULTS: Final = 100


def read_file(content: bytes) -> CentreFile:
    """The file that was sent.

    Args:
        content: JSON in UTF-8.

    Raises:
        RequestValidationError: it is no JSON, or not what a file has.
    """
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as fault:
        at = fault.pos if isinstance(fault, json.JSONDecodeError) else 0
        raise _unfit([{"type": "json_invalid", "loc": (at,), "msg": "JSON decode error"}]) from None
    if not isinstance(said, dict):
        raise _unfit([{"type": "model_attributes_type", "loc": (), "msg": "a file is an object"}])
    lists = {name: value for name, value in said.items() if isinstance(value, list) and name in _entries()}
    faults: list[Any] = []
    read: dict[str, list[Any]] = {}
    for name, entries in lists.items():
        most, adapter = _entries()[name]
        if len(entries) > most:
            bound = {"field_type": "List", "max_length": most, "actual_length": len(entries)}
            faults.append(
                {"type": "too_long", "loc": (name,), "msg": f"at most {most} entries", "ctx": bound}
            )
            continue
        read[name] = []
        for place, entry in enumerate(entries):
            try:
                read[name].append(adapter.validate_python(entry))
            except ValidationError as fault:
                faults += [one | {"loc": (name, place, *one["loc"])} for one in fault.errors()]
            if len(faults) > _MOST_FAULTS:
                raise _unfit(faults)
    try:
        whole = CentreFile.model_validate({name: said[name] for name in said.keys() - lists.keys()})
    except ValidationError as fault:
        faults += fault.errors()
    if faults:
        raise _unfit(faults)
    return whole.model_copy(update=read)


def _unfit(faults: list[Any]) -> RequestValidationError:
    return RequestValidationError([{"input": None} | one | {"loc": ("body", *one["loc"])} for one in faults])


@cache
def _entries() -> dict[str, tuple[int, TypeAdapter[Any]]]:
    """Of each list: the most entries, and how one is read."""
    found = {}
    for name, field in CentreFile.model_fields.items():
        most = next((one.max_length for one in field.metadata if hasattr(one, "max_length")), None)
        if most is not None:
            found[name] = (most, TypeAdapter(field.annotation.__args__[0]))  # type: ignore[union-attr]
    return found
