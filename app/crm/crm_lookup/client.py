"""Walks a template's scenarios over HTTP: authenticates as it asks, and reads answers beside the event loop."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from app.crm.crm_lookup.tables import CrmLookupRow
from app.crm.crm_lookup.templates import card_of, row_template
from app.crm_template.expressions import Scalar
from app.crm_template.model import AuthenticationKind
from app.crm_template.run import (
    Filled,
    HttpReply,
    HttpRequest,
    Outcome,
    Step,
    Walk,
    authenticate,
    look_up,
    report,
)
from app.domain.calls import CrmCard
from app.system.clock import monotonic
from app.system.guarded_http import GuardedHttp, NotAnswered

GRANTED_S: Final = 300.0
"""Seconds for which an authentication holds, where the template does not say."""
_DEFAULT_HEADERS: Final = ("accept-encoding", "connection", "host", "content-length", "transfer-encoding")


class Walked(NamedTuple):
    """How a walk ended."""

    outcome: Outcome
    why: str = ""
    """Why a request had no answer: a `Why`, or empty."""

    @property
    def card(self) -> CrmCard:
        """What a look-up found."""
        return card_of(self.outcome.outputs)


class CrmClient:
    """Asks one CRM.

    Args:
        row: how.
        http: sends requests.
    """

    def __init__(self, row: CrmLookupRow, http: GuardedHttp) -> None:
        self.row = row
        self._http = http
        self._filled: Filled | None = None
        self._granted_until_s = 0.0
        self._granting = asyncio.Lock()
        self._places: asyncio.Semaphore | None = None

    async def look_up(self, number: str, patience_s: float) -> Walked:
        """Find out who has a number.

        Args:
            number: E.164, or digits.
            patience_s: how long all of it may take, in seconds.

        Raises:
            Refusal: the template cannot be used any more.
        """
        return await self._with_rights(lambda filled: look_up(filled, number), patience_s)

    async def report(self, number: str, call: Mapping[str, Scalar], patience_s: float) -> Walked:
        """Report a call; the arguments are those of `app.crm_template.run.report`."""
        return await self._with_rights(lambda filled: report(filled, number, call), patience_s)

    def secrets(self) -> list[tuple[str, str]]:
        """Names and values that must not be shown."""
        granted = dict(self._filled.granted) if self._filled is not None else {}
        return [*self.row.parameters.items(), *granted.items()]

    async def _with_rights(self, begin: Callable[[Filled], Walk], patience_s: float) -> Walked:
        until_s = monotonic() + patience_s
        filled, before = await self._authenticated(until_s)
        if before is not None and before.outcome.failed is not None:
            return before
        walked = await self._walk(begin(filled), until_s)
        needs = filled.template.authentication is AuthenticationKind.SCENARIO
        if needs and before is None and walked.outcome.unauthorised:  # what was granted earlier holds no more
            self._granted_until_s = 0.0
            filled, before = await self._authenticated(until_s)
            if before is not None and before.outcome.failed is not None:
                return before
            walked = await self._walk(begin(filled), until_s)
        return walked

    async def _authenticated(self, until_s: float) -> tuple[Filled, Walked | None]:
        """The template filled in, and how the authentication ended, where it was needed now."""
        async with self._granting:
            if self._filled is None:
                template = await asyncio.to_thread(row_template, self.row)
                self._filled = Filled(template, self.row.parameters)
                self._places = asyncio.Semaphore(template.most_at_once)
            if (
                self._filled.template.authentication is not AuthenticationKind.SCENARIO
                or monotonic() < self._granted_until_s
            ):
                return self._filled, None
            bare = Filled(self._filled.template, self.row.parameters)
            walked = await self._walk(authenticate(bare), until_s)
            granted = {name.lower(): value for name, value in walked.outcome.outputs.items()}
            self._filled = Filled(bare.template, bare.parameters, granted)
            if walked.outcome.failed is None:
                self._granted_until_s = monotonic() + _granted_s(granted)
            return self._filled, walked

    async def _walk(self, walk: Walk, until_s: float) -> Walked:
        assert self._places is not None
        reply: HttpReply | None = None
        why = ""
        try:
            request = await asyncio.to_thread(_next, walk, None)
            while True:
                async with self._places:
                    reply, why = await self._send(request, until_s - monotonic())
                request = await asyncio.to_thread(_next, walk, reply)
        except _Ended as ended:
            return Walked(ended.outcome, why)

    async def _send(self, request: HttpRequest, patience_s: float) -> tuple[HttpReply | None, str]:
        if patience_s <= 0:
            return None, "late"
        headers = [one for one in request.headers if one[0].lower() not in _DEFAULT_HEADERS and _fits(*one)]
        try:
            answer = await self._http.ask(
                request.method,
                request.url,
                headers=dict([*headers, ("User-Agent", "Keskus")]),
                body=request.body,
                within_s=patience_s,
                whole=True,
            )
        except NotAnswered as error:
            return None, error.why
        return HttpReply(answer.status, answer.body), ""


class _Ended(Exception):  # noqa: N818 - a walk's end; a thread cannot hand on StopIteration
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def _next(walk: Walk, reply: HttpReply | None) -> HttpRequest:
    """Walk on with a reply; begin, where there is none yet."""
    try:
        return walk.send(reply)
    except StopIteration as ended:
        raise _Ended(ended.value) from None


def _fits(name: str, value: str) -> bool:
    """Whether a header can be sent: a value with a line break would be two."""
    return (
        name.isascii()
        and name.isprintable()
        and " " not in name
        and all(" " <= one <= "\xff" for one in value)
    )


def _granted_s(granted: Mapping[str, str]) -> float:
    """How long a grant holds: the template says so in minutes, the CRM in seconds."""
    for name, unit_s in (("bearerexpiration", 60.0), ("expiresin", 1.0), ("expires_in", 1.0)):
        try:
            said_s = float(granted.get(name, "")) * unit_s
        except ValueError:
            continue
        return min(max(said_s * 0.9, 10.0), 86_400.0)
    return GRANTED_S


__all__ = ["CrmClient", "Step", "Walked"]
