"""The installation as administrators see it: the settings with where each comes from, and what `keskus check` says."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from pydantic import ConfigDict

from app.accounts.service import LoggedIn
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import Shown
from app.api.security import Known, needs
from app.domain.roles import Permission
from app.service.settings_list import settings_now
from app.service.settings_sources import Loaded

Manages = Annotated[LoggedIn, needs(Permission.CONFIGURATION_MANAGE)]
router = APIRouter(tags=["configuration"], route_class=IdempotentRoute)
_one_at_a_time = asyncio.Lock()


class SettingOut(Shown):
    """A setting as the service runs with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "path": "http.port",
                    "variable": "KESKUS__HTTP__PORT",
                    "about": "Where HTTP listens.",
                    "default": "8000",
                    "value": "8080",
                    "origin": "/etc/keskus/keskus.toml",
                }
            ]
        }
    )

    path: str
    """Its path, as in the settings file."""
    variable: str
    """The environment variable that sets it."""
    about: str
    """What it means, in English."""
    default: str
    """Its default, as TOML has it."""
    value: str
    """Its value, as TOML has it; of a secret only whether there is one."""
    origin: str
    """The variable or the file that it comes from; `default` where nobody has set it."""


class FindingOut(Shown):
    """Something that is wrong, and its remedy."""

    what: str
    """What is wrong, in English."""
    remedy: str
    """What to do about it, in English."""


class CheckedOut(Shown):
    """The result of one check."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "database", "findings": [], "impossible": ""}]}
    )

    title: str
    """What was checked, in English."""
    findings: list[FindingOut]
    """What is wrong; empty: nothing is."""
    impossible: str
    """Why it could not be checked; empty: it was."""


@router.get("/settings", summary="The settings", responses=refusals())
async def list_settings(_: Manages, services: Known) -> list[SettingOut]:
    """Returns every setting with its value and where it comes from, as `keskus settings` does. No secret is told.

    A change of a setting holds from the service's next start.
    """
    loaded = services.part(Loaded)
    if loaded is None:
        return []
    return [SettingOut(**one._asdict()) for one in await asyncio.to_thread(settings_now, loaded)]


@router.post("/checks", summary="Check the installation", responses=refusals())
async def check_installation(_: Manages, services: Known) -> list[CheckedOut]:
    """Checks everything that the service needs, as `keskus check` does, and leaves nothing changed; it takes seconds.

    One check runs at a time; a second request waits for the first.
    """
    from app.service.checks.installation import checks, look_at  # noqa: PLC0415 - loaded where it is asked for

    loaded = services.part(Loaded)
    if loaded is None:
        return []
    async with _one_at_a_time, checks(loaded) as all_checks:
        done = await look_at(all_checks)
    return [
        CheckedOut(
            title=one.title,
            findings=[FindingOut(what=found.what, remedy=found.remedy) for found in one.findings],
            impossible=one.impossible,
        )
        for one in done
    ]
