"""Tries a file, or brings it in: all of it, or nothing."""

import asyncio
from contextlib import suppress
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.hashing import PasswordHash
from app.accounts.service import LoggedIn
from app.api.configuration import Configures
from app.api.services import Services
from app.crm.centre_file.bringing import bring, check_names, differences
from app.crm.centre_file.reading import draft_of, read_centre, with_numbers
from app.crm.centre_file.saving import Bringing
from app.crm.centre_file.schemas import Brought, CentreFile, Difference
from app.crm.complaints.due import recheck
from app.crm.departments.service import DepartmentDraft, check_words, warm_up
from app.crm.products.routes import today_of
from app.records.engine import reading, writing


class _Tried(Exception):  # noqa: N818 - ends the transaction of a dry run
    pass


async def bring_file(
    services: Services,
    configuring: Configures,
    file: CentreFile,
    who: LoggedIn,
    *,
    unusable: PasswordHash,
    dry_run: bool,
) -> Brought:
    """Bring a file in; a dry run does all of it too, and takes it back.

    What is slow, such as comparing and reading numbers, is done before the transaction, and on a thread.

    Args:
        services: where the centre is kept.
        configuring: brings it into force.
        file: what it is to have.
        who: brings it.
        unusable: the hash of a password that nobody knows.
        dry_run: change nothing.

    Raises:
        Refusal: what the file says is refused; then nothing was changed.
    """
    now = services.now()
    await warm_up(services.engine, now)
    await asyncio.to_thread(check_names, file)
    drafts = await _drafts(file, services.region, now)
    file = await asyncio.to_thread(with_numbers, file, drafts)
    async with reading(services.engine) as session:
        centre = await read_centre(session, retired=True)
    found = await asyncio.to_thread(differences, centre, file)
    given = Bringing(
        own=who.rights,
        floor=services.runner.floor,
        unusable=unusable,
        drafts=drafts,
        now=now,
        today=today_of(services),
    )
    if dry_run:
        with suppress(_Tried):
            await _try(services, file, found, given, who)
    else:
        async with configuring(who.actor) as session:
            await _bring(session, file, found, given)
    return Brought(dry_run=dry_run, differences=found)


async def _try(
    services: Services, file: CentreFile, found: list[Difference], given: Bringing, who: LoggedIn
) -> None:
    async with writing(services.engine, who.actor) as session:
        await _bring(session, file, found, given)
        raise _Tried


async def _bring(session: AsyncSession, file: CentreFile, found: list[Difference], given: Bringing) -> None:
    await bring(session, file, found, given)
    if any(one.kind == "departments" for one in found):
        await recheck(session, given.now)


async def _drafts(file: CentreFile, region: str, now: datetime) -> dict[str, DepartmentDraft]:
    drafts = await asyncio.to_thread(lambda: {one.title: draft_of(one, region) for one in file.departments})
    for draft in drafts.values():
        await check_words(draft, now)
    return drafts
