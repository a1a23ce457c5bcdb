"""Descriptors: as many as the system allows, and told when few are left."""

import os
import resource
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog

from app.serving.connections import ConnectionLimits
from app.serving.descriptors import Descriptors, DescriptorState, raise_limit
from tests.api.house import House, open_house


def test_the_process_may_have_what_the_system_allows() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
    try:
        raised = raise_limit()
        assert raised == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        assert raised == (65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("descriptors", "total", "per_address"),
    [(65_536, 4096, 1024), (1024, 896, 448), (256, 128, 64), (64, 16, 8)],
)
def test_connections_leave_descriptors_to_others(descriptors: int, total: int, per_address: int) -> None:
    assert ConnectionLimits().within(descriptors) == ConnectionLimits(total, per_address)


def test_few_left_are_told_once_a_minute_and_when_it_is_over() -> None:
    watch = Descriptors()
    few, enough = DescriptorState(95, 100), DescriptorState(20, 100)
    said: list[MutableMapping[str, Any]]
    with structlog.testing.capture_logs() as said:
        for at_s, state in ((0.0, enough), (2.0, few), (4.0, few), (62.0, few), (64.0, enough), (66.0, few)):
            watch.note(state, at_s)
    assert [line["event"] for line in said] == [
        "descriptors_run_out",
        "descriptors_run_out",
        "descriptors_enough_again",
        "descriptors_run_out",
    ]


def test_what_is_open_is_counted() -> None:
    before = Descriptors().state.open
    with Path(os.devnull).open() as _:
        assert Descriptors().state.open == before + 1


async def test_readiness_says_so(tmp_path: Path) -> None:
    state = DescriptorState(95, 100)
    async with open_house(tmp_path, descriptors=lambda: state) as house:
        assert await check(house) == (503, {"ok": False, "detail": "95 of 100 are open"})
        state = DescriptorState(20, 100)
        assert await check(house) == (200, {"ok": True, "detail": ""})


async def check(house: House) -> tuple[int, Any]:
    answer = await house.client().get("/readyz")
    return answer.status_code, answer.json()["checks"]["descriptors"]
