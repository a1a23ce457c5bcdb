"""Nobody overwrites unseen: `ETag` says which version was read, `If-Match` which version a change is made to.

A table whose rows several people edit has a column `version: int = 1`, which its service raises by one with each
change. The answer has the field `version`, too. A route then needs a line or two::

    return tag(ContactOut.of(contact))              # GET and POST: the parameter `tag: Tag`
    await match.check(session, ContactRow, id)      # PUT, PATCH and DELETE: `match: Match`; first in the transaction
    return match(ContactOut.of(contact))

and says so: `responses=refusals(...) | TAGGED`, `responses=refusals(..., *UNSEEN) | TAGGED`; where it changes
configuration, `later(200, tagged=True)` in place of `TAGGED`.
"""

import re
from typing import Annotated, Any, Final, Protocol, TypeVar

from fastapi import Depends, Header, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.etag_errors import FieldPassed, VersionMissing, VersionPassed, VersionUnreadable
from app.events.queries import changes_since
from app.events.subjects import SUBJECTS
from app.records.base import Row

UNSEEN: Final = (VersionMissing, VersionUnreadable, VersionPassed)
"""The refusals of a route with `Match`."""
TAG_HEADERS: Final[dict[str, Any]] = {
    "ETag": {
        "description": "The version of what is answered; send it as `If-Match` with a change.",
        "schema": {"type": "string"},
    }
}
"""The header of an answer with a tag."""
TAGGED: Final[dict[int | str, dict[str, Any]]] = {200: {"headers": TAG_HEADERS}}
"""For a route's `responses`: its answer has an `ETag`."""
TAGGED_NEW: Final[dict[int | str, dict[str, Any]]] = {201: {"headers": TAG_HEADERS}}
"""The same for a route that answers 201."""
_ANY: Final = "*"
_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,15})"', re.ASCII)  # proxies that compress answers make tags weak


class Versioned(Protocol):
    """An answer that has the version of its row."""

    version: int


V = TypeVar("V", bound=Versioned)


class Tagging:
    """Gives an answer its `ETag`."""

    def __init__(self, response: Response) -> None:
        self._response = response

    def __call__(self, told: V) -> V:
        """The same answer, with the header."""
        self._response.headers["ETag"] = f'"{told.version}"'
        return told


class Matching(Tagging):
    """The versions that a change may be made to; gives the answer its `ETag`, too."""

    def __init__(
        self,
        response: Response,
        if_match: Annotated[
            str | None,
            Header(
                alias="If-Match",
                max_length=1000,
                description="The `ETag` of what is changed, as it came; `*` overwrites whatever is there. "
                "Without it: 428. When others have changed it meanwhile: 412, which tells what and who.",
            ),
        ] = None,
    ) -> None:
        """Read the header.

        Raises:
            VersionMissing: there is no header.
            VersionUnreadable: it is no tag of `Tagging`.
        """
        super().__init__(response)
        if if_match is None:
            raise VersionMissing
        self._versions = _read(if_match)

    def names(self, version: int) -> bool:
        """Whether the change may be made to this version."""
        return self._versions is None or version in self._versions

    async def check(self, session: AsyncSession, row: type[Row], id_: int | str) -> None:
        """Refuse the change if others have changed the row; until the commit, nobody changes it then.

        A row that does not exist passes: the service refuses that.

        Args:
            session: of `writing`.
            row: the row's class, which has `version` and is described for events.
            id_: its primary key.

        Raises:
            VersionPassed: with what was changed since then, by whom, and when.
        """
        found: Any = await session.get(row, id_, with_for_update=True)
        if found is None or self._versions is None or self.names(found.version):
            return
        events = await changes_since(session, SUBJECTS[row].name, str(id_), max(self._versions))
        raise VersionPassed(
            found.version,
            [
                FieldPassed(field=field, by=one.actor_name or one.actor, at=one.at.isoformat())
                for one in events
                for field in dict.fromkeys((*(one.before or ()), *(one.after or ())))
            ],
        )


def _read(said: str) -> frozenset[int] | None:
    """The versions in `If-Match`; None: any."""
    if said.strip() == _ANY:
        return None
    tags = [_TAG.fullmatch(one.strip()) for one in said.split(",")]
    if not all(tags):
        raise VersionUnreadable
    return frozenset(int(tag[1]) for tag in tags if tag)


Tag = Annotated[Tagging, Depends(Tagging)]
"""A route's parameter that gives its answer an `ETag`."""
Match = Annotated[Matching, Depends(Matching)]
"""A route's parameter behind the one that says who asks: the route requires `If-Match`."""
