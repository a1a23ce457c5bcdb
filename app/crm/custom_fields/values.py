"""Values of custom fields: each kind has one form, whoever sends it. No I/O.

All values are texts, the same in the interface, files and scripts.
"""

import re
from collections.abc import Collection
from datetime import date
from typing import Final

from app.crm.custom_fields.errors import ValueUnfit
from app.crm.custom_fields.tables import CustomFieldKind
from app.domain.names import fold

TEXT_MOST: Final = 1000
FOLDED_MOST: Final = 200
YES_NO: Final = ("yes", "no")
_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,6}))?", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def stored(kind: CustomFieldKind, text: str, choices: Collection[str] = ()) -> str:
    """A value in the form that is kept.

    Args:
        kind: of the field.
        text: as typed; not blank.
        choices: the codes of a field of kind `choice`.

    Raises:
        ValueUnfit: the text is no value of this kind.
    """
    if kind is CustomFieldKind.TEXT:
        if len(text) > TEXT_MOST:
            raise ValueUnfit(expected=f"<= {TEXT_MOST}")
        return text
    said = text.strip()
    if kind is CustomFieldKind.NUMBER:
        return _number(said)
    if kind is CustomFieldKind.DATE:
        return _date(said)
    fits = YES_NO if kind is CustomFieldKind.YES_NO else choices
    if said not in fits:
        raise ValueUnfit(expected=", ".join(fits))
    return said


def compared(kind: CustomFieldKind, value: str) -> str:
    """A stored value in the form that filters compare."""
    return fold(value)[:FOLDED_MOST] if kind is CustomFieldKind.TEXT else value


def _number(said: str) -> str:
    found = _NUMBER.fullmatch(said)
    if found is None:
        raise ValueUnfit(expected="-12.5")
    sign, whole, part = found[1], found[2].lstrip("0") or "0", (found[3] or "").rstrip("0")
    number = f"{whole}.{part}" if part else whole
    return f"-{number}" if sign == "-" and number != "0" else number


def _date(said: str) -> str:
    try:
        if _DATE.fullmatch(said) is not None:
            return date.fromisoformat(said).isoformat()
    except ValueError:
        pass
    raise ValueUnfit(expected="2026-03-02")
