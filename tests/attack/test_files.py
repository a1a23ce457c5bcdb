"""Files made to hurt who reads them: whatever a supervisor sends, the service goes on, and its memory stays."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.campaigning import CAMPAIGN
from tests.api.test_sounds import wav

from .figures import HELD_BOUND_S
from .hostile_files import LONG, SHORT
from .target import FULL, Target, open_target

MEMORY_MB = 60.0
"""What a file may cost the service at most, in MiB; the process that reads it has bounds of its own."""
DEADLINE_S = 400.0
FILES = SHORT | LONG if FULL else SHORT
ENDED = {"uploaded", "checked", "done", "failed"}


async def lists(target: Target, queue: str = "sales") -> str:
    """A campaign where files are brought, with a queue of its own."""
    await target.ask("POST", "/queues", {"id": queue, "title": queue.title()})
    made = await target.ask("POST", "/campaigns", CAMPAIGN | {"title": queue, "queue": queue}, "supervisor")
    return f"/api/v1/campaigns/{made['id']}/imports"


async def settled(http: httpx.AsyncClient, path: str, answer: httpx.Response) -> dict[str, Any]:
    """What became of a file that was brought: refused at once, or later, or read."""
    assert answer.status_code in {200, 201, 202, 413, 422}, answer.text
    told: dict[str, Any] = answer.json()
    async with asyncio.timeout(DEADLINE_S):
        while answer.is_success and told["state"] not in ENDED:
            told = (await http.get(f"{path}/{told['id']}")).json()
            await asyncio.sleep(0.05)  # it is another process's work
    return told


@pytest.mark.timeout(900 if FULL else 300)
async def test_files_of_leads_and_of_numbers(lasting_target: Target, tmp_path: Path) -> None:
    target = lasting_target
    campaign = await lists(target)
    for name, make in FILES.items():
        content = await asyncio.to_thread(make(tmp_path / name).read_bytes)
        async with target.client("supervisor") as http, target.attack(f"file: {name}") as attack:
            attack.sent += 1
            brought = await http.post(campaign, content=content)
            await settled(http, "/api/v1/imports", brought)
            if name not in LONG:
                attack.sent += 1
                brought = await http.post(
                    "/api/v1/consents/imports", params={"source": name}, content=content
                )
                told = await settled(http, "/api/v1/consents/imports", brought)
                if brought.is_success:
                    assert told["state"] in {"done", "failed"}
        assert attack.figures.held_s <= HELD_BOUND_S, name
        assert attack.figures.memory_mb < MEMORY_MB, name
        assert attack.figures.own_read_s < 10.0, name


WISHES: list[dict[str, Any]] = [
    *({"encoding": name} for name in ("cp1251", "utf-16", "utf-32")),
    *({"encoding": name} for name in ("idna", "base64", "punycode", "unicode_escape", "undefined")),
    *({"delimiter": said} for said in ("\0", "\n", '"', "5")),
    {"sheet": "x"},
    {"columns": []},
    {"header": True, "columns": ["phone"] * 200},
]


async def test_a_file_is_read_otherwise_or_refused_in_words(lasting_target: Target, tmp_path: Path) -> None:
    target = lasting_target
    campaign = await lists(target, "other")
    book = await asyncio.to_thread(SHORT["corner_az"](tmp_path / "book").read_bytes)
    async with target.client("supervisor") as http:
        for content in ("Nimi;Telefon\nÕun;5550 0001\n".encode(), book):
            told = (await http.post(campaign, content=content)).json()
            url = f"/api/v1/imports/{told['id']}/reading"
            for said in WISHES:
                answer = await http.put(url, json=said)
                assert answer.status_code in {200, 202, 409, 422}, f"{said}: {answer.text}"
                assert answer.is_success or answer.json()["detail"], said


async def test_sounds_that_say_more_than_they_have(tmp_path: Path) -> None:
    huge = wav()[:40] + b"\xff\xff\xff\xff" + wav()[44:]
    chunks = b"RIFF\xff\xff\xff\xffWAVE" + b"junk\0\0\0\0" * 100_000
    nothing = wav()[:22] + b"\0\0" + wav()[24:]
    environment = {"KESKUS__PBX__SOUNDS": str(tmp_path / "sounds")}
    async with (
        open_target(tmp_path, environment=environment) as target,
        target.client("administrator") as http,
        target.attack("sounds") as attack,
    ):
        for content in (huge, chunks, nothing, wav()[:30], b"RIFF" + b"\xff" * 500_000):
            attack.sent += 1
            answer = await http.post("/api/v1/sounds", params={"name": "x"}, content=content)
            assert answer.status_code == 422, answer.text
    assert attack.figures.held_s <= HELD_BOUND_S
