"""Answers the floor's question who is calling, from the contact base; without it nobody is known."""

from collections.abc import Callable
from typing import ClassVar

from app.crm.answers.questions import Questions
from app.crm.contacts.lookup import Lookup, Match
from app.floor.commands import IdentifyCaller
from app.floor.events import CallerIdentified


class Identifier(Questions[IdentifyCaller, CallerIdentified]):
    """Takes `IdentifyCaller` commands and puts `CallerIdentified` events.

    Args:
        lookup: the contact base.
        put: takes the answers; must return at once.
    """

    patience_s: ClassVar[float] = 2.0

    def __init__(self, lookup: Lookup, put: Callable[[CallerIdentified], None]) -> None:
        super().__init__(put)
        self._lookup = lookup

    async def from_database(self, question: IdentifyCaller) -> CallerIdentified:
        """Match the number: to one contact, several, or none; what an operator said of the call counts more."""
        if question.adopted and (said := await self._lookup.picked(question.call)) is not None:
            return _told(question, () if said.match is None else (said.match,))
        return _told(question, await self._lookup.identify(question.number))

    def without_database(self, question: IdentifyCaller) -> CallerIdentified:
        """Without the database no contact is known; the call is routed all the same."""
        return CallerIdentified(question.call)


def _told(question: IdentifyCaller, matches: tuple[Match, ...]) -> CallerIdentified:
    ids = tuple(match.contact for match in matches)
    if len(matches) != 1:
        return CallerIdentified(question.call, matches=ids)
    (match,) = matches
    return CallerIdentified(question.call, match.name, match.contact, ids, match.last_operator)
