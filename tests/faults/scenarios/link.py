"""The AMI link, broken in every way, under load."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from app.system import clock
from tests.faults.centre import Centre
from tests.faults.proxy import Cut

RIGHT_S = 5.0
SILENT_S = 8.0
"""A peer that is silent must be noticed first: two seconds to the next ping, two for its answer."""
STRUCK_S = 30.0
ACTIONS = ("Redirect", "Setvar", "Ping", "CoreShowChannels", "DeviceStateList")
MESSAGE_BYTES = 3000
SLOW_BYTES_PER_S = 500.0  # an event is 300 to 700 bytes


@dataclass(frozen=True)
class _Fault:
    what: str
    counted: str
    """What the proxy counts it as."""
    inject: Callable[[], None]
    right_s: float = RIGHT_S


async def break_link(centre: Centre, turns: int, actions: Sequence[str] = ACTIONS) -> int:
    """Break it in each way `turns` times, in an order of chance: reset, half-open, cut at each step of each action."""
    proxy = centre.proxy
    faults = [
        _Fault("reset", "reset", proxy.reset),
        _Fault("half-open", "silence", proxy.silence, SILENT_S),
        _Fault("cut within a message", "cut bytes", partial(_cut_within, centre)),
        *(
            _Fault(f"cut {where} {action}", f"cut {where}", partial(proxy.cut_at, action, where))
            for action in actions
            for where in Cut
        ),
    ] * turns
    centre.chance.shuffle(faults)
    for fault in faults:
        await centre.some_moment()
        before = proxy.happened[fault.counted]
        fault.inject()
        await proxy.until(fault.counted, before + 1, STRUCK_S)
        await centre.until_right(clock.utc_now().timestamp(), fault.right_s, fault.what)
        proxy.restore()
    return len(faults)


def _cut_within(centre: Centre) -> None:
    centre.proxy.cut_after(centre.chance.randint(1, MESSAGE_BYTES))


async def slow_link(centre: Centre, answers: int) -> int:
    """A line that passes fewer bytes than the PBX tells, while `answers` talks begin; then it is well again."""
    centre.proxy.slow(SLOW_BYTES_PER_S)
    await centre.seen.more_answers(answers, timeout_s=180.0)
    centre.proxy.restore()
    await centre.until_right(clock.utc_now().timestamp(), SILENT_S, "slow line, well again")
    return 1
