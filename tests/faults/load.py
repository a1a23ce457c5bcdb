"""Callers and phones, kept up for as long as a scenario lasts.

So many callers of each kind live at any time: as one ends the next dials. With half as many operators as callers, half
of them wait.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from app.demo.sipp import FOREVER_MS, Callers, Softphones
from app.demo.sipp_process import SippFailed
from app.sandbox.sandbox import Layout
from tests.faults.seen import Seen

ANSWERING: Final = "3726000301"
"""Picks up at once: the caller waits with music."""
RINGING: Final = "3726000302"
"""The caller hears ringing until an operator answers."""
TALKS_MS: Final = (2000, 4000, 7000)
"""How long the operators talk before they hang up, a third of them each."""
ANSWER_MS: Final = 150
REGISTERED_S: Final = 604_800
"""A week: the phones do not renew it, and to a PBX whose clock is set ahead a shorter one has run out."""
LAST_TALK_S: Final = 15.0  # after the last caller has gone
RATE: Final = 15.0  # calls a second that each kind of caller begins at most
PREFIXES: Final = 90  # each run of callers has 10,000 numbers of its own: 37200..., 37201..., ...


@dataclass(frozen=True)
class Manner:
    """One kind of caller."""

    number: str
    share: float
    talk_ms: int | None = None
    """Hangs up so long after the PBX picked up."""
    patience_ms: int = FOREVER_MS
    """Gives up when it has rung so long."""


MANNERS: Final = (
    Manner(ANSWERING, 0.5),  # waits and talks as long as the operator likes
    Manner(RINGING, 0.2, talk_ms=1500),  # hangs up after a short talk
    Manner(RINGING, 0.15, patience_ms=4000),  # gives up waiting
    Manner(ANSWERING, 0.15, talk_ms=5000),  # hangs up, waiting or talking
)


class Load:
    """Callers and phones at one PBX."""

    def __init__(self, layout: Layout, seen: Seen, accounts: Sequence[tuple[str, str]]) -> None:
        """Describe the phones.

        Args:
            layout: where the PBX is.
            seen: is told everything.
            accounts: name and secret of each phone.
        """
        self._layout = layout
        self._seen = seen
        self._accounts = list(accounts)
        self._callers: list[tuple[AsyncExitStack, Callers]] = []
        self._runs = 0
        self.errors: list[str] = []
        """What SIPp said of calls that did not go as they should."""
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        groups = [self._accounts[place :: len(TALKS_MS)] for place in range(len(TALKS_MS))]
        phones = [
            Softphones(self._layout, group, answer_ms=ANSWER_MS, talk_ms=talk_ms, registered_s=REGISTERED_S)
            for group, talk_ms in zip(groups, TALKS_MS, strict=True)
            if group
        ]
        for one in phones:
            one.phones.listener = self._seen.phone_event
            await self._stack.enter_async_context(one)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.abandon()
        await self._stack.aclose()

    async def begin(self, live: int, manners: Sequence[Manner] = MANNERS, calls: int = 9999) -> None:
        """Let so many callers call at the same time, from now on.

        Args:
            live: how many at once.
            manners: of what kinds.
            calls: of each kind, in all.
        """
        for manner in manners:
            self._runs += 1
            callers = Callers(
                self._layout,
                manner.number,
                calls=calls,
                at_once=max(1, round(live * manner.share)),
                rate=RATE,
                talk_ms=manner.talk_ms,
                patience_ms=manner.patience_ms,
                caller=f"372555{self._runs % PREFIXES:02}",
            )
            callers.listener = self._seen.caller_event
            stack = AsyncExitStack()
            await stack.enter_async_context(callers)
            self._callers.append((stack, callers))

    async def finish(self, timeout_s: float = 90.0) -> None:
        """Let nobody call any more, and wait until every call has ended."""
        running, self._callers = self._callers, []
        try:
            async with asyncio.TaskGroup() as group:
                for _, callers in running:
                    group.create_task(_finished(callers, timeout_s))
            with contextlib.suppress(TimeoutError):
                await self._seen.until(
                    lambda: not self._seen.live() and not self._seen.talking(), LAST_TALK_S
                )
        finally:
            for stack, callers in running:
                self.errors.append(callers.errors())
                await stack.aclose()

    async def abandon(self) -> None:
        """End the callers without a good-bye: their PBX has died."""
        running, self._callers = self._callers, []
        for stack, _ in running:
            await stack.aclose()


async def _finished(callers: Callers, timeout_s: float) -> None:
    """Wait for their end; of a call that has none the oracle tells."""
    with contextlib.suppress(SippFailed):
        await callers.finish(timeout_s)
