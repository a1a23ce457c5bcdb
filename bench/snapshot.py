"""The cost of a snapshot of the PBX: `python -m bench snapshot`.

A list of callers on hold is read as the service reads it, merged by the floor, and shown on a supervisor's desktop:
once when no call is known yet, as after a start, and once when all are known, as every two seconds. The CPU time of
each part is shown beside that of the shorter list, scaled by the number of channels. The longest hold of the event
loop meanwhile is shown beside 50 ms, the most that any input may hold it.
"""

import asyncio

from app.crm.contacts.caller_numbers import known_caller
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.floor.commands import Command
from app.floor.events import QueueSet, SeenChannel, SnapshotTaken
from app.floor.floor import Floor
from app.live.hub import Hub
from app.live.session import Viewer
from app.pbx.ami.message import Event
from app.pbx.listed import seen_channel
from app.service.runner import Runner
from app.system import clock
from app.system.slices import in_slices
from bench.table import Row, print_table
from tests.holding import HELD_BOUND_S, Holding
from tests.pbx.listed import listed

SIZES = (600, 2000)
ROUNDS = 3
REGION = "EE"
NOW_S = 1_800_000_000.0


def _nothing(_: Command) -> None:
    """Drop a command: there is no PBX."""


async def _round(first: int, channels: int) -> dict[str, float]:
    """CPU seconds by part of the work; the numbers of channels from `first` on were not read before."""
    events = [Event.from_text(listed(number)) for number in range(first, first + channels)]
    floor = Floor()
    hub = Hub(floor, epoch="bench")
    runner = Runner(floor, clock.now, [hub.publish], _nothing)
    await runner.post(QueueSet(QueueSettings(QueueId("tugi"), "Tugi")))
    await runner.post(SnapshotTaken((), {}))
    hub.attach(Viewer(user=1, login="bench", operator=None, sees_floor=True))

    def read(listed: Event) -> SeenChannel:
        return known_caller(seen_channel(listed, now_s=NOW_S), REGION)

    took_s: dict[str, float] = {}
    for what in ("new", "known"):
        async with Holding() as holding:
            began_s = clock.thread_cpu()
            seen = await in_slices(read, events)
            read_s = clock.thread_cpu()
            await runner.post(SnapshotTaken(tuple(seen), {}))
            merged_s = clock.thread_cpu()
            while hub.behind:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
            told_s = clock.thread_cpu()
        took_s |= {
            f"read, callers {what}": read_s - began_s,
            f"merged, callers {what}": merged_s - read_s,
            f"told, callers {what}": told_s - merged_s,
            f"longest hold of the loop, callers {what}": holding.longest_s,
        }
    runner.close()
    return took_s


async def _measure() -> dict[int, dict[str, float]]:
    """The best of `ROUNDS` rounds, by size, because other work disturbs single rounds."""
    best: dict[int, dict[str, float]] = {size: {} for size in SIZES}
    first = 0
    for _ in range(ROUNDS):
        for size in SIZES:
            for what, seconds in (await _round(first, size)).items():
                best[size][what] = min(seconds, best[size].get(what, seconds))
            first += size
    return best


def main() -> None:
    """Print the table."""
    best = asyncio.run(_measure())
    smallest = min(SIZES)
    rows = []
    for size, took_s in best.items():
        for what, seconds in took_s.items():
            held = what.startswith("longest")
            reference_s = HELD_BOUND_S if held else best[smallest][what] * size / smallest
            rows.append(
                Row(
                    f"{size:,} channels: {what}",
                    f"{seconds * 1000:.1f} ms",
                    f"{reference_s * 1000:.1f} ms",
                    seconds / reference_s if reference_s else 1.0,
                    "<= 1" if held else "<= 1.5",
                )
            )
    print_table("What the PBX has: CPU beside the shorter list's, and the loop held beside 50 ms", rows)


if __name__ == "__main__":
    main()
