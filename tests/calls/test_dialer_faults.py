"""Campaigns while the service, its link or its database fails: nobody is dialled twice, and every outcome is found."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.demo.sipp import Callees, Softphones
from app.domain.campaigns import AttemptOutcome, DialMode
from app.sandbox.sandbox import Sandbox
from tests.calls.outbound import (
    POLL_S,
    assert_agrees,
    furnish_desks,
    load,
    make_campaign,
    numbers,
    set_state,
    until_known,
    until_state,
)
from tests.calls.previewing import dialling_operators
from tests.faults.proxy import Cut, Proxy
from tests.faults.service import Service
from tests.records.postgres import postgres_server
from tests.running import sqlite_url

BUSY, SILENT = "5", "9"
OPERATORS = 4
SOON = {"max_per_campaign": 1, "again": {"refused": {"gap_s": 5, "other_number": False}}}
"""What the PBX refused, as orders to a link that is down are, is tried again after a moment."""


@asynccontextmanager
async def running(folder: Path, sandbox: Sandbox, ami_port: int, url: str) -> AsyncIterator[Service]:
    """`keskus serve` as a process, logged in to."""
    service = Service(folder, sandbox, ami_port, url, {})
    try:
        await service.start()
        await service.ready()
        await service.log_in()
        yield service
    finally:
        await service.close()


async def all_are_free(service: Service) -> None:
    floor = await service.floor()
    assert floor is not None
    routing = [operator["state"]["routing"] for operator in await service.ask("GET", "/operators")]
    assert routing == ["idle"] * OPERATORS, routing


async def until_complete(service: Service, campaign: int, timeout_s: float = 40.0) -> list[dict[str, Any]]:
    """Wait until every call of a campaign has a whole record; give them."""
    async with asyncio.timeout(timeout_s):
        while True:
            page = await service.ask("GET", f"/calls?campaign={campaign}&limit=100")
            calls: list[dict[str, Any]] = page["items"]
            if all(call["ended_at"] is not None and call["source"] != "unheard" for call in calls):
                return calls
            await asyncio.sleep(POLL_S)


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.PREVIEW])
async def test_a_service_that_is_killed_dials_nobody_twice_and_goes_on(
    sandbox: Sandbox, tmp_path: Path, mode: DialMode
) -> None:
    url, wanted = sqlite_url(tmp_path), numbers(18)
    async with running(tmp_path, sandbox, sandbox.layout.ami_port, url) as service:
        desks = await furnish_desks(service, OPERATORS)
        campaign = await make_campaign(service, wanted, mode=mode)
        async with (
            Callees(sandbox.layout, answer_ms=600, busy=BUSY, silent=SILENT) as callees,
            Softphones(sandbox.layout, [desk.account for desk in desks], answer_ms=50, talk_ms=1500),
            dialling_operators(service, desks),
        ):
            await set_state(service, campaign, "running")
            for rang in (4, 10):
                await callees.wait("ringing", rang, timeout_s=60)
                await service.kill()
                await service.start()
                await service.ready()
            await until_state(service, campaign, "drained", timeout_s=150)
            rung = {event.user for event in callees.of("ringing")}
            attempts = await until_known(url, campaign, rung)
            await all_are_free(service)
            calls = await until_complete(service, campaign)
        assert_agrees(attempts, callees.events)
        assert {one.number for one in attempts} == set(wanted)
        answered = {one.number for one in attempts if one.outcome == AttemptOutcome.ANSWERED.value}
        assert {call["caller_number"] for call in calls if call["outcome"] == "answered"} == answered
        assert len(calls) == len({call["caller_number"] for call in calls})


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.PREVIEW])
async def test_a_link_cut_at_each_step_of_an_order_to_dial(
    sandbox: Sandbox, tmp_path: Path, mode: DialMode
) -> None:
    url, wanted = sqlite_url(tmp_path), numbers(24)
    async with (
        Proxy(sandbox.layout.host, sandbox.layout.ami_port) as proxy,
        running(tmp_path, sandbox, proxy.port, url) as service,
    ):
        desks = await furnish_desks(service, OPERATORS)
        campaign = await make_campaign(service, wanted, mode=mode, recycling=SOON)
        async with (
            Callees(sandbox.layout, answer_ms=300, busy=BUSY, silent=SILENT) as callees,
            Softphones(sandbox.layout, [desk.account for desk in desks], answer_ms=50, talk_ms=800),
            dialling_operators(service, desks),
        ):
            await set_state(service, campaign, "running")
            rang = 3
            for where in Cut:
                await callees.wait("ringing", rang, timeout_s=60)
                proxy.cut_at("Originate", where)
                await proxy.until(f"cut {where}")
                await service.ready()
                rang = len(callees.of("ringing")) + 2
            await until_state(service, campaign, "drained", timeout_s=150)
            rung = {event.user for event in callees.of("ringing")}
            attempts = await until_known(url, campaign, rung)
            await all_are_free(service)
        assert_agrees(attempts, callees.events)
        assert {one.number for one in attempts} == set(wanted)


async def test_nothing_is_dialled_while_the_database_is_away(sandbox: Sandbox, tmp_path: Path) -> None:
    wanted = numbers(14)
    with postgres_server() as server:
        url = server.url()
        async with running(tmp_path, sandbox, sandbox.layout.ami_port, url) as service:
            accounts = await load(service, OPERATORS)
            campaign = await make_campaign(service, wanted)
            async with (
                Callees(sandbox.layout, answer_ms=300, busy=BUSY) as callees,
                Softphones(sandbox.layout, accounts, answer_ms=50, talk_ms=2000),
            ):
                await set_state(service, campaign, "running")
                await callees.wait("answered", 5, timeout_s=30)
                server.stop()
                await callees.wait("ended", len(callees.of("ended")) + 1, timeout_s=30)
                rang = len(callees.of("ringing"))  # with what had been committed before
                await callees.wait("ended", len(callees.of("answered")), timeout_s=30)
                assert len(callees.of("ringing")) == rang  # though operators were free
                server.start()
                await service.ready()
                await until_state(service, campaign, "drained", timeout_s=90)
                attempts = await until_known(url, campaign, {event.user for event in callees.of("ringing")})
                await all_are_free(service)
            assert_agrees(attempts, callees.events)
            assert {one.number for one in attempts} == set(wanted)


async def test_a_customer_who_answers_while_the_service_is_dead_hears_who_called(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    url, (wanted,) = sqlite_url(tmp_path), numbers(1)
    async with running(tmp_path, sandbox, sandbox.layout.ami_port, url) as service:
        accounts = await load(service, OPERATORS)
        campaign = await make_campaign(service, [wanted], message="please-try-call-later")
        async with (
            Callees(sandbox.layout, answer_ms=2000, presses="1", press_ms=6000) as callees,
            Softphones(sandbox.layout, accounts, answer_ms=50) as phones,
        ):
            await set_state(service, campaign, "running")
            await callees.wait("ringing")
            await service.kill()
            await callees.wait("pressed", timeout_s=30)
            await callees.wait("ended", timeout_s=30)
            await service.start()
            await service.ready()
            (attempt,) = await until_known(url, campaign, {wanted})
            assert not phones.of("ringing")
        assert attempt.outcome == AttemptOutcome.ABANDONED.value
        found = await service.ask("GET", f"/consents/look-up?number=%2B{wanted[1:]}")
        assert found["do_not_call"] is True


async def test_a_pbx_that_is_killed_dials_nobody_twice_and_the_campaign_goes_on(tmp_path: Path) -> None:
    url, wanted = sqlite_url(tmp_path), numbers(14)
    sandbox = Sandbox(tmp_path / "pbx")
    await sandbox.start()
    try:
        async with running(tmp_path, sandbox, sandbox.layout.ami_port, url) as service:
            accounts = await load(service, OPERATORS)
            campaign = await make_campaign(service, wanted)
            async with (
                Callees(sandbox.layout, answer_ms=600, busy=BUSY) as callees,
                Softphones(sandbox.layout, accounts, answer_ms=50, talk_ms=1000),
            ):
                await set_state(service, campaign, "running")
                await callees.wait("ringing", 5, timeout_s=30)
                await sandbox.kill()
                rung = {event.user for event in callees.of("ringing")}
                await sandbox.start()
                await service.ready()
                await until_state(service, campaign, "drained", timeout_s=150)
                later = {event.user for event in callees.of("ringing")} - rung
                attempts = await until_known(url, campaign, later)
                await all_are_free(service)
        assert sorted(one.number for one in attempts) == wanted
        assert len(callees.of("ringing")) == len(rung | later), "no number twice"
        lost = [one.number for one in attempts if one.outcome == AttemptOutcome.UNKNOWN.value]
        assert len(lost) <= OPERATORS  # what was on its way
        assert_agrees([one for one in attempts if one.number not in lost], callees.events, complete=False)
    finally:
        await sandbox.stop()
