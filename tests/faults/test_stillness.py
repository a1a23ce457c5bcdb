"""A machine that stands still is noticed, and excuses nothing that breaks on one that does not."""

import asyncio
import os
import signal
from collections.abc import Iterable

import pytest

from app.sandbox.sandbox import Sandbox
from tests.faults.oracle import Verdict
from tests.faults.plan import RUNS, undisturbed
from tests.faults.report import Report
from tests.stillness import DISTURBED_S, watched_for_stillness


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
