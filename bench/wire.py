"""AMI events and bytes for each simple bridged call: our account's filter beside `read=all`, on the same calls."""

import asyncio

from app.demo.sipp import Callers
from bench.centre import ALL_EVENTS, CALLER, QueuePlan, open_centre
from bench.observer import Observer
from bench.table import Row, print_table

CALLS = 40
PHONES = 4
QUEUE = QueuePlan("wire", "3726000100", PHONES)


async def measure() -> list[Row]:
    """Make the calls, and count events and bytes."""
    async with open_centre([QUEUE], PHONES) as centre:
        layout = centre.layout
        await centre.phones("op", PHONES, answer_ms=100, talk_ms=300)
        await centre.service.idle(PHONES)
        async with (
            Observer(layout.ami_port, layout.ami_username, layout.ami_secret) as ours,
            Observer(layout.ami_port, ALL_EVENTS.name, ALL_EVENTS.secret) as full,
        ):
            await full.quiet()
            ours.clear()
            full.clear()
            async with Callers(layout, QUEUE.number, calls=CALLS, rate=10, caller=CALLER) as callers:
                await callers.done()
            await full.quiet()
            few, many = ours.names().total(), full.names().total()
            return [
                Row(
                    "events a bridged call, beside read=all",
                    f"{few / CALLS:.1f}",
                    f"{many / CALLS:.1f}",
                    few / many,
                    "<= 0.143",
                ),
                Row(
                    "bytes a bridged call, beside read=all",
                    f"{ours.size / CALLS:,.0f}",
                    f"{full.size / CALLS:,.0f}",
                    ours.size / full.size,
                ),
            ]


def run() -> list[Row]:
    """Measure."""
    return asyncio.run(measure())


def main() -> None:
    """Measure and print."""
    print_table(f"AMI on the wire: {CALLS} calls through queue, offer, answer and hang-up", run())


if __name__ == "__main__":
    main()
