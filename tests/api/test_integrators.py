"""The examples of docs/integrators.md, run as they stand there."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

from app.accounts import service
from app.accounts.hashing import hash_password
from app.domain.operators import Presence
from app.domain.roles import Role
from app.floor.events import PresenceAsked
from app.live.messages import SLOW_READER
from app.records.engine import writing
from app.system import clock

from .house import DEADLINE_S, PASSWORD, House, open_house, served, until

TEXT = (Path(__file__).parents[2] / "docs" / "integrators.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


async def test_the_requests_are_answered(tmp_path: Path) -> None:
    (tmp_path / ".curlrc").write_text("fail\nsilent\nnoproxy = *\n")
    async with open_house(tmp_path) as house, served(house) as url:
        password_hash = await hash_password(PASSWORD)
        async with writing(house.services.engine) as session:
            await service.create_user(
                session,
                username="crm",
                password_hash=password_hash,
                role=Role.SUPERVISOR,
                display_name="CRM",
                at=clock.utc_now(),
            )
        script = "set -e\n" + "\n".join(blocks("sh"))
        shell = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            script,
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "KESKUS": url, "PASSWORD": PASSWORD},
            stdout=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(DEADLINE_S):
            out, _ = await shell.communicate()
        assert shell.returncode == 0, out
        said, rest = [], out.decode()
        while rest:
            answer, end = json.JSONDecoder().raw_decode(rest)
            said.append(answer)
            rest = rest[end:].lstrip()
        logged_in, me, made, found, calls, no, applies, taken = said
        assert logged_in["username"] == me["username"] == "crm"
        assert [one["id"] for one in found["items"]] == [made["id"]]
        assert made["phones"][0]["number"] == "+37255500123"
        assert calls == {"items": [], "next": None}
        assert (no.pop("also"), applies["do_not_call"], applies["holds"]) == ([], True, [no])
        assert (taken["added"], taken["rejected"]) == (1, 1)


async def test_the_reader_misses_nothing(tmp_path: Path) -> None:
    (program,) = blocks("python")
    names: dict[str, Any] = {}
    exec(program, names)
    told: list[dict[str, Any]] = []
    async with open_house(tmp_path) as house, served(house) as url:
        await house.make_queue()
        id_ = await house.make_operator("operator", "sales")
        hub = house.services.hub
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(names["read"](url, house.tokens["supervisor"], told.append))
            await until(lambda: bool(told), "the snapshot")
            for cut in range(3):
                await _cut_off(house)
                presence = Presence.AVAILABLE if cut % 2 else Presence.ON_BREAK
                await house.runner.post(PresenceAsked(id_, presence, "lunch"))
            hub.flush()
            last = hub.number
            await until(lambda: told[-1].get("number") == last, "the last message")
            hub.end_user(house.users["supervisor"])
            async with asyncio.timeout(DEADLINE_S):
                await reading
    numbers = [message["number"] for message in told if "prev" in message]
    assert numbers == list(range(told[0]["number"] + 1, last + 1))
    assert [message["type"] for message in told].count("snapshot") == 1


async def _cut_off(house: House) -> None:
    hub = house.services.hub
    await until(lambda: hub.sessions == 1, "the reader")
    (session,) = hub._sessions
    session.cut(SLOW_READER)
    await until(lambda: session not in hub._sessions, "the cut")
