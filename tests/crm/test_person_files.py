"""Files with all that is held of a person: many of them, those that are deleted early, and what a crash leaves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contacts.drafts import ContactDraft as Draft
from app.crm.contacts.service import create_contact
from app.crm.privacy.errors import PersonFileUnknown, TooManyPersonFiles
from app.crm.privacy.person_files import (
    KEPT,
    MOST,
    OF_USER,
    FileForm,
    FileState,
    PersonFiles,
    files_beside,
)
from app.domain.ids import ContactId
from app.records.engine import writing
from tests.records.stories import DAWN


async def mari(engine: AsyncEngine) -> ContactId:
    async with writing(engine) as session:
        return (await create_contact(session, Draft(surname="Kask"), DAWN, "EE")).id


@asynccontextmanager
async def running(files: PersonFiles) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        working = group.create_task(files.run())
        yield
        working.cancel()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


async def test_a_thousand_files_are_asked_for(engine: AsyncEngine, tmp_path: Path) -> None:
    """Each is deleted before it is made: none of them stands in the way of the next."""
    files, contact = PersonFiles(engine, tmp_path / "persons", lambda: DAWN), await mari(engine)
    for _ in range(1_000):
        files.forget(files.ask(contact, None).id, contact)
    for place in range(MOST):
        last = files.ask(contact, place // OF_USER)
        if place == OF_USER - 1:
            with pytest.raises(TooManyPersonFiles):
                files.ask(contact, 0)
    with pytest.raises(TooManyPersonFiles):
        files.ask(contact, MOST)
    async with running(files):
        await until(lambda: last.state is not FileState.MAKING)
        folders = list((tmp_path / "persons").iterdir())
        assert len(folders) == MOST
        assert all(one.stat().st_mode & 0o077 == 0 for one in (tmp_path / "persons", *folders))
        files.forget_contact(contact)
        assert list((tmp_path / "persons").iterdir()) == []
    assert not (tmp_path / "persons").exists()


async def test_what_a_process_left_that_died_is_deleted(engine: AsyncEngine, tmp_path: Path) -> None:
    assert files_beside(tmp_path / "keskus.sqlite.spool") == tmp_path / "keskus.sqlite.persons"
    left = tmp_path / "persons" / "abc"
    left.mkdir(parents=True)
    (left / "person.json").write_text("{}")
    files = PersonFiles(engine, tmp_path / "persons", lambda: DAWN)
    async with running(files):
        await until(lambda: not left.exists())


async def test_a_file_is_deleted_after_its_hour(engine: AsyncEngine, tmp_path: Path) -> None:
    now: list[datetime] = [DAWN]
    files, contact = PersonFiles(engine, tmp_path / "persons", lambda: now[0]), await mari(engine)
    file = files.ask(contact, None)
    await files.make(file)
    path = files.path(file.id, contact, FileForm.JSON, "en")
    assert path.exists()
    now[0] = DAWN + KEPT + timedelta(seconds=1)
    with pytest.raises(PersonFileUnknown):
        files.get(file.id, contact)
    assert not path.exists()


async def test_a_file_of_one_contact_is_not_given_for_another(engine: AsyncEngine, tmp_path: Path) -> None:
    files, contact = PersonFiles(engine, tmp_path / "persons", lambda: DAWN), await mari(engine)
    file = files.ask(contact, None)
    with pytest.raises(PersonFileUnknown):
        files.get(file.id, ContactId(contact + 1))


async def test_a_file_of_somebody_who_was_erased_meanwhile_is_not_kept(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    files, contact = PersonFiles(engine, tmp_path / "persons", lambda: DAWN), await mari(engine)
    file = files.ask(contact, None)
    files.forget_contact(contact)
    await files.make(file)
    assert list((tmp_path / "persons").iterdir()) == []
