"""A database that is busy is not away: whoever asks is found whatever others write, and finds a connection."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import Response
from sqlalchemy import update

from app.accounts.tables import SessionRow
from app.api import security
from app.api.configuration import Configures
from app.crm.queues.service import make_queue
from app.crm.ways.service import ways_kept
from app.domain.actors import COMMAND_LINE
from app.domain.ids import QueueId
from app.domain.queues import QueueSettings
from app.records.engine import writing
from app.system import clock

from .house import House, open_house


async def test_a_log_in_is_found_while_somebody_writes(house: House) -> None:
    long_ago = clock.utc_now() - timedelta(minutes=5)
    async with writing(house.services.engine) as session:
        await session.execute(update(SessionRow).values(last_seen_at=long_ago))
    async with writing(house.services.engine) as session:
        await session.execute(update(SessionRow).values(name="x"))
        answer = await house.client("operator").get("/api/v1/me")
        assert answer.status_code == 200, answer.text


async def test_whoever_waits_to_change_configuration_holds_no_connection(
    tmp_path: Path, backend: str, database_url: str
) -> None:
    async with open_house(tmp_path, database_url if backend == "postgresql" else "") as house:
        services = house.services

        async def change(number: int) -> None:
            async with Configures(services, Response())(COMMAND_LINE) as session:
                await make_queue(session, QueueSettings(QueueId(f"q{number}"), "Abi"))

        async with asyncio.TaskGroup() as group, writing(services.engine) as session, ways_kept(session):
            await session.execute(update(SessionRow).values(name="x"))
            for number in range(16):
                group.create_task(change(number))
            assert (await house.client("operator").get("/api/v1/queues")).json() == []
        assert len((await house.client("operator").get("/api/v1/queues")).json()) == 16


async def test_a_log_in_that_is_not_known_yet_is_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is busy is no database that is away."""
    monkeypatch.setattr(security, "FIND_S", 0.0)
    for _ in range(2):  # not known, and known
        answer = await house.client("operator").get("/api/v1/me")
        assert answer.status_code == 200, answer.text
