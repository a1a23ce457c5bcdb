"""Every scenario, as long as it should be and as short as the tests run it."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from app.sandbox.sandbox import Sandbox
from tests.faults.centre import Centre, folder_of_a_centre, open_centre
from tests.faults.faketime import pbx_clock, service_clock
from tests.faults.report import Report
from tests.faults.scenarios.clocks import jump_clocks
from tests.faults.scenarios.database import fill_disk, kill_service_too, small_disk, stop_postgres
from tests.faults.scenarios.deaf import EVENTS, lose_kind, lose_one_event
from tests.faults.scenarios.killed import kill_service
from tests.faults.scenarios.link import break_link, slow_link
from tests.faults.scenarios.pages import break_pages
from tests.faults.scenarios.pbx import freeze_pbx, kill_pbx, stop_pbx
from tests.faults.scenarios.stopped import upgrade_service
from tests.records.postgres import postgres_server

Fault = Callable[[Centre], Awaitable[int]]
"""Breaks a centre under load, and gives how often it did."""
Scenario = Callable[[], Coroutine[Any, Any, Report]]
OPERATORS = 30
"""Callers are twice as many: half of them wait."""
RUNS = 3


async def told(name: str, *faults: Fault, operators: int, seed: int, **centre: Any) -> Report:
    """Tell a scenario: fill a centre, break it, let it come to rest, judge.

    Args:
        name: for the report.
        faults: one after the other.
        operators: how many.
        seed: of every choice by chance.
        centre: what else `open_centre` takes.
    """
    async with open_centre(operators=operators, seed=seed, **centre) as broken:
        await broken.fill()
        times = 0
        try:
            for fault in faults:
                times += await fault(broken)
        except TimeoutError:
            if not broken.stillness.disturbed:
                raise
            broken.broken.append(f"{name}: what was waited for did not happen in time")
        verdict = await broken.conclude()
        return Report(
            name,
            times,
            verdict=verdict,
            right_s=max(broken.right_s, default=0.0),
            broken=broken.broken,
            disturbed=broken.stillness.disturbed,
        )


async def undisturbed(scenario: Scenario) -> Report:
    """Tell a scenario, and tell it anew where a promise broke while the machine stood still: `RUNS` times at most.

    What breaks though the machine stood still at no time has broken at once.
    """
    for _ in range(RUNS):
        report = await scenario()
        if not (report.broken and report.disturbed):
            break
    return report


async def postgres(away_s: float, *, operators: int, seed: int) -> Report:
    """PostgreSQL away for so long; and again, with the service killed meanwhile."""
    with postgres_server() as server:
        faults = [partial(one, server=server, away_s=away_s) for one in (stop_postgres, kill_service_too)]
        name = f"PostgreSQL away for {away_s:g} s"
        return await told(name, *faults, operators=operators, seed=seed, database_url=server.url())


async def disk(answers: int, *, operators: int, seed: int) -> Report:
    """SQLite's disk full while so many talks begin."""
    with small_disk() as folder:
        fault = partial(fill_disk, disk=folder, answers=answers)
        url = f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}"
        return await told("SQLite: disk full", fault, operators=operators, seed=seed, database_url=url)


async def clocks(jumps: int, *, operators: int, seed: int) -> Report:
    """Wall clocks jump, the PBX's and the service's."""
    async with AsyncExitStack() as stack:
        folder = folder_of_a_centre(stack)
        ours, pbx = service_clock(folder), pbx_clock(folder)
        fault = partial(jump_clocks, ours=ours, pbx=pbx, jumps=jumps)
        return await told(
            "clocks: an hour, a day",
            fault,
            operators=operators,
            seed=seed,
            folder=folder,
            environment=ours.environment,
            sandbox=Sandbox(folder / "pbx", environment=pbx.environment),
        )


def whole(seed: int) -> dict[str, Scenario]:
    """Some 12,000 calls in half an hour, 60 of them live at any time."""
    of: dict[str, Any] = {"operators": OPERATORS, "seed": seed}
    return {
        "kill": partial(told, "service: kill -9", partial(kill_service, times=50), **of),
        "upgrade": partial(told, "service: SIGTERM, upgrade", partial(upgrade_service, times=20), **of),
        "link": partial(told, "AMI link: broken", partial(break_link, turns=2), **of),
        "slow": partial(told, "AMI link: slow", partial(slow_link, answers=300), **of),
        "event": partial(told, "one event lost, each kind", partial(lose_one_event, times=5), **of),
        **{
            kind.rpartition(":")[2]: partial(
                told, f"all {kind} lost", partial(lose_kind, kind=kind, answers=300), **of
            )
            for kind in EVENTS
        },
        "pbx-kill": partial(told, "Asterisk: kill -9", partial(kill_pbx, times=5), **of),
        "pbx-stop": partial(told, "Asterisk: core stop now", partial(stop_pbx, times=5), **of),
        "pbx-frozen": partial(
            told, "Asterisk: SIGSTOP for 30 s", partial(freeze_pbx, times=3, frozen_s=30.0), **of
        ),
        "postgresql": partial(postgres, 60.0, **of),
        "disk": partial(disk, 300, **of),
        "clocks": partial(clocks, 12, **of),
        "pages": partial(break_pages, reloads=200, cuts=100, seed=seed),
    }


def short(seed: int) -> dict[str, Scenario]:
    """The same in two minutes, with fewer people."""
    of: dict[str, Any] = {"operators": 8, "seed": seed}
    kinds = [partial(lose_kind, kind=kind, answers=8) for kind in EVENTS]
    return {
        "service": partial(
            told,
            "service: kill -9, SIGTERM",
            partial(kill_service, times=3),
            partial(upgrade_service, times=2),
            **of,
        ),
        "link": partial(told, "AMI link: broken", partial(break_link, turns=1, actions=["Redirect"]), **of),
        "events": partial(told, "events lost", *kinds, **of),
        "pbx": partial(told, "Asterisk: kill -9", partial(kill_pbx, times=1), **of),
        "frozen": partial(
            told, "Asterisk: SIGSTOP for 8 s", partial(freeze_pbx, times=1, frozen_s=8.0), **of
        ),
        "postgresql": partial(postgres, 6.0, **of),
        "disk": partial(disk, 8, **of),
        "clocks": partial(clocks, 2, **of),
        "pages": partial(break_pages, reloads=30, cuts=15, seed=seed),
    }
