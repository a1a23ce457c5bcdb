"""Tries a file, or brings it in: all of it, or nothing."""

from app.accounts.hashing import PasswordHash
from app.accounts.service import LoggedIn
from app.api.configuration import Configures
from app.api.services import Services
from app.crm.centre_file.bringing import bring
from app.crm.centre_file.saving import Bringing
from app.crm.centre_file.schemas import Brought, CentreFile, Difference
from app.crm.complaints.due import recheck
from app.crm.departments.service import warm_up
from app.crm.products.routes import today_of
from app.records.engine import writing


class _Tried(Exception):  # noqa: N818 - ends the transaction of a dry run
    def __init__(self, found: list[Difference]) -> None:
        super().__init__()
        self.found = found


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
    given = Bringing(
        own=who.rights,
        floor=services.runner.floor,
        unusable=unusable,
        region=services.region,
        now=now,
        today=today_of(services),
    )
    if dry_run:
        try:
            await _try(services, file, who, given)
        except _Tried as tried:
            return Brought(dry_run=True, differences=tried.found)
    async with configuring(who.actor) as session:
        found = await bring(session, file, given)
        if any(one.kind == "departments" for one in found):
            await recheck(session, now)
    return Brought(dry_run=False, differences=found)


async def _try(services: Services, file: CentreFile, who: LoggedIn, given: Bringing) -> None:
    async with writing(services.engine, who.actor) as session:
        found = await bring(session, file, given)
        raise _Tried(found)
