"""Brings a file into the centre: what it names is made or changed, what it does not name stays.

Entries of one kind that name each other, such as a queue that overflows into another, are put bare first and completed
in a second turn.
"""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.centre_file.errors import NamedTwice
from app.crm.centre_file.names import Names
from app.crm.centre_file.saving import KINDS, WHOLE, Bringing, Turn, put_whole
from app.crm.centre_file.schemas import CentreFile, Difference
from app.crm.ways.service import ways_kept
from app.domain.references import in_part

_UNORDERED: Final = frozenset({"skills", "permissions", "members", "memberships", "categories", "prices"})


async def bring(
    session: AsyncSession, file: CentreFile, found: Sequence[Difference], with_: Bringing
) -> None:
    """Make and change what the file says and the centre does not have.

    Raises:
        NameUnknown: the file names something that is not there.
        Refusal: what the subjects' services refuse.
    """
    async with ways_kept(session):  # one entry may repair what another one breaks
        for kind in KINDS:
            unlike = {one.name: one.made for one in found if one.kind == kind.list}
            entries = [one for one in getattr(file, kind.list) if str(getattr(one, kind.name)) in unlike]
            names = await Names.read(session)
            again = []
            places = {id(one): place for place, one in enumerate(getattr(file, kind.list))}
            for entry in entries:
                made, names_own = unlike[str(getattr(entry, kind.name))], kind.names_own(entry)
                with in_part(f"{kind.list}.{places[id(entry)]}"):
                    await kind.put(Turn(session, with_, names, made=made, whole=not names_own), entry)
                again += [entry] if names_own else []
            names = await Names.read(session) if again else names
            for entry in again:
                with in_part(f"{kind.list}.{places[id(entry)]}"):
                    await kind.put(Turn(session, with_, names, made=False, whole=True), entry)
        for name in WHOLE:
            if any(one.kind == name for one in found):
                await put_whole(session, name, file, with_)


def differences(centre: CentreFile, file: CentreFile) -> list[Difference]:
    """The entries of a file that a centre does not have as they are, in the order in which they are brought in.

    It takes a while: on a thread.
    """
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


def check_names(file: CentreFile) -> None:
    """Check that no two entries of a kind have one name.

    Raises:
        NamedTwice: they have.
    """
    for kind in KINDS:
        seen: set[str] = set()
        for entry in getattr(file, kind.list):
            name = str(getattr(entry, kind.name))
            if name.casefold() in seen:
                raise NamedTwice(kind=kind.list, name=name)
            seen.add(name.casefold())


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
