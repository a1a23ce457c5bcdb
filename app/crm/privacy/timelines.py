"""Takes a person out of the lines of calls' timelines: the lines, their moments and causes stay."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.records.base import table_of
from app.records.tables import CallEventRow

_EVENT = table_of(CallEventRow)
_TEXTS: Final = frozenset({"caller_number", "caller_name", "caller_sent", "number", "name"})
"""Names in the data of lines whose texts are about the caller, or who was called."""
_IDS: Final = frozenset({"contact"})
_TARGET: Final = "target"
"""Where a call went: a queue, an operator, or a number outside, which may be the person's."""


def nameless(data: Mapping[str, Any], numbers: Collection[str]) -> dict[str, Any]:
    """A line's data without the person.

    >>> nameless({"name": "Mari", "contact": 7, "matches": [7]}, [])
    {'name': '', 'contact': None, 'matches': []}
    """
    said = dict(data)
    for name, value in data.items():
        if name in _TEXTS and isinstance(value, str):
            said[name] = ""
        elif name in _IDS:
            said[name] = None
        elif name == "matches":
            said[name] = []
    if said.get(_TARGET) in numbers:
        said[_TARGET] = ""
    return said


def of_one(data: Mapping[str, Any], own: Collection[int]) -> dict[str, Any]:
    """A line's data as one person may see it: whoever else has the number stays unnamed.

    >>> of_one({"name": "Mari", "contact": 7, "matches": [7, 8]}, {7})
    {'name': 'Mari', 'contact': 7, 'matches': [7]}
    >>> of_one({"name": "Jaan", "contact": 8, "matches": [7, 8]}, {7})
    {'name': '', 'contact': None, 'matches': [7]}
    """
    said = dict(data)
    if said.get("contact") is not None and said["contact"] not in own:
        said |= {"contact": None, "name": ""}
    if "matches" in said:
        said["matches"] = [one for one in said["matches"] if one in own]
    return said


async def clear_timelines(session: AsyncSession, calls: Collection[str], numbers: Collection[str]) -> int:
    """Clear the timelines of some calls, a few hundred at most; return how many lines changed."""
    rows = await session.execute(
        select(_EVENT.c.call_id, _EVENT.c.seq, _EVENT.c.data).where(_EVENT.c.call_id.in_(calls))
    )
    changed = [
        {"b_call": call, "b_seq": seq, "b_data": cleared}
        for call, seq, data in rows
        if (cleared := nameless(data, numbers)) != data
    ]
    if changed:
        connection = await session.connection()
        await connection.execute(
            update(_EVENT)
            .where(_EVENT.c.call_id == bindparam("b_call"), _EVENT.c.seq == bindparam("b_seq"))
            .values(data=bindparam("b_data")),
            changed,
        )
    return len(changed)
