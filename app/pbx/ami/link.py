"""The link to Asterisk: connect, log in, listen, ask, notice the end, come back.

    Asterisk -> protocol -> on_event (an inbox)          send, send_all, collect -> encode -> Asterisk

It is panoramisk, hardened for a call centre: no action is ever sent twice, every wait ends, a dead peer is noticed,
and the reader waits for nobody. Each login begins a new generation. The actions of an older generation have failed
with PbxLinkLost, and the owner takes a snapshot in `on_up`.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Collection, Sequence
from typing import Any

import structlog

from app.pbx.ami.asked import Asked, AskedList, AskedOne, AskedSeveral
from app.pbx.ami.encode import Action, encode
from app.pbx.ami.errors import PbxLinkLost, PbxRejected, PbxTimedOut
from app.pbx.ami.message import Event, Response
from app.pbx.ami.protocol import CLOSED_BY_US, Counters, LinkProtocol
from app.pbx.ami.session import LinkSettings, Session

log = structlog.get_logger(__name__)

PATIENCE = 3  # pongs that may be late while other bytes still arrive


class Link:
    """The one connection to an Asterisk, kept up for as long as `run` runs.

    `on_event` is called inside the read that brought the event and must only append to an inbox.
    `on_up(generation)` is called after each login, before the first event of that generation.
    `on_down(generation, reason)` is called after each loss of a link that was up, once every pending action has failed.
    Only events named in `wanted` are delivered. An exception in a callback is logged and goes no further.
    """

    def __init__(
        self,
        settings: LinkSettings,
        on_event: Callable[[Event], None],
        on_up: Callable[[int], None],
        on_down: Callable[[int, str], None],
        wanted: Collection[str],
    ) -> None:
        self.generation = 0
        self.last_pong = 0.0  # seconds of the event loop's clock
        self.why_down = "not started"
        self.counters = Counters()
        self._settings = settings
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._wanted = frozenset(wanted)
        self._protocol: LinkProtocol | None = None
        self._closing = asyncio.Event()
        # OriginateResponses of other AMI clients reach us too: our ids must differ from theirs, and from the ids that
        # the service gave before its restart.
        self._id_prefix = f"keskus-{secrets.token_hex(4)}-"
        self._id_last = 0

    @property
    def connected(self) -> bool:
        """Whether an action can be sent now."""
        return self._protocol is not None and not self._protocol.closed

    # ---- asking

    def send(self, action: Action, timeout_s: float = 5.0) -> asyncio.Future[Response]:
        """Send one action now and give a future of its answer.

        The future raises PbxRejected, PbxTimedOut or PbxLinkLost. The call itself raises ValueError
        (the action cannot be encoded) or PbxLinkLost with `sent=False` (the link is down); then nothing was sent.
        An `ActionID` in the action is kept; without one, one is made.
        """
        asked = AskedOne(str(action.get("Action", "")))
        self._ask(asked, [action], [self._id_of(action)], timeout_s)
        return asked.future

    def tell(self, actions: Sequence[Action]) -> None:
        """Send actions that nothing depends on: answers are ignored, and a link that is down drops the actions."""
        with contextlib.suppress(PbxLinkLost):
            self.send_all(actions).add_done_callback(lambda told: told.cancelled() or told.exception())

    def send_all(
        self, actions: Sequence[Action], timeout_s: float = 5.0
    ) -> asyncio.Future[list[Response | PbxRejected]]:
        """Send several actions now, in one piece and in this order, and give a future of their answers.

        Asterisk carries them out one after the other. A refusal stands in the list in its action's place and does
        not stop the actions after it. Errors as `send`.
        """
        ids = [self._id_of(action) for action in actions]
        asked = AskedSeveral(
            [(id_, str(action.get("Action"))) for id_, action in zip(ids, actions, strict=True)]
        )
        if actions:
            self._ask(asked, actions, ids, timeout_s)
        return asked.future

    def collect(self, action: Action, timeout_s: float = 10.0) -> asyncio.Future[list[Event]]:
        """Send a list action (CoreShowChannels, DeviceStateList) now and give a future of its events.

        The closing event is left out. List events go to the caller only, not to `on_event`. Errors as `send`.
        """
        asked = AskedList(str(action.get("Action", "")))
        self._ask(asked, [action], [self._id_of(action)], timeout_s)
        return asked.future

    def _id_of(self, action: Action) -> str:
        own = action.get("ActionID")
        if own:
            return str(own)
        self._id_last += 1
        return f"{self._id_prefix}{self._id_last}"

    def _ask(
        self,
        asked: AskedOne | AskedSeveral | AskedList,
        actions: Sequence[Action],
        ids: Sequence[str],
        timeout_s: float,
    ) -> None:
        wire = b"".join([encode(action, action_id) for action, action_id in zip(actions, ids, strict=True)])
        protocol = self._protocol
        if protocol is None:
            raise PbxLinkLost(self.why_down, sent=False)
        waiting: dict[str, Asked] = dict.fromkeys(ids, asked)
        if len(waiting) != len(ids):
            raise ValueError("two actions with one ActionID")
        protocol.ask(waiting, wire)
        loop = asyncio.get_running_loop()
        timer = loop.call_later(timeout_s, _expire, asked, actions, timeout_s)

        def done(_: "asyncio.Future[Any]") -> None:  # also when the caller has given up
            timer.cancel()
            for action_id in ids:
                protocol.forget(action_id, asked)

        asked.future.add_done_callback(done)

    # ---- living

    async def run(self) -> None:
        """Keep the link up until cancelled or closed. Never raises for anything the PBX does."""
        async with asyncio.TaskGroup() as group:
            keeper = group.create_task(self._keep_up())
            await self._closing.wait()
            keeper.cancel()

    def close(self) -> None:
        """Make `run` return for good, wherever it is: connected, connecting or waiting to try again."""
        self._closing.set()

    async def _keep_up(self) -> None:
        settings = self._settings
        clock = asyncio.get_running_loop().time
        retry_s = settings.retry_first_s
        while True:
            started, generation = clock(), self.generation
            reason, refused = await self._session()
            # A PBX that takes the login and drops it at once must not be tried ten times a second.
            if self.generation != generation and clock() - started >= settings.retry_last_s:
                retry_s = settings.retry_first_s
            wait_s = settings.login_retry_s if refused else retry_s
            if reason != self.why_down:  # each reason is logged once, not at every attempt
                log.warning("pbx_link_down", reason=reason, host=settings.host, port=settings.port)
            self.why_down = reason
            await asyncio.sleep(wait_s)
            retry_s = min(retry_s * 2, settings.retry_last_s)

    async def _session(self) -> tuple[str, bool]:
        """Keep one connection until it ends; give why it ended and whether the login was refused."""
        settings = self._settings
        protocol = LinkProtocol(self._on_event, self._wanted, self.counters)
        session = Session(settings, protocol, on_login=self._up, on_lost=self._down)
        try:
            async with asyncio.timeout(settings.connect_timeout_s):
                await session.open()
            return await self._watch(protocol), False
        except PbxRejected as error:
            self.counters.login_failures += 1
            return f"login refused: {error.message}", True
        except PbxLinkLost as error:
            return error.reason, False
        except TimeoutError:
            return f"no answer to the connection or login within {settings.connect_timeout_s:g} s", False
        except OSError as error:
            return f"cannot connect: {error.strerror or error}", False
        finally:
            await protocol.part()

    async def _watch(self, protocol: LinkProtocol) -> str:
        """Ping until the connection is lost; give the reason. A PBX that does not answer pings counts as gone."""
        settings = self._settings
        missed = 0
        while True:
            lost, _ = await asyncio.wait({protocol.lost}, timeout=settings.ping_interval_s)
            if lost:
                return protocol.lost.result()
            reads = protocol.reads
            try:
                await self.send({"Action": "Ping"}, timeout_s=settings.pong_deadline_s)
            except PbxTimedOut:
                missed += 1
                self.counters.missed_pongs += 1
                # If bytes still arrive, the pong may wait behind a burst of events: be patient.
                if protocol.reads == reads or missed >= PATIENCE:
                    protocol.close(f"no pong within {missed * settings.pong_deadline_s:g} s")
            except PbxRejected:
                missed = 0  # a refusal is an answer
            except PbxLinkLost as error:
                protocol.close(error.reason)
            else:
                missed = 0
                self.last_pong = asyncio.get_running_loop().time()

    def _up(self, protocol: LinkProtocol) -> None:
        self.generation += 1
        self.counters.logins += 1
        self.last_pong = asyncio.get_running_loop().time()
        self.why_down = ""
        self._protocol = protocol
        protocol.listen(self.generation)
        log.info("pbx_link_up", generation=self.generation, ami_version=protocol.version)
        _guarded(self._on_up, self.generation)

    def _down(self, protocol: LinkProtocol, reason: str) -> None:
        if self._protocol is not protocol:
            return  # the login never succeeded
        self._protocol = None
        self.counters.lost += 1
        self.why_down = reason
        say = log.info if reason == CLOSED_BY_US else log.warning
        say("pbx_link_lost", generation=self.generation, reason=reason)
        _guarded(self._on_down, self.generation, reason)


def _expire(asked: Asked, actions: Sequence[Action], timeout_s: float) -> None:
    asked.fail(PbxTimedOut("+".join(str(action["Action"]) for action in actions), timeout_s))


def _guarded(callback: Callable[..., None], *arguments: object) -> None:
    """Call the owner back; an exception there is logged, and the link goes on."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("pbx_link_callback_failed")
