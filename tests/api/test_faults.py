"""A fault of the service is 500 with a number that its log has; only a database that is away is 503."""

import asyncio
import errno
import sqlite3
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.api import health
from app.system.faults import FAULTS

from .house import House, failing, open_house, served


def counted(part: str = "http") -> float:
    return float(FAULTS.labels(part)._value.get())


async def renamed(house: House, table: str, name: str) -> None:
    async with house.services.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


def told(answer: httpx.Response) -> str:
    """The number of a fault, as the answer has it."""
    assert answer.status_code == 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Retry-After" not in answer.headers
    said = answer.json()
    assert said["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    assert "Traceback" not in answer.text
    assert "queue" not in said["detail"], "nothing of what is inside"
    return str(UUID(answer.headers["X-Request-Id"]))


async def test_a_table_that_is_not_there_is_a_fault(tmp_path: Path, backend: str, empty_url: str) -> None:
    async with open_house(tmp_path, "" if backend == "sqlite" else empty_url) as house:
        before = counted()
        await renamed(house, "queue", "gone")
        with capture_logs() as logged:
            answers = [await house.admin.get("/api/v1/queues") for _ in range(2)]
        await renamed(house, "gone", "queue")
        assert (await house.admin.get("/api/v1/queues")).status_code == 200
        ids = [told(answer) for answer in answers]
        assert len(set(ids)) == 2
        faults = [entry for entry in logged if entry["event"] == "request_failed"]
        assert [entry["request_id"] for entry in faults] == ids
        assert all(entry["exc_info"] for entry in faults), "with its traceback"
        assert counted() == before + 2
        assert "keskus_faults_total" in (await house.client().get("/metrics")).text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/x"), 500),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), 500),
        (AttributeError("ours"), 500),
        (OperationalError("SELECT", {}, sqlite3.OperationalError("no such table: queue")), 500),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), 503),
        (ConnectionResetError(), 503),
        (TimeoutError(), 503),
        (OperationalError("SELECT", {}, ConnectionRefusedError()), 503),
    ],
    ids=repr,
)
async def test_by_error(house: House, error: Exception, status: int) -> None:
    with failing(house, "begin", error), capture_logs() as logged:
        answer = await house.admin.get("/api/v1/queues")
    assert answer.status_code == status
    (entry,) = [one for one in logged if one["event"] == "request_failed"]
    assert entry["request_id"] == answer.headers["X-Request-Id"]
    assert ("exc_info" in entry) is (status == 500)
    if status == 500:
        told(answer)
    else:
        assert answer.headers["Retry-After"]
        assert "instance" not in answer.json()


async def test_a_constraint_that_nobody_foresaw_is_a_fault(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.services.engine.begin() as connection:
        await connection.execute(
            text("CREATE TRIGGER t BEFORE INSERT ON queue BEGIN INSERT INTO queue (id) VALUES (NEW.id); END")
        )
    told(await house.admin.post("/api/v1/queues", json={"id": "sales", "title": "Sales"}))
    async with house.services.engine.begin() as connection:
        await connection.execute(text("DROP TRIGGER t"))
    await house.make_queue()
    again = await house.admin.post("/api/v1/queues", json={"id": "sales", "title": "Sales"})
    assert again.status_code == 409, "what a caller can break is the caller's"


async def test_a_user_known_before_is_told_of_a_fault_too(house: House) -> None:
    """The memory of log-ins is for a database that is away."""
    mine = house.client("operator")
    assert (await mine.get("/api/v1/me")).status_code == 200
    await renamed(house, "session", "gone")
    told(await mine.get("/api/v1/me"))


async def test_every_answer_has_a_number(house: House) -> None:
    answers = [await house.admin.get(path) for path in ("/api/v1/me", "/healthz", "/nothing")]
    assert len({UUID(answer.headers["X-Request-Id"]) for answer in answers}) == 3


async def test_the_websocket_says_so_before_it_opens(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.tokens['supervisor']}"}
    async with asyncio.timeout(60), served(house) as url:
        for error, status in ((AttributeError("ours"), 500), (ConnectionResetError(), 503)):
            with (
                failing(house, "begin", error),
                capture_logs() as logged,
                pytest.raises(InvalidStatus) as refused,
            ):
                await connect(f"{url.replace('http', 'ws')}/ws/desktop", additional_headers=headers)
            answer = refused.value.response
            assert answer.status_code == status
            (entry,) = [one for one in logged if one["event"] == "request_failed"]
            if status == 500:
                assert entry["request_id"] in bytes(answer.body or b"").decode()


async def test_readiness_tells_a_fault(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_WRITE_S", 60.0)
    with failing(house, "begin", AttributeError("ours")):
        ready = await house.client().get("/readyz")
    assert ready.status_code == 503
    check = ready.json()["checks"]["database_writes"]
    assert (check["ok"], check["detail"]) == (False, "a fault of the service, see its log: AttributeError")
