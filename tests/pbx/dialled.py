"""One queue and one operator on the real dialplan, with the service's part played by hand."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.demo.sipp import Softphones
from app.pbx.realtime.softphones import Route, SoftphoneAccount, SoftphoneStore
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami, Message

TURNS_S = 5.0
"""Two turns of the hold loop, and room."""
_turn = itertools.count(1)


class Centre:
    """One queue and one operator of a test's own, and the service's part played by hand."""

    def __init__(self, sandbox: Sandbox, store: SoftphoneStore, ami: Ami) -> None:
        turn = next(_turn)
        self.sandbox = sandbox
        self.layout = sandbox.layout
        self.store = store
        self.ami = ami
        self.queue = f"queue{turn}"
        self.number = f"6{turn:04}"
        self.operator = f"op{turn}"
        self.extension = f"7{turn:04}"
        self.account = ("", "")

    async def open(self) -> None:
        account = await self.store.put(SoftphoneAccount(self.operator, number=self.extension))
        self.account = (account.name, account.secret)
        await self.store.put_route(Route(self.extension, "operator", target=self.operator))

    async def route(
        self, *, answer: bool = True, priority: int = 0, language: str = "", skills: tuple[str, ...] = ()
    ) -> None:
        await self.store.put_route(
            Route(
                self.number,
                "queue",
                target=self.queue,
                answer=answer,
                priority=priority,
                language=language,
                skills=skills,
            )
        )

    async def entered(self, number: int = 1) -> Message:
        return (await self.ami.wait("UserEvent", number, UserEvent="KeskusEntered", Queue=self.queue))[
            number - 1
        ]

    async def offer(
        self, call: Message, *, ring_s: int = 10, auto: bool = False, name: str = "", offer: str = "o-1"
    ) -> None:
        """What the service sends for one offer."""
        channel = call["Channel"]
        if name:
            await self.ami.action("Setvar", Channel=channel, Variable="KESKUS_NAME", Value=name)
        value = f"{offer}|{self.operator}|{ring_s}|{int(auto)}|{call['Uniqueid']}"
        await self.ami.action("Setvar", Channel=channel, Variable="KESKUS_OFFER", Value=value)
        reply = await self.ami.action(
            "Redirect", Channel=channel, Context="keskus-connect", Exten="s", Priority="1"
        )
        assert reply[0]["Response"] == "Success"

    async def hungup(self, call: Message) -> Message:
        return (await self.ami.wait("Hangup", Uniqueid=call["Uniqueid"]))[0]

    async def place(self, call: Message) -> str:
        """Where in the dialplan a call is now."""
        shown = await self.ami.action("CoreShowChannels", last="CoreShowChannelsComplete")
        return next((row["Context"] for row in shown if row.get("Uniqueid") == call["Uniqueid"]), "gone")

    @asynccontextmanager
    async def phone(
        self,
        *,
        answer_ms: int | None = 50,
        talk_ms: int | None = None,
        busy: bool = False,
        transfer_to: str = "",
    ) -> AsyncIterator[Softphones]:
        phones = Softphones(
            self.layout,
            [self.account],
            answer_ms=answer_ms,
            talk_ms=talk_ms,
            busy=busy,
            transfer_to=transfer_to,
        )
        async with phones:
            await self.ami.wait("DeviceStateChange", Device=f"PJSIP/{self.operator}", State="NOT_INUSE")
            yield phones
