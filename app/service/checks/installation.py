"""`keskus check`: looks for weaknesses and mistakes of an installation, and says what to do about each.

A check has a title and a question; it gives a list of findings, which is empty when all is well. Add checks of the PBX
to `app.service.checks.pbx`, all others to `app.service.checks.machine`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app.pbx.audit.conf_file import ConfUnreadable, Section, read_sections
from app.pbx.audit.contract import Lack, context_lacks, families_in, table_lacks, variable_lacks, variables_in
from app.pbx.audit.strangers import config_openings
from app.service.checks.finding import Check, Checked, CheckImpossible, Finding
from app.service.checks.machine import checks_here
from app.service.checks.pbx import DIALPLAN, STRANGERS, TABLES, VARIABLES, AskedPbx, checks_pbx
from app.service.settings_sources import Loaded


@asynccontextmanager
async def checks(loaded: Loaded, names: Sequence[str] = ()) -> AsyncIterator[list[Check]]:
    """All checks of an installation as it runs, in order; to be done while the context lasts.

    Args:
        loaded: the settings.
        names: endpoints to ask the running PBX for, besides those it lists.
    """
    async with AskedPbx(loaded.settings.pbx) as pbx:
        yield [*checks_here(loaded), *checks_pbx(pbx, loaded.settings, names)]


def config_checks(config: Path) -> list[Check]:
    """The checks of Asterisk's files; the running PBX is not asked.

    Args:
        config: Asterisk's configuration folder, or `pjsip.conf` alone.
    """
    strangers = Check(STRANGERS, lambda: _strangers_in(config))
    if not config.is_dir():
        return [strangers]
    return [
        strangers,
        Check(DIALPLAN, lambda: _in(config / "extensions.conf", lambda read: context_lacks(_names(read)))),
        Check(
            VARIABLES, lambda: _in(config / "manager.conf", lambda read: variable_lacks(variables_in(read)))
        ),
        Check(TABLES, lambda: _in(config / "extconfig.conf", lambda read: table_lacks(families_in(read)))),
    ]


async def look_at(all_checks: Sequence[Check]) -> list[Checked]:
    """Do all checks, one after the other."""
    done = []
    for check in all_checks:
        try:
            done.append(Checked(check.title, await check.look()))
        except CheckImpossible as error:
            done.append(Checked(check.title, (), str(error)))
    return done


async def _strangers_in(config: Path) -> list[Finding]:
    try:
        openings = config_openings(await asyncio.to_thread(_read, config))
    except ConfUnreadable as error:
        raise CheckImpossible(str(error)) from error
    return [Finding(*opening) for opening in openings]


def _read(config: Path) -> list[Section]:
    paths = [config]
    if config.is_dir():
        paths = [config / "pjsip.conf", *config.glob("pjsip_wizard.conf")]
    return [section for path in paths for section in read_sections(path)]


def _names(sections: Sequence[Section]) -> list[str]:
    return [section.name for section in sections]


async def _in(file: Path, lacks: Callable[[Sequence[Section]], Sequence[Lack]]) -> list[Finding]:
    try:
        return [Finding(*lack) for lack in lacks(await asyncio.to_thread(read_sections, file))]
    except ConfUnreadable as error:
        raise CheckImpossible(str(error)) from error
