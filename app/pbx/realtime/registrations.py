"""Accounts and the registrations of their phones: when a secret is renewed or an account removed, they end at once.

An account is rows that Asterisk reads (`SoftphoneStore`). A registration is Asterisk's own and lasts for up to ten
minutes after the rows change. So the PBX is asked to end it (context `keskus-forget` of the dialplan).
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from app.domain.errors import Refusal, Texts
from app.pbx.ami.encode import Action
from app.pbx.ami.errors import PbxError
from app.pbx.ami.link import Link
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.system.faults import report

log = structlog.get_logger(__name__)

FORGET_S: Final = 2.0
AGAIN_S: Final = 5.0
"""Seconds after which ending the registrations of removed accounts is tried again."""


class PhoneStillRegistered(Refusal):
    """The new secret is valid, but the PBX could not be asked to end the old phone's registration."""

    code = "operator.phone_still_registered"
    status = 503
    texts = Texts(
        en="the secret was renewed, but the PBX cannot be reached to end the old phone's registration, which may last "
        "ten minutes more; renew the secret again once the PBX is back",
        et="parool uuendati, kuid telefonikeskjaam ei vasta ja vana telefon võib jääda registreerituks veel kümneks "
        "minutiks; uuenda parooli uuesti, kui keskjaam vastab",
        ru="пароль обновлён, но АТС недоступна, и прежний телефон может оставаться зарегистрированным ещё десять "
        "минут; обновите пароль снова, когда АТС ответит",
    )


class Phones:
    """Writes accounts and routes, and ends the registrations of old secrets and removed accounts.

    Call `run` inside a task group: it ends the registrations of removed accounts as soon as the PBX can be asked.
    """

    def __init__(self, store: SoftphoneStore, link: Link) -> None:
        self._store = store
        self._link = link
        self._left_behind = asyncio.Event()
        self._left_behind.set()

    async def check(self) -> None:
        """Check that accounts can be written.

        Raises:
            SQLAlchemyError, OSError: their database is away.
        """
        await self._store.check()

    async def give_secret(self, name: str) -> str:
        """Give a new account its secret: there is no registration to end, so the PBX is not asked.

        Raises:
            SQLAlchemyError, OSError: the accounts' database is away.
        """
        return await self._store.give_secret(name)

    async def renew(self, name: str) -> str:
        """Give an account a new secret, and end the registrations with the old one.

        Raises:
            PhoneStillRegistered: the new secret is valid; the PBX could not be asked.
        """
        secret = await self._store.give_secret(name)
        try:
            await self._forget(name)
        except PbxError as error:
            raise PhoneStillRegistered from error
        return secret

    async def bring(self, accounts: Sequence[SoftphoneAccount], routes: Sequence[Route]) -> None:
        """Make the operators' accounts and the routes exactly these; see `SoftphoneStore.bring`.

        A phone without an account cannot register again and is not dialled; its registration ends a moment later.
        """
        brought = await self._store.bring(accounts, routes)
        if brought.removed:
            self._left_behind.set()
        for name in brought.again:
            try:
                await self._forget(name)
            except PbxError as error:
                log.info("phones_not_forgotten", reason=type(error).__name__)

    async def run(self) -> None:
        """End the registrations of removed accounts, until cancelled."""
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
                # After a fault the next removal or start tries again; a registration ends by itself in ten minutes.

    async def _forget(self, name: str) -> None:
        """Have the PBX end an account's registrations; returns when they have ended.

        Raises:
            PbxError: the PBX has not ended them, or the outcome is unknown.
        """
        await self._link.send(_forgetting(name), timeout_s=FORGET_S)


def _forgetting(name: str) -> Action:
    """The Originate into `keskus-forget`, without `Async`: its answer comes when the dialplan has ended them."""
    return {
        "Action": "Originate",
        "Channel": f"Local/{name}@keskus-forget/n",
        "Application": "NoOp",
        "Timeout": str(round(FORGET_S * 1000)),
    }
