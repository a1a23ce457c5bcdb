"""A machine that stands still is noticed, and excuses nothing that breaks on one that does not."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable

import pytest

from app.sandbox.sandbox import Sandbox
from tests.faults.oracle import Verdict
from tests.faults.plan import RUNS, undisturbed
from tests.faults.report import Report
from tests.stillness import DISTURBED_S, ended, starved_s, watched_for_stillness


async def told(outcomes: Iterable[tuple[bool, bool]]) -> tuple[int, Report]:
    """How often a scenario was told that ends in turn so, broken and disturbed, and what came of it."""
    coming, times = iter(outcomes), 0

    async def scenario() -> Report:
        nonlocal times
        times += 1
        broken, disturbed = next(coming)
        return Report(
            "", 1, verdict=Verdict(), right_s=0.0, broken=["lost"] if broken else [], disturbed=disturbed
        )

    report = await undisturbed(scenario)
    return times, report


@pytest.mark.parametrize(
    ("outcomes", "times", "broken"),
    [
        ([(False, False)], 1, False),
        ([(False, True)], 1, False),
        ([(True, False)], 1, True),
        ([(True, True), (False, True)], 2, False),
        ([(True, True), (True, False)], 2, True),
        ([(True, True)] * RUNS, RUNS, True),
    ],
)
async def test_a_scenario_is_told_anew_only_where_it_broke_on_a_machine_that_stood_still(
    outcomes: list[tuple[bool, bool]], times: int, broken: bool
) -> None:
    done, report = await told(outcomes)
    assert (done, bool(report.broken)) == (times, broken)


async def test_a_pbx_that_stands_still_is_noticed(sandbox: Sandbox) -> None:
    pid = (await sandbox.status()).pid
    assert pid is not None
    async with watched_for_stillness(sandbox) as seen:
        await seen.until_looked(2)
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(2 * DISTURBED_S)  # the fault itself
        finally:
            os.kill(pid, signal.SIGCONT)
        await seen.until_looked(2)
    assert seen.disturbed


async def test_a_process_that_does_not_end_is_not_waited_for_without_end() -> None:
    process = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        with pytest.raises(TimeoutError):
            await ended(process, 0.3)
    finally:
        process.kill()
    await ended(process, 30.0)


async def test_what_a_process_waits_for_a_processor_is_known() -> None:
    """Two that compute on one processor: each has waited for the other."""
    one = min(os.sched_getaffinity(0))
    loop = f"import os; os.sched_setaffinity(0, [{one}])\nwhile True: pass"
    both = [await asyncio.create_subprocess_exec(sys.executable, "-c", loop) for _ in range(2)]
    try:
        async with asyncio.timeout(60.0):
            while True:  # the kernel counts, and tells nobody
                if all(starved_s(process.pid) > 0.1 for process in both):
                    break
                await asyncio.sleep(0.05)
    finally:
        for process in both:
            process.kill()
            await process.wait()
    assert starved_s(both[0].pid) == 0.0, "it is over"
