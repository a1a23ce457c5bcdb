"""The event loop's lag is measured, and a stall is told with what ran."""

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
import structlog
from prometheus_client import CollectorRegistry

from app.service import watchdog
from app.service.watchdog import Watchdog
from app.system import clock


@pytest.fixture
def said() -> Iterator[list[MutableMapping[str, Any]]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def number(registry: CollectorRegistry, name: str, **labels: str) -> float:
    value = registry.get_sample_value(name, labels)
    assert value is not None, name
    return value


async def beat_of(registry: CollectorRegistry, name: str) -> None:
    """Wait until a count has begun; the dog is another task of this loop."""
    async with asyncio.timeout(20):
        while not registry.get_sample_value(name):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(watchdog.BEAT_S)


def hold_the_loop(cpu_s: float) -> None:
    """Work of ours, however little of the machine we have."""
    until_s = clock.thread_cpu() + cpu_s
    while clock.thread_cpu() < until_s:
        pass


async def test_a_stall_is_counted_and_told_with_what_ran(said: list[MutableMapping[str, Any]]) -> None:
    registry = CollectorRegistry()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(Watchdog(registry).run())
        await beat_of(registry, "keskus_event_loop_lag_seconds_count")
        hold_the_loop(0.4)
        await beat_of(registry, "keskus_event_loop_stalls_total")
        watching.cancel()
    assert number(registry, "keskus_event_loop_last_stall_seconds") >= 0.3
    assert number(registry, "keskus_event_loop_lag_max_seconds") >= 0.3
    held = number(registry, "keskus_event_loop_held_seconds_count")
    assert held - number(registry, "keskus_event_loop_held_seconds_bucket", le="0.25") >= 1
    line = next(line for line in said if line["event"] == "event_loop_stalled")
    assert line["held_ms"] >= 250
    assert "test_watchdog.py" in line["ran"]
    assert "hold_the_loop" in line["ran"]


def test_lag_that_is_not_our_work_is_told_apart() -> None:
    registry = CollectorRegistry()
    Watchdog(registry).note(1.0, lag_s=0.9, cpu_s=0.002)
    assert number(registry, "keskus_event_loop_lag_seconds_bucket", le="0.5") == 0
    assert number(registry, "keskus_event_loop_held_seconds_bucket", le="0.005") == 1


def test_stalls_in_a_row_are_one_line_and_a_count(said: list[MutableMapping[str, Any]]) -> None:
    dog = Watchdog(CollectorRegistry())
    for at_s in (100.0, 101.0, 102.0, 111.0):
        dog.note(at_s, lag_s=0.2, cpu_s=0.2)
    assert [(line["lag_ms"], line["unlogged"]) for line in said] == [(200, 0), (200, 2)]


def test_the_longest_lag_is_forgotten_after_a_while() -> None:
    now_s = 600.0
    dog = Watchdog(CollectorRegistry(), now=lambda: now_s)
    dog.note(now_s, lag_s=0.08, cpu_s=0.0)
    for now_s, longest_s in ((601.0, 0.08), (661.0, 0.08), (719.0, 0.08), (721.0, 0.0)):  # noqa: B007 - read by the dog
        assert dog.longest() == longest_s
