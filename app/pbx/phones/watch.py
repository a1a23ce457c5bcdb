"""Watches the phones in talks: every second what has come from each, and whether the silent ones are still there.

    floor -> phones in talk -> PBX: sound and reports, registrations, OPTIONS -> `PhoneSigns` -> `PhoneDied`

It only asks; the floor decides about the talk. But a phone that does not know the talk ends it by its answer to a
question within the talk. So the dialplan is told before such a question (`KESKUS_ASKED`), and then why the phone's leg
ended (`KESKUS_BROKE`); it then keeps the customer.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import structlog

from app.domain.ids import ChannelId, name_of
from app.floor.calls.hangup import NORMAL_CLEARING
from app.floor.calls.lost_phones import PhoneInTalk
from app.floor.events import Event as FloorEvent
from app.floor.events import HangupRequested, PhoneDied
from app.pbx.ami.encode import Action
from app.pbx.ami.errors import PbxLinkLost, PbxRejected
from app.pbx.ami.link import Link
from app.pbx.ami.message import Response
from app.pbx.phones.signs import PhoneSigns, Registration
from app.system import clock

log = structlog.get_logger(__name__)

LOOK_S: Final = 1.0
LOOK_CLOSELY_S: Final = 0.5
"""Seconds between looks while a phone is in doubt."""
LATE_S: Final = 1.0
"""A look that took more than this many seconds is not judged: the PBX or the service stood still."""


class PhoneWatch:
    """Watches the phones in talks at one PBX. Give `run` to a task group, and each event to `heard`.

    Args:
        link: to the PBX.
        in_talk: gives the phones that are in a talk now.
        died: takes a `PhoneDied`; must return at once.
    """

    def __init__(
        self,
        link: Link,
        in_talk: Callable[[], Iterable[PhoneInTalk]],
        died: Callable[[PhoneDied], None],
    ) -> None:
        self._link = link
        self._in_talk = in_talk
        self._died = died
        self._signs: dict[ChannelId, PhoneSigns] = {}
        self._phones: dict[ChannelId, PhoneInTalk] = {}
        """The phones in talks at the last look."""
        self._asked: set[ChannelId] = set()
        """The customers in whose talk a phone was asked."""
        self._looked_s = 0.0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            in_doubt = any(signs.asked_s is not None for signs in self._signs.values())
            await asyncio.sleep(LOOK_CLOSELY_S if in_doubt else LOOK_S)
            try:
                await self._look()
            except (PbxLinkLost, PbxRejected):
                self._signs.clear()

    def heard(self, event: FloorEvent) -> None:
        """Take an event. When an asked phone's leg ends, tell the dialplan why; takes microseconds."""
        if not isinstance(event, HangupRequested) or event.channel not in self._phones:
            return
        customer = self._phones[event.channel].customer
        if customer in self._asked:
            broke = event.cause not in (0, NORMAL_CLEARING)
            self._link.tell([_setvar(customer, "KESKUS_BROKE", str(int(broke)))])

    def comes_back(self, channels: Iterable[ChannelId]) -> None:
        """Let these phones be silent anew: their page was loaded anew, and is about to take its talk over."""
        now_s = clock.monotonic()
        for channel in channels:
            if (signs := self._signs.get(channel)) is not None:
                signs.forget(now_s)

    async def _look(self) -> None:
        self._phones = phones = {phone.channel: phone for phone in self._in_talk()}
        self._asked &= {phone.customer for phone in phones.values() if phone.customer is not None}
        self._signs = {channel: self._signs.get(channel) or PhoneSigns() for channel in phones}
        now_s = clock.monotonic()
        if now_s - self._looked_s > LOOK_S + LATE_S:
            self._forget(now_s)
        self._looked_s = now_s
        if not phones:
            return
        came = await self._values([(channel, "CHANNEL(rtcp,all)") for channel in phones])
        now_s = clock.monotonic()
        for channel, statistics in zip(phones, came, strict=True):
            if statistics:
                self._signs[channel].listen(statistics, now_s)
        wanted = [
            phone
            for channel, phone in phones.items()
            if self._signs[channel].wants_registration(now_s, held=phone.held)
        ]
        new = [phone.channel for phone in wanted if self._signs[phone.channel].registered is None]
        talks_with = await self._values([(channel, "CHANNEL(pjsip,target_uri)") for channel in new])
        registrations = await self._registrations({phone.endpoint for phone in wanted})
        now_s = clock.monotonic()
        if now_s - self._looked_s > LATE_S:
            self._forget(now_s)
            return
        self._judge(wanted, registrations, dict(zip(new, talks_with, strict=True)), now_s)

    def _judge(
        self,
        phones: Iterable[PhoneInTalk],
        registrations: Mapping[str, Registration],
        talks_with: Mapping[ChannelId, str],
        now_s: float,
    ) -> None:
        asked: list[Action] = []
        for phone in phones:
            signs, registration = self._signs[phone.channel], registrations[phone.endpoint]
            target = talks_with.get(phone.channel, "")
            if signs.learn(registration, now_s, held=phone.held, talks_with=target):
                asked.append({"Action": "PJSIPQualify", "Endpoint": name_of(phone.endpoint)})
            if signs.is_to_be_checked(registration, now_s, held=phone.held):
                asked += self._check(phone)
            if signs.is_dead(registration, now_s, held=phone.held):
                log.warning("phone_died", endpoint=phone.endpoint, silent_s=round(now_s - signs.heard_s, 1))
                self._died(PhoneDied(phone.channel))
                signs.forget(now_s)  # if the phone is still in a talk after that, judging starts anew
        if asked:
            self._link.tell(asked)

    def _check(self, phone: PhoneInTalk) -> list[Action]:
        """The actions that ask a phone within the talk: a session refresh, which a restarted phone answers with 481."""
        refresh = _setvar(phone.channel, "PJSIP_SEND_SESSION_REFRESH()", "invite")
        if phone.customer is None:
            return [refresh]
        self._asked.add(phone.customer)
        return [_setvar(phone.customer, "KESKUS_ASKED", "1"), refresh]

    async def _registrations(self, endpoints: Iterable[str]) -> dict[str, Registration]:
        names = list(endpoints)
        contacts = await self._values([("", f"PJSIP_AOR({name_of(name)},contact)") for name in names])
        first = [contact.partition(",")[0] for contact in contacts]
        fields = ("expiration_time", "status", "rtt", "uri")
        there = [contact for contact in first if contact]
        told = await self._values(
            [("", f"PJSIP_CONTACT({contact},{field})") for contact in there for field in fields]
        )
        known = {
            contact: Registration(contact, *told[len(fields) * place : len(fields) * (place + 1)])
            for place, contact in enumerate(there)
        }
        return {name: known.get(contact, Registration()) for name, contact in zip(names, first, strict=True)}

    async def _values(self, wanted: Sequence[tuple[str, str]]) -> list[str]:
        """The values of `(channel, variable)`, empty for none; without a channel the variable is global."""
        if not wanted:
            return []
        answers = await self._link.send_all([_getvar(channel, variable) for channel, variable in wanted])
        return [answer.get("Value") if isinstance(answer, Response) else "" for answer in answers]

    def _forget(self, now_s: float) -> None:
        for signs in self._signs.values():
            signs.forget(now_s)


def _getvar(channel: str, variable: str) -> Action:
    action = {"Action": "Getvar", "Variable": variable}
    return {**action, "Channel": name_of(channel)} if channel else action


def _setvar(channel: ChannelId, variable: str, value: str) -> Action:
    return {"Action": "Setvar", "Channel": name_of(channel), "Variable": variable, "Value": value}
