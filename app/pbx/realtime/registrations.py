"""Accounts with the phones behind them: who loses the secret is registered no more, at once.

An account is rows that Asterisk reads (`SoftphoneStore`); a registration is Asterisk's own, and lives on for up to ten
minutes when the rows change. So the PBX is asked to end it (context `keskus-forget` of the dialplan).
"""

import asyncio
from typing import Final

import structlog

from app.domain.errors import WordedRefusal
from app.pbx.ami.encode import Action
from app.pbx.ami.errors import PbxError
from app.pbx.ami.link import Link
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.system.faults import report

log = structlog.get_logger(__name__)

FORGET_S: Final = 2.0
AGAIN_S: Final = 5.0
"""How soon it is tried again to end the registrations of accounts that were taken away."""


class PhoneStillRegistered(WordedRefusal):
    """The new secret is valid, but the PBX could not be asked to end the old phone's registration."""

    status = 503


class Phones:
    """Writes accounts and routes, and ends the registrations of those who had an account before.

    Call `run` inside a task group: it ends those of accounts that were taken away while the PBX could not be asked.
    """

    def __init__(self, store: SoftphoneStore, link: Link) -> None:
        self._store = store
        self._link = link
        self._left_behind = asyncio.Event()
        self._left_behind.set()

    async def put(self, account: SoftphoneAccount) -> SoftphoneAccount:
        """Write an account; who was registered with an older one of that name is so no more.

        Raises:
            PhoneStillRegistered: the account is written; the PBX could not be asked.
        """
        known = await self._store.is_known(account.name)
        kept = await self._store.put(account)
        if known:
            try:
                await self._forget(account.name)
            except PbxError as error:
                raise PhoneStillRegistered(
                    "the secret was renewed, but the PBX cannot be reached to end the old phone's registration, "
                    "which may last ten minutes more; renew the secret again once the PBX is back"
                ) from error
        return kept

    async def remove(self, name: str) -> None:
        """Take an account away: it cannot register again, nor be dialled; a moment later it is registered no more."""
        await self._store.remove(name)
        self._left_behind.set()

    async def put_route(self, route: Route) -> None:
        """Write where a number goes."""
        await self._store.put_route(route)

    async def remove_route(self, number: str) -> None:
        """Take a number away."""
        await self._store.remove_route(number)

    async def run(self) -> None:
        """End the registrations of accounts that are no more, until cancelled."""
        while True:
            await self._left_behind.wait()
            self._left_behind.clear()
            try:
                for name in await self._store.removed():
                    await self._forget(name)
                    await self._store.forget(name)
            except PbxError as error:
                log.info("phones_not_forgotten", reason=type(error).__name__)
                await asyncio.sleep(AGAIN_S)
                self._left_behind.set()
            except Exception as error:  # noqa: BLE001 - phones are no reason to stop answering callers
                if report(log, "phones_not_forgotten", error, part="phones"):
                    await asyncio.sleep(AGAIN_S)
                    self._left_behind.set()
                # Else the next removal, or the next start, tries again; a registration ends by itself in ten minutes.

    async def _forget(self, name: str) -> None:
        """Let the PBX end an account's registrations; back when it has.

        Raises:
            PbxError: it has not, or it is not known.
        """
        await self._link.send(_forgetting(name), timeout_s=FORGET_S)


def _forgetting(name: str) -> Action:
    """Not asynchronous: its answer is the dialplan's, which answers when it is done."""
    return {
        "Action": "Originate",
        "Channel": f"Local/{name}@keskus-forget/n",
        "Application": "NoOp",
        "Timeout": str(round(FORGET_S * 1000)),
    }
