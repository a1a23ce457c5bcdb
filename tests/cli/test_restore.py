"""`keskus restore` beside the ledger of erasures: whoever was erased since the copy was made does not come back."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner

from app.cli.commands import app
from app.crm.contacts.drafts import ContactDraft, Phone
from app.crm.contacts.service import create_contact
from app.crm.privacy.eraser import Eraser
from app.crm.privacy.ledger import Ledger, ledger_beside
from app.crm.privacy.service import ask_erasure
from app.crm.privacy.states import ErasureCause
from app.domain.ids import ContactId
from app.records.engine import imports_beside, open_engine, spool_beside, writing
from app.records.migrations import upgrade
from app.system import clock

RUNNER = CliRunner()


def ledger_of(file: Path) -> Path:
    return ledger_beside(Path(f"{file}.spool"))


def run(file: Path, *command: str) -> str:
    """Run `keskus ...` on a database; give what it said."""
    env = {"COLUMNS": "200", "KESKUS__DATABASE__URL": f"sqlite:///{file}"}
    done = RUNNER.invoke(app, command, env=env)
    assert done.exit_code == 0, done.output
    return done.output


async def fill(file: Path) -> ContactId:
    """Two people; returns the one who will be erased."""
    engine = open_engine(f"sqlite:///{file}")
    await upgrade(engine)
    async with writing(engine) as session:
        people = [
            await create_contact(
                session, ContactDraft(surname=name, phones=(Phone(number),)), clock.utc_now(), "EE"
            )
            for name, number in (("Zyxlum", "5550 0123"), ("Kask", "5550 0124"))
        ]
    await engine.dispose()
    return people[0].id


async def erase(file: Path, contact: ContactId) -> None:
    async def nothing() -> None:
        """No journal runs."""

    engine = open_engine(f"sqlite:///{file}")
    ledger = Ledger(ledger_beside(spool_beside(engine)))
    async with writing(engine) as session:
        await ask_erasure(session, contact, user=None, why=ErasureCause.ASKED, at=clock.utc_now())
    assert not await Eraser(engine, ledger, imports_beside(engine), clock.utc_now, journal=nothing).work()
    await engine.dispose()


def surnames(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {name for (name,) in database.execute("SELECT surname FROM contact")}


def test_whoever_was_erased_since_the_copy_does_not_come_back(tmp_path: Path) -> None:
    old, new, copy = tmp_path / "old.sqlite", tmp_path / "new.sqlite", tmp_path / "copy.tar"
    contact = asyncio.run(fill(old))
    run(old, "backup", str(copy))
    asyncio.run(erase(old, contact))
    assert surnames(old) == {"Kask"}
    assert ledger_of(old).exists()
    shutil.copy(ledger_of(old), ledger_of(new))
    assert "1 people who had been erased since then are erased again." in run(new, "restore", str(copy))
    assert surnames(new) == {"Kask"}
    assert not [path for path in tmp_path.glob("new.sqlite*") if b"Zyxlum" in path.read_bytes()]


def test_a_restore_without_the_ledger_says_so(tmp_path: Path) -> None:
    old, new, copy = tmp_path / "old.sqlite", tmp_path / "new.sqlite", tmp_path / "copy.tar"
    asyncio.run(fill(old))
    run(old, "backup", str(copy))
    said = run(new, "restore", str(copy))
    assert f"There is no ledger of erasures at {ledger_of(new)}" in said
    assert surnames(new) == {"Zyxlum", "Kask"}
