"""Brings a file into the centre: what it names is made or changed, what it does not name stays.

Entries that name each other, such as two queues that overflow into one another, are made bare first and completed in a
second turn.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.centre_file.errors import NamedTwice
from app.crm.centre_file.reading import read_centre
from app.crm.centre_file.saving import KINDS, WHOLE, Bringing, Kind, put_whole
from app.crm.centre_file.schemas import CentreFile, Difference
from app.domain.references import in_part

_UNORDERED: Final = frozenset({"skills", "permissions", "members", "memberships", "categories", "prices"})


async def bring(session: AsyncSession, file: CentreFile, with_: Bringing) -> list[Difference]:
    """Make and change what the file says; give what differed.

    Raises:
        NamedTwice, NameUnknown: the file contradicts itself, or names something that is not there.
        Refusal: what the subjects' services refuse.
    """
    _check_names(file)
    now = await read_centre(session)
    found = differences(now, file)
    for kind in KINDS:
        if not any(one.kind == kind.list for one in found):
            continue
        for _ in range(2):
            unlike = _unlike(kind, now, file)
            for place, entry, made in unlike:
                with in_part(f"{kind.list}.{place}"):
                    await kind.put(session, with_, entry, made=made)
            if unlike:  # what was put may show more of the centre: an operator whose user may log in again
                now = await read_centre(session)
    for name in WHOLE:
        if any(one.kind == name for one in found):
            await put_whole(session, name, file, with_)
    return found


def differences(centre: CentreFile, file: CentreFile) -> list[Difference]:
    """The entries of a file that a centre does not have as they are, in the order in which they are brought in."""
    found = []
    for kind in KINDS:
        there = _by_name(getattr(centre, kind.list), kind.name)
        for entry in getattr(file, kind.list):
            name = str(getattr(entry, kind.name))
            same = there.get(name.casefold())
            fields = [] if same is None else _fields(same, entry)
            if same is None or fields:
                found.append(Difference(kind=kind.list, name=name, made=same is None, fields=fields))
    for name in WHOLE:
        said, had = _said(getattr(file, name)), _said(getattr(centre, name))
        if said and said != had:
            found.append(Difference(kind=name, name=name, made=not had, fields=["items"]))
    return found


def _unlike(kind: Kind, centre: CentreFile, file: CentreFile) -> list[tuple[int, Any, bool]]:
    """The entries of a kind that the centre does not have as they are, with their places, and whether they are new."""
    there = _by_name(getattr(centre, kind.list), kind.name)
    found = []
    for place, entry in enumerate(getattr(file, kind.list)):
        same = there.get(str(getattr(entry, kind.name)).casefold())
        if same is None or _fields(same, entry):
            found.append((place, entry, same is None))
    return found


def _by_name(entries: Sequence[BaseModel], name: str) -> dict[str, BaseModel]:
    return {str(getattr(one, name)).casefold(): one for one in entries}


def _fields(one: BaseModel, other: BaseModel) -> list[str]:
    """The fields in which two entries differ; the order of names in a list means nothing."""
    left, right = one.model_dump(mode="json"), other.model_dump(mode="json")
    return [name for name in right if _plain(name, left.get(name)) != _plain(name, right[name])]


def _plain(name: str, value: Any) -> Any:
    if name == "browser":  # what a phone is is said when it is made
        return None
    if name in _UNORDERED and isinstance(value, list):
        return sorted(value, key=str)
    return value


def _said(entries: Sequence[BaseModel]) -> list[Any]:
    return sorted((one.model_dump(mode="json") for one in entries), key=str)


def _check_names(file: CentreFile) -> None:
    for kind in KINDS:
        seen: set[str] = set()
        for entry in getattr(file, kind.list):
            name = str(getattr(entry, kind.name))
            if name.casefold() in seen:
                raise NamedTwice(kind=kind.list, name=name)
            seen.add(name.casefold())
