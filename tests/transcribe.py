"""Transcripts of the real PBX: how they are recorded, written and read.

    python -m tests.transcribe                  # every story anew
    python -m tests.transcribe busy_then_second # one

Each of the STORIES is played on a real Asterisk by phones and written to `tests/transcripts/NAME.txt`: every AMI event
the service's own account was told, whole, from the caller's arrival on. Before each stands when it was heard, in
seconds from that arrival:

    # +1.234
    Event: DialEnd
    ...

`tests/calls/test_transcripts.py` tells what is done with them.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from app.domain.ids import OperatorId
from app.domain.now import Now
from app.domain.operators import Membership, OperatorSettings, RoutingState
from app.domain.queues import QueueSettings
from app.floor.facts import CallHeld, CallParked, CallResumed
from app.pbx.ami.message import Event
from app.sandbox.sandbox import Sandbox
from tests.ami import Ami
from tests.calls.stage import HELP, HELP_NUMBER, Stage, stage
from tests.live_floor import NUMBER, QUEUE
from tests.own_pbx import (
    BRIEF_PARK,
    CONSOLE,
    FOLLOW_ME,
    FOLLOW_ME_KEPT,
    OWN_FILES,
    WITH_CODES,
)
from tests.sipua import Phone, Talk

FOLDER: Final = Path(__file__).with_name("transcripts")

QUEUES: Final = (
    QueueSettings(QUEUE, "Klienditugi", ring_s=3, wrap_up_s=0.2, retry_s=1.0),
    QueueSettings(HELP, "Abi", ring_s=3, wrap_up_s=0.2, retry_s=1.0),
)
OPERATORS: Final = tuple(
    OperatorSettings(
        OperatorId(n), f"Operator {n}", endpoint=f"op{n}", memberships=(Membership(queue, level),)
    )
    for n, queue, level in ((1, QUEUE, 1), (2, QUEUE, 2), (3, HELP, 1))
)
"""Who is there and available when the caller arrives, in every story."""


def write(heard: Iterable[tuple[Now, Event]]) -> str:
    """Give a transcript of what was heard, from the first caller's arrival on."""
    parts: list[str] = []
    began_s: float | None = None
    for at, event in heard:
        if began_s is None and event.get("UserEvent") == "KeskusEntered":
            began_s = at.mono_s
        if began_s is not None:
            lines = [line.rstrip() for line in event.raw.split("\r\n")]
            parts.append("\n".join([f"# +{at.mono_s - began_s:.3f}", *lines]).strip("\n") + "\n")
    return "\n".join(parts)


def read(text: str) -> Iterator[tuple[float, Event]]:
    """Give a transcript's events, each with its time in seconds.

    Raises:
        ValueError: a part has no time or no event.
    """
    for part in text.strip("\n").split("\n\n"):
        head, _, body = part.partition("\n")
        if not head.startswith("# +"):
            raise ValueError(f"no time: {head}")
        yield float(head.removeprefix("# +")), Event.from_text(body)


# The stories. In each, Anna (+372 5550 0001) calls the queue whose number is 3726000500.


async def _time_goes_by(s: Stage, call: Talk, packets: int = 60) -> None:
    """Let Anna hear so many packets more, of music or of people, 50 a second."""
    assert call.sound is not None
    sound, wanted = call.sound, call.sound.packets + packets
    sound.on_heard = s.anna.touch
    await s.anna.until(lambda: sound.packets >= wanted)


async def _talk(s: Stage) -> tuple[Talk, Talk]:
    call = await s.anna.dial(NUMBER)
    talk = await s.op1.rings()
    await _time_goes_by(s, call)
    s.op1.answer(talk)
    await s.hear_each_other((s.anna, call), (s.op1, talk))
    return call, talk


async def ended_by_operator(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.hang_up(talk)
    await s.at_rest(call)


async def ended_by_caller(s: Stage, _op3: Phone) -> None:
    call, _ = await _talk(s)
    await s.anna.hang_up(call)
    await s.at_rest(call)


async def abandoned_while_ringing(s: Stage, _op3: Phone) -> None:
    call = await s.anna.dial(NUMBER)
    await s.op1.rings()
    await s.live.until(lambda: s.live.operator(1).routing is RoutingState.RINGING)
    await _time_goes_by(s, call)
    await s.anna.hang_up(call)
    await s.at_rest(call)


async def no_answer_then_second(s: Stage, _op3: Phone) -> None:
    call = await s.anna.dial(NUMBER)
    await s.op1.rings()
    await _served_by_second(s, call)


async def busy_then_second(s: Stage, _op3: Phone) -> None:
    s.op1.refuse = 486
    await _served_by_second(s, await s.anna.dial(NUMBER))


async def declined_then_second(s: Stage, _op3: Phone) -> None:
    s.op1.refuse = 603
    await _served_by_second(s, await s.anna.dial(NUMBER))


async def _served_by_second(s: Stage, call: Talk) -> None:
    talk = await s.op2.rings()
    await _time_goes_by(s, call)
    s.op2.answer(talk)
    await s.hear_each_other((s.anna, call), (s.op2, talk))
    await s.anna.hang_up(call)
    await s.at_rest(call, 2)


async def hold_and_resume(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    for number in (1, 2):
        await s.op1.hold(talk)
        await s.live.wait(CallHeld, number)
        await _time_goes_by(s, call)
        await s.op1.hold(talk, resume=True)
        await s.live.wait(CallResumed, number)
        await s.hear_each_other((s.anna, call), (s.op1, talk))
    await s.op1.hang_up(talk)
    await s.at_rest(call)


async def blind_to_colleague(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, "102")
    other = await s.op2.rings()
    await _time_goes_by(s, call)
    s.op2.answer(other)
    await s.hear_each_other((s.anna, call), (s.op2, other))
    await s.op2.hang_up(other)
    await s.at_rest(call)


async def blind_to_colleague_who_lets_it_ring(s: Stage, _op3: Phone) -> None:
    """The caller goes back to the queue, which asks the first operator again."""
    call, talk = await _talk(s)
    await s.op1.refer(talk, "102")
    other = await s.op2.rings()
    await s.op2.until(lambda: bool(other.ended_s), 25)
    again = await s.op1.rings()
    s.op1.answer(again)
    await s.hear_each_other((s.anna, call), (s.op1, again))
    await s.anna.hang_up(call)
    await s.at_rest(call, 1)


async def blind_to_queue(s: Stage, op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, HELP_NUMBER)
    other = await op3.rings()
    await _time_goes_by(s, call)
    op3.answer(other)
    await s.hear_each_other((s.anna, call), (op3, other))
    await s.anna.hang_up(call)
    await s.at_rest(call, 1, 2, 3)


async def attended(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.hold(talk)
    await s.live.wait(CallHeld)
    second = await s.op1.dial("102")
    asked = await s.op2.rings()
    await _time_goes_by(s, call)
    s.op2.answer(asked)
    await s.op1.connected(second)
    await s.hear_each_other((s.op1, second), (s.op2, asked))
    await s.op1.refer(talk, joining=second)
    await s.hear_each_other((s.anna, call), (s.op2, asked))
    await s.op2.hang_up(asked)
    await s.at_rest(call)


async def picked_up_by_number(s: Stage, _op3: Phone) -> None:
    await _picked_up(s, "**101")


async def picked_up_by_group(s: Stage, _op3: Phone) -> None:
    await _picked_up(s, "*8")


async def _picked_up(s: Stage, code: str) -> None:
    call = await s.anna.dial(NUMBER)
    await s.op1.rings()
    await _time_goes_by(s, call)
    talk = await s.op2.dial(code)
    await s.op2.connected(talk)
    await s.hear_each_other((s.anna, call), (s.op2, talk))
    await s.op2.hang_up(talk)
    await s.at_rest(call)


async def parked_and_taken_off(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, "700")
    (parked,) = await s.live.wait(CallParked)
    await _time_goes_by(s, call)
    other = await s.op2.dial(parked.place)
    await s.op2.connected(other)
    await s.hear_each_other((s.anna, call), (s.op2, other))
    await s.op2.hang_up(other)
    await s.at_rest(call)


async def parked_and_forgotten(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, BRIEF_PARK)
    again = await s.op1.rings()
    await _time_goes_by(s, call)
    s.op1.answer(again)
    await s.hear_each_other((s.anna, call), (s.op1, again))
    await s.anna.hang_up(call)
    await s.at_rest(call)


async def parked_and_given_up(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, "700")
    await s.live.wait(CallParked)
    await _time_goes_by(s, call)
    await s.anna.hang_up(call)
    await s.at_rest(call)


async def blind_through_local_channel(s: Stage, _op3: Phone) -> None:
    await _sent_to_second(s, FOLLOW_ME)


async def blind_through_local_channel_kept(s: Stage, _op3: Phone) -> None:
    await _sent_to_second(s, FOLLOW_ME_KEPT)


async def _sent_to_second(s: Stage, number: str) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, number)
    other = await s.op2.rings()
    await _time_goes_by(s, call)
    s.op2.answer(other)
    await s.hear_each_other((s.anna, call), (s.op2, other))
    await _time_goes_by(s, call)
    await s.op2.hang_up(other)
    await s.at_rest(call)


async def taken_over_by_colleague(s: Stage, _op3: Phone) -> None:
    call, talk = await _talk(s)
    other = await s.op2.dial("101", replacing=talk)
    await s.op2.connected(other)
    await s.hear_each_other((s.anna, call), (s.op2, other))
    await s.op2.hang_up(other)
    await s.at_rest(call)


async def blind_from_console(s: Stage, _op3: Phone) -> None:
    call, _ = await _talk(s)
    await _at_console(s, "BlindTransfer", Channel=s.channel_of(1), Exten="102", Context="keskus-internal")
    await _answered_by_second(s, call)


async def redirected_from_console(s: Stage, _op3: Phone) -> None:
    call, _ = await _talk(s)
    (live,) = s.live.floor.calls.values()
    where = {"Context": "keskus-internal", "Exten": "102", "Priority": "1"}
    await _at_console(s, "Redirect", Channel=live.channel, **where)
    await _answered_by_second(s, call)


async def _answered_by_second(s: Stage, call: Talk) -> None:
    other = await s.op2.rings()
    await _time_goes_by(s, call)
    s.op2.answer(other)
    await s.hear_each_other((s.anna, call), (s.op2, other))
    await s.op2.hang_up(other)
    await s.at_rest(call)


async def attended_from_console(s: Stage, op3: Phone) -> None:
    call, talk = await _talk(s)
    await s.op1.refer(talk, WITH_CODES)
    other = await s.op2.rings()
    s.op2.answer(other)
    await s.hear_each_other((s.anna, call), (s.op2, other))
    await _at_console(s, "Atxfer", Channel=s.channel_of(2), Exten="103", Context=CONSOLE)
    asked = await op3.rings()
    op3.answer(asked)
    await s.hear_each_other((s.op2, other), (op3, asked))
    await s.op2.hang_up(other)
    await s.hear_each_other((s.anna, call), (op3, asked))
    await s.anna.hang_up(call)
    await s.at_rest(call, 1, 2, 3, logged=False)


async def _at_console(s: Stage, action: str, **headers: str) -> None:
    """A third party does this over AMI."""
    layout = s.live.layout
    async with Ami(layout.ami_port, layout.ami_username, layout.ami_secret) as console:
        assert (await console.action(action, **headers))[0]["Response"] == "Success"


STORIES: Final[tuple[Callable[[Stage, Phone], Awaitable[None]], ...]] = (
    ended_by_operator,
    ended_by_caller,
    abandoned_while_ringing,
    no_answer_then_second,
    busy_then_second,
    declined_then_second,
    hold_and_resume,
    blind_to_colleague,
    blind_to_colleague_who_lets_it_ring,
    blind_to_queue,
    attended,
    picked_up_by_number,
    picked_up_by_group,
    parked_and_taken_off,
    parked_and_forgotten,
    parked_and_given_up,
    blind_through_local_channel,
    blind_through_local_channel_kept,
    taken_over_by_colleague,
    blind_from_console,
    redirected_from_console,
    attended_from_console,
)


async def _record(sandbox: Sandbox, story: Callable[[Stage, Phone], Awaitable[None]]) -> str:
    async with stage(sandbox, QUEUES[0]) as s:
        await s.live.add_queue(QUEUES[1], HELP_NUMBER)
        third = await s.live.add_operator(3, queue=HELP)
        async with Phone(s.live.layout, *third, voice=0x33) as op3:
            await s.live.available(3)
            await story(s, op3)
            return write(s.live.heard)


async def _main(names: set[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="keskus-") as folder:
        sandbox = Sandbox(Path(folder), extra=OWN_FILES)
        await sandbox.start()
        try:
            for story in STORIES:
                if not names or story.__name__ in names:
                    sys.stderr.write(f"{story.__name__}\n")
                    (FOLDER / f"{story.__name__}.txt").write_text(await _record(sandbox, story))
        finally:
            await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(_main(set(sys.argv[1:])))
