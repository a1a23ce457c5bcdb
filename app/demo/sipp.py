"""SIPp as customers and as operators' phones; reports what happens to each call as events.

    async with Softphones(layout, [("op1", secret)], answer_ms=500) as phones:
        async with Callers(layout, "500", calls=10, rate=10.0, talk_ms=2000) as callers:
            await callers.wait("ended", 10)

The events are in `sipp_process`.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from app.demo.sipp_process import SCENARIOS, SippEvent, SippProcess
from app.demo.speech import GREETING, HELLO
from app.sandbox.configuration import Layout
from app.sandbox.ports import free_ports

REFUSALS: Final = (400, 401, 403, 404, 408, 480, 484, 486, 487, 488, 500, 503, 603)
FOREVER_MS: Final = 3_600_000
_ASKS_FOR_IT: Final = '<ereg regexp="autoanswer" search_in="hdr" header="Alert-Info:" assign_to="auto"/>'
VIDEO_PORT: Final = 2  # SIPp binds a port for video too, this far above the port for sound


class Callers(SippProcess):
    """Customers who call through the carrier's trunk."""

    def __init__(
        self,
        layout: Layout,
        number: str,
        *,
        calls: int = 1,
        at_once: int | None = None,
        rate: float = 1.0,
        talk_ms: int | None = None,
        patience_ms: int = FOREVER_MS,
        caller: str = "3725550",
        first: int = 1,
        name: str = "",
        account: tuple[str, str] | None = None,
        voice: bytes = b"",
    ) -> None:
        """Describe the calls; they start on entering the context.

        Args:
            layout: where the PBX is.
            number: the number that they dial.
            calls: how many calls in all.
            at_once: the most calls at the same time; None sets no limit.
            rate: calls per second.
            talk_ms: hang up after this many milliseconds of talk; None waits for the other side.
            patience_ms: cancel a call that is not answered this many milliseconds after its last ringing.
            caller: the beginning of their numbers; each call appends its own four digits.
            first: the four digits of the first call, as a number.
            name: their display name.
            account: name and secret of a softphone that dials, instead of a customer through the carrier.
            voice: what they say again and again, as A-law with 8000 samples a second; empty: they are silent.
        """
        host = layout.trunk_host if account is None else layout.host
        sign = "" if account is None else f"[authentication username={account[0]} password={account[1]}]"
        rows = [(number, f"{caller}{place:04}", name, sign) for place in range(first, first + calls)]
        if account is not None:
            rows = [(number, account[0], name, sign)] * calls
        super().__init__(
            "caller.xml",
            {
                "PATIENCE_MS": str(patience_ms),
                "TALK": "" if talk_ms is None else f'timeout="{talk_ms}" ontimeout="hangup"',
                "REFUSALS": "\n".join(_refusal(status) for status in REFUSALS),
                "AUTHENTICATE": "" if account is None else (SCENARIOS / "authenticate.xml").read_text(),
                "AUDIO_PORT": "rtpstream_audio_port" if voice else "media_port",
                "SAYS": '<nop><action><exec rtp_stream="voice.alaw,-1,8"/></action></nop>' if voice else "",
            },
            rows,
            [
                *_bound(host, *free_ports(1, host=host)),
                *(
                    "-m",
                    str(calls),
                    "-r",
                    f"{rate:g}",
                    "-l",
                    str(at_once or calls),
                    f"{layout.host}:{layout.sip_port}",
                ),
            ],
        )
        if voice:
            self.keep("voice.alaw", voice)


class Callees(SippProcess):
    """Customers that a campaign calls: they listen at the trunk's address while the context lasts."""

    def __init__(
        self,
        layout: Layout,
        *,
        answer_ms: int = 200,
        talk_ms: int | None = None,
        busy: str = "",
        silent: str = "",
        machine: str = "",
        presses: str = "",
        press_ms: int = 3000,
    ) -> None:
        """Describe them. Their events are those of phones, with the dialled number as the user, and `pressed`.

        Args:
            layout: where the PBX is.
            answer_ms: answer after ringing this many milliseconds.
            talk_ms: hang up after this many milliseconds of talk; None waits for the other side.
            busy: last digits of the numbers that are busy.
            silent: last digits of the numbers that never answer.
            machine: last digits of the numbers with an answering machine. If there are any, calls have sound: machines
                speak, people say hello and listen.
            presses: last digits of the numbers that press 9 after the answer.
            press_ms: milliseconds from the answer to the 9.
        """
        talk = "" if talk_ms is None else f'timeout="{talk_ms}" ontimeout="hangup"'
        super().__init__(
            "callee.xml",
            {
                "BUSY": busy or "x",
                "SILENT": silent or "x",
                "MACHINE": machine or "x",
                "PRESSES": presses or "x",
                "PRESS_MS": str(press_ms),
                "ANSWER_MS": str(answer_ms),
                "TALK": talk,
                "AUDIO_PORT": "rtpstream_audio_port" if machine else "media_port",
                "HELLO": '<exec rtp_stream="hello.alaw,-1,8"/>' if machine else "",
                "GREETING": '<exec rtp_stream="greeting.alaw,-1,8"/>' if machine else "",
            },
            [("unused",)],
            [
                *_bound(layout.trunk_host, layout.trunk_port),
                *("-l", "100000", f"{layout.host}:{layout.sip_port}"),
            ],
            listens_at=(layout.trunk_host, layout.trunk_port),
        )
        if machine:
            self.keep("hello.alaw", HELLO)
            self.keep("greeting.alaw", GREETING)


class Softphones:
    """Operators' phones: registered on entering, they all share one UDP port and one behaviour."""

    def __init__(
        self,
        layout: Layout,
        accounts: Sequence[tuple[str, str]],
        *,
        answer_ms: int | None = 200,
        talk_ms: int | None = None,
        busy: bool = False,
        by_itself: bool = False,
        transfer_to: str = "",
        registered_s: int = 3600,
    ) -> None:
        """Describe the phones.

        Args:
            layout: where the PBX is.
            accounts: name and secret of each.
            answer_ms: answer after ringing this many milliseconds; None never answers.
            talk_ms: hang up after this many milliseconds of talk; None waits for the other side.
            busy: refuse each call with 486.
            by_itself: answer at once if the call asks for automatic answer.
            transfer_to: after `talk_ms` transfer the other party to this number instead of hanging up.
            registered_s: seconds that their registrations hold; they are not renewed.
        """
        self._registered_s = registered_s
        self._layout = layout
        self._accounts = list(accounts)
        (self._port,) = free_ports(1, host=layout.host)
        decision = ""
        if busy:
            decision = '  <nop next="busy"/>'
        elif by_itself:
            decision = '  <nop test="auto" next="answer"/>'
        answer = "" if answer_ms is None else f'timeout="{answer_ms}" ontimeout="answer"'
        then = "transfer" if transfer_to else "hangup"
        talk = "" if talk_ms is None else f'timeout="{talk_ms}" ontimeout="{then}"'
        self.phones = SippProcess(
            "softphone.xml",
            {
                "ANSWER": answer,
                "TALK": talk,
                "TRANSFER_TO": transfer_to,
                "READS": _ASKS_FOR_IT if by_itself else "",
                "DECISION": decision,
            },
            [("unused",)],
            [*_bound(layout.host, self._port), "-l", "100000", f"{layout.host}:{layout.sip_port}"],
            listens_at=(layout.host, self._port),
        )

    @property
    def events(self) -> list[SippEvent]:
        """The events at the phones so far, in order."""
        return self.phones.events

    def of(self, kind: str, user: str | None = None) -> list[SippEvent]:
        """The events of one kind so far, of one phone or of all."""
        return self.phones.of(kind, user)

    async def wait(
        self, kind: str, number: int = 1, timeout_s: float = 30.0, user: str | None = None
    ) -> list[SippEvent]:
        """Wait until `number` events of a kind have happened; give them all."""
        return await self.phones.wait(kind, number, timeout_s, user)

    async def unregister(self) -> None:
        """End the registrations; the phones go on listening."""
        async with register(self._layout, self._accounts, expires_s=0) as run:
            await run.done()

    async def __aenter__(self) -> Self:
        registering = register(self._layout, self._accounts, expires_s=self._registered_s, port=self._port)
        async with registering as run:
            await run.done()
            # SIPp may end before its last lines have been read here.
            await run.wait("registered", len(self._accounts))
        await self.phones.__aenter__()
        try:
            for name, _ in self._accounts:  # the PBX counts a phone as present once it has answered its probe
                await self.phones.wait("probed", user=name)
        except BaseException:
            await self.phones.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.phones.__aexit__(kind, error, trace)


def register(
    layout: Layout, accounts: Sequence[tuple[str, str]], *, expires_s: int = 3600, port: int | None = None
) -> SippProcess:
    """Register accounts without phones behind them, or end registrations with `expires_s` 0.

    The events are `registered` and `refused`.
    """
    contact = "<sip:[field0]@[local_ip]:[local_port]>"
    return SippProcess(
        "register.xml",
        {"EXPIRES": str(expires_s), "CONTACT": contact if expires_s else "*"},
        [(name, f"[authentication username={name} password={secret}]") for name, secret in accounts],
        [
            *_bound(layout.host, port or free_ports(1, host=layout.host)[0]),
            *("-m", str(len(accounts)), "-r", "100", f"{layout.host}:{layout.sip_port}"),
        ],
    )


def _refusal(status: int) -> str:
    log = f"refused|[field1]|[field0]|[call_id]|[$s]|[$us]|{status}"
    return (
        f'  <recv response="{status}" optional="true" next="acknowledge"><action>'
        f'<gettimeofday assign_to="s,us"/><log message="{log}"/></action></recv>'
    )


def _bound(host: str, port: int) -> list[str]:
    (sound,) = free_ports(1, host=host, beside=VIDEO_PORT)
    return ["-i", host, "-mi", host, "-p", str(port), "-mp", str(sound), "-t", "u1"]
