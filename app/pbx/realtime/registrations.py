"""Accounts and the registrations of their phones: when a secret is renewed or an account removed, they end at once.

An account is rows that Asterisk reads (`SoftphoneStore`). A registration is Asterisk's own and lasts for up to ten
minutes after the rows change. So the PBX is asked to end it (context `keskus-forget` of the dialplan).
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final, NamedTuple

import structlog

from app.domain.errors import Refusal, Texts
from app.domain.ids import ChannelId, name_of
from app.pbx.ami.encode import Action
from app.pbx.ami.errors import PbxError
from app.pbx.ami.link import Link
from app.pbx.ami.message import Response
from app.pbx.realtime.lent_secrets import Lent
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.system import clock
from app.system.faults import report

log = structlog.get_logger(__name__)

FORGET_S: Final = 2.0
AGAIN_S: Final = 5.0
"""Seconds after which ending the registrations of removed accounts is tried again."""
LOOK_S: Final = 30.0
"""Seconds between looks for lent secrets that are over. None ends earlier than this after the start: pages that could
not renew theirs while the service was away do so first."""


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


class Dialog(NamedTuple):
    """The SIP dialog between the PBX and a phone in a talk, by which the same phone may take its place (`Replaces`)."""

    channel: ChannelId
    call_id: str
    """The `Call-ID`."""
    local_tag: str
    """The PBX's own tag."""
    remote_tag: str
    """The phone's tag."""


class Phones:
    """Writes accounts and routes, and ends the registrations of old secrets and removed accounts.

    Call `run` inside a task group: it ends the registrations of removed accounts and of lent secrets that are over, as
    soon as the PBX can be asked.
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

    async def lend(self, name: str, until: int, session: int) -> Lent:
        """Give the phone in the page another secret for a while; see `LentSecrets.lend`."""
        return await self._store.lent.lend(name, until, session)

    async def lent_in(self) -> set[int]:
        """The log-ins in which secrets are lent now."""
        return await self._store.lent.sessions()

    async def take_back(self, session: int) -> None:
        """End what was lent in a log-in, and its registrations, in a moment."""
        await self._store.lent.take_back(session)
        self._left_behind.set()

    async def dialogs(self, channels: Sequence[ChannelId]) -> list[Dialog]:
        """Give the SIP dialogs of phones' channels; a channel that has just ended is left out.

        Raises:
            PbxError: the PBX cannot be asked.
        """
        fields = ("call-id", "local_tag", "remote_tag")
        asked = [(channel, field) for channel in channels for field in fields]
        if not asked:
            return []
        answers = await self._link.send_all([_getvar(*one) for one in asked], timeout_s=FORGET_S)
        told = [answer.get("Value") if isinstance(answer, Response) else "" for answer in answers]
        found = [
            Dialog(channel, *told[len(fields) * place : len(fields) * (place + 1)])
            for place, channel in enumerate(channels)
        ]
        return [one for one in found if all(one)]

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
        began_s = clock.monotonic()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._left_behind.wait()
            self._left_behind.clear()
            try:
                await self._forget_removed()
                await self._end_lent(timely=clock.monotonic() - began_s >= LOOK_S)
            except PbxError as error:
                log.info("phones_not_forgotten", reason=type(error).__name__)
                await asyncio.sleep(AGAIN_S)
                self._left_behind.set()
            except Exception as error:  # noqa: BLE001 - phones are no reason to stop answering callers
                if report(log, "phones_not_forgotten", error, part="phones"):
                    await asyncio.sleep(AGAIN_S)
                    self._left_behind.set()
                # After a fault the next look tries again; a registration ends by itself in ten minutes.

    async def _forget_removed(self) -> None:
        for name in await self._store.removed():
            await self._forget(name)
            await self._store.forget(name)

    async def _end_lent(self, *, timely: bool) -> None:
        now = (
            int(clock.utc_now().timestamp()) if timely else 0
        )  # at 0 only those that were taken back are over
        for name in await self._store.lent.end(now):
            await self._forget(name)
            await self._store.lent.settle(name, now)

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


def _getvar(channel: ChannelId, field: str) -> Action:
    return {"Action": "Getvar", "Channel": name_of(channel), "Variable": f"CHANNEL(pjsip,{field})"}
