"""`keskus backup` of a centre at work, and `keskus restore` into a fresh place."""

import asyncio
import re
import secrets
import sqlite3
import sys
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select, text

from app.records.engine import open_engine
from app.records.spool import Spool
from app.sandbox.sandbox import PostgresAccess, Sandbox
from app.service.backup import BackupFailed, Places, back_up, restore
from app.system import clock
from tests.faults.service import Service
from tests.provision import postgres_bin_dir
from tests.records.postgres import PostgresServer, postgres_server
from tests.running import sqlite_url
from tests.sipua import Phone

NUMBER = "3726000360"
PROGRAM = Path(sys.executable).parent / "keskus"
TABLES = Path(__file__).parents[2] / "docker" / "postgres" / "asterisk.sql"
GROWING = {"contact", "phone", "call_leg", "call_event"}
SETTLED = {
    "campaign", "consent", "disposition", "import_job", "known_place", "lead", "lead_number", "membership", "operator",
    "queue", "route", "softphone", "sound", "suppression", "user_account",
}  # fmt: skip
LIST = b"Nimi;Telefon\nMari Maasikas;5550 0001\nJaan Tamm;puudub\n"


@dataclass
class Place:
    """A PBX, a database and a service's settings; nothing in them yet."""

    sandbox: Sandbox
    service: Service

    async def keskus(self, *words: str) -> tuple[int, str]:
        """Run a command with the service's settings; give its exit status and what it said, in one line."""
        environment = {**self.service.environment, "PATH": f"{postgres_bin_dir()}:/usr/bin:/bin"}
        process = await asyncio.create_subprocess_exec(
            PROGRAM, *words, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode or 0, " ".join(said.decode().split())

    async def rows(self) -> dict[str, set[tuple[Any, ...]]]:
        """Every row of the service's database, by table."""
        engine = open_engine(self.service.database_url)
        found = MetaData()
        try:
            async with engine.connect() as connection:
                await connection.run_sync(found.reflect)
                return {
                    name: {tuple(map(repr, row)) for row in await connection.execute(select(table))}
                    for name, table in found.tables.items()
                }
        finally:
            await engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Iterator[PostgresServer | None]:
    if request.param == "sqlite":
        yield None
        return
    with postgres_server() as server:
        yield server


@asynccontextmanager
async def fresh(folder: Path, server: PostgresServer | None, name: str) -> AsyncIterator[Place]:
    """A fresh place of that name."""
    folder /= name
    folder.mkdir()
    url, access = sqlite_url(folder), None
    if server is not None:
        url = server.url(f"{name}_records")
        await _run(server.url(), f"CREATE DATABASE {name}_records", f"CREATE DATABASE {name}_pbx")
        with suppress(Exception):
            await _run(server.url(), "CREATE ROLE asterisk LOGIN")
        pbx = server.url(f"{name}_pbx")
        statements = re.sub("--.*", "", TABLES.read_text()).split(";")
        await _run(pbx, *(statement for statement in statements if statement.strip()))
        access = PostgresAccess(pbx, host=pbx.partition("host=")[2], database=f"{name}_pbx")
    sandbox = Sandbox(folder / "pbx", postgres=access)
    await sandbox.start()
    service = Service(
        folder, sandbox, sandbox.layout.ami_port, url, {"KESKUS__IMPORTS__FOLDER": str(folder / "imports")}
    )
    try:
        yield Place(sandbox, service)
    finally:
        await service.close()
        await sandbox.stop()


async def _run(url: str, *statements: str) -> None:
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            free = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                await free.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.mark.timeout(300)  # two PBXs, two services, six programs
async def test_a_centre_at_work_is_copied_and_laid_elsewhere(
    tmp_path: Path, server: PostgresServer | None
) -> None:
    copy = tmp_path / "centre.tar"
    async with fresh(tmp_path, server, "old") as old, fresh(tmp_path, server, "new") as new:
        await old.service.start()
        await old.service.ready()
        await old.service.log_in()
        ask = old.service.ask
        await ask("POST", "/queues", {"id": "tugi", "title": "Tugi", "wrap_up_s": 0})
        await ask("PUT", f"/routes/{NUMBER}", {"kind": "queue", "target": "tugi"})
        user = {"username": "mari", "password": secrets.token_urlsafe(12), "display_name": "Mari Maasikas"}
        operator = await ask("POST", "/operators", {"user": user, "memberships": [{"queue": "tugi"}]})
        account = operator["sip"]["username"], operator["sip"]["secret"]
        rejected = f"/imports/{await bring_list(old.service)}/rejected"
        kept: list[int] = []
        enough = asyncio.Event()

        async def write() -> None:
            """Somebody works in the contact base all the time."""
            while True:
                number = f"+37255500{len(kept):03}"
                person = {"surname": f"Kask {len(kept)}", "phones": [{"number": number}]}
                kept.append((await ask("POST", "/contacts", person))["id"])
                if len(kept) >= 5:
                    enough.set()

        async with (
            Phone(old.sandbox.layout, *account, voice=0x31) as phone,
            Phone.customer(old.sandbox.layout, "37255500999") as anna,
        ):
            await ask("PUT", f"/operators/{operator['id']}/state", {"presence": "available"})
            call = await anna.dial(NUMBER)
            phone.answer(await phone.rings())
            await anna.connected(call)
            await anna.hang_up(call)
            await until_calls(old.service, 1)
            second = await anna.dial(NUMBER)
            phone.answer(await phone.rings())
            await anna.connected(second)
            writing = asyncio.create_task(write())  # noqa: TID251 - a test's own
            await enough.wait()
            before = len(kept)
            assert await old.keskus("backup", str(copy)) == (
                0,
                f"{copy}: {copy.stat().st_size / 1e6:.1f} MB",
            )
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing
            await anna.hang_up(second)
            (first,) = [one for one in await until_calls(old.service, 2) if one["caller_number"]][-1:]
        assert copy.stat().st_mode & 0o077 == 0
        await old.service.terminate()

        code, said = await new.keskus("restore", str(copy))
        assert (code, "The centre is as it was at" in said) == (0, True), said
        there, was = await new.rows(), await old.rows()
        assert there.keys() == was.keys()
        assert there.keys() >= SETTLED | GROWING
        for name in SETTLED:
            assert there[name] == was[name], name
        assert all(there[name] <= was[name] for name in GROWING)
        assert before <= len(there["contact"]) <= len(kept)

        new.service._password = old.service._password
        await new.service.start()
        await new.service.ready()
        await new.service.log_in()
        assert first in await until_calls(new.service, 2)
        assert "Jaan Tamm" in (await new.service._http.get(rejected)).text
        async with (
            Phone(new.sandbox.layout, *account, voice=0x31) as phone,
            Phone.customer(new.sandbox.layout, "37255500999") as anna,
        ):
            await new.service.ask("PUT", f"/operators/{operator['id']}/state", {"presence": "available"})
            call = await anna.dial(NUMBER)
            phone.answer(await phone.rings())
            await anna.hears(call, phone.voice)
            await anna.hang_up(call)


class Small:
    """A centre with no PBX, by the functions behind the commands."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.places = Places(
            f"sqlite+aiosqlite:///{folder / 'keskus.sqlite'}", folder / "spool", folder / "imports"
        )
        self.database = folder / "keskus.sqlite"

    def fill(self) -> None:
        with closing(sqlite3.connect(self.database)) as database:
            database.execute("CREATE TABLE contact (name TEXT)")

    def copy(self) -> BytesIO:
        made = BytesIO()
        back_up(self.places, made, at=clock.utc_now())
        made.seek(0)
        return made

    def refuses(self, source: BytesIO, why: str) -> None:
        with pytest.raises(BackupFailed, match=why):
            restore(self.places, source)


@pytest.fixture
def small(tmp_path: Path) -> tuple[Small, Small]:
    """One with a table, and a fresh one."""
    old, new = Small(tmp_path / "old"), Small(tmp_path / "new")
    old.fill()
    return old, new


def test_nothing_is_overwritten(small: tuple[Small, Small]) -> None:
    old, new = small
    new.fill()
    new.refuses(old.copy(), "is not empty")
    new.database.unlink()
    new.places.imports.mkdir()
    (new.places.imports / "7.list").touch()
    new.refuses(old.copy(), "there are lists in")
    (new.places.imports / "7.list").unlink()
    restore(new.places, old.copy())
    assert new.database.stat().st_mode & 0o077 == 0


def test_a_service_that_runs_is_left_alone(small: tuple[Small, Small]) -> None:
    old, new = small
    held = Spool.open(new.places.spool, 1 << 20)
    new.refuses(old.copy(), "stop the service first")
    held.close()
    restore(new.places, old.copy())


def test_what_waits_in_the_spool_is_in_no_copy(small: tuple[Small, Small]) -> None:
    old, new = small
    source = old.copy()
    for one in small:
        spool = Spool.open(one.places.spool, 1 << 20)
        spool.append(b'{"facts": 1}')
        spool.close()
    with pytest.raises(BackupFailed, match="facts wait in"):
        old.copy()
    new.refuses(source, "holds facts of another database")
    spool = Spool.open(old.places.spool, 1 << 20)
    spool.drop(spool.read(1))
    spool.close()
    assert old.copy().getvalue()


def test_half_a_copy_is_none(small: tuple[Small, Small]) -> None:
    old, new = small
    whole = old.copy().getvalue()
    for size in (0, 100, 512, len(whole) // 2):
        new.refuses(BytesIO(whole[:size]), "no whole copy")
    other = Places("postgresql+asyncpg://keskus@db.example/keskus", new.places.spool, new.places.imports)
    with pytest.raises(BackupFailed, match="choose the same kinds"):
        restore(other, BytesIO(whole))
    assert not new.database.exists()


@pytest.mark.parametrize("name", ["../keskus.sqlite", "/tmp/keskus.sqlite", "imports/../../x"])
def test_names_that_lead_elsewhere_are_refused(small: tuple[Small, Small], name: str) -> None:
    _, new = small
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(name), BytesIO())
    made.seek(0)
    new.refuses(made, "it holds")


def test_lists_come_with_their_folders(small: tuple[Small, Small]) -> None:
    old, new = small
    (old.places.imports / "7").mkdir(parents=True)
    (old.places.imports / "7" / "list.csv").write_text("Telefon")
    restore(new.places, old.copy())
    found = new.places.imports / "7" / "list.csv"
    assert found.read_text() == "Telefon"
    assert found.stat().st_mode & 0o077 == 0


def test_a_pbx_without_its_tables_is_told(small: tuple[Small, Small], tmp_path: Path) -> None:
    old, new = small
    file = tmp_path / "realtime.sqlite"
    places = replace(old.places, softphones=f"sqlite+aiosqlite:///{file}")
    with pytest.raises(BackupFailed, match="cannot be opened"):
        back_up(places, BytesIO(), at=clock.utc_now())
    sqlite3.connect(file).close()
    file.touch()
    made = BytesIO()
    back_up(places, made, at=clock.utc_now())
    made.seek(0)
    missing = replace(new.places, softphones=f"sqlite+aiosqlite:///{tmp_path / 'other.sqlite'}")
    with pytest.raises(BackupFailed, match="there is no file"):
        restore(missing, made)
    assert not new.database.exists()


async def bring_list(service: Service) -> int:
    """Bring a list of which one row is rejected; give the import."""
    hours = [{"days": [1], "from": "09:00", "to": "17:00"}]
    wanted = {"title": "Küsitlus", "purpose": "survey", "mode": "progressive", "queue": "tugi"}
    campaign = await service.ask("POST", "/campaigns", wanted | {"rule_set": "own", "hours": hours})
    told = (await service._http.post(f"/campaigns/{campaign['id']}/imports", content=LIST)).json()
    async with asyncio.timeout(30.0):
        for state, word in (("uploaded", "/start"), ("done", "")):
            while told["state"] != state:
                told = await service.ask("GET", f"/imports/{told['id']}")
            if word:
                told = await service.ask("POST", f"/imports/{told['id']}{word}")
    assert told["rejected"] == 1
    return int(told["id"])


async def until_calls(service: Service, count: int) -> list[dict[str, Any]]:
    """Wait until so many calls have a whole record; give them, the newest first."""
    async with asyncio.timeout(30.0):
        while True:
            calls = (await service.ask("GET", "/calls?limit=100"))["items"]
            ended = [one for one in calls if one["ended_at"]]
            if len(ended) >= count:
                return ended
            await asyncio.sleep(0.1)  # another process's work
