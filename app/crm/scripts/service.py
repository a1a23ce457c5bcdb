"""The rules of scripts: written by supervisors, tried, published as versions that never change, withdrawn."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.campaigns.service import require_campaigns
from app.crm.queues.service import require_queues
from app.crm.scripts import queries
from app.crm.scripts.errors import (
    ScriptChangedMeanwhile,
    ScriptFaulty,
    ScriptNeverPublished,
    ScriptUnknown,
    ScriptVersionUnknown,
)
from app.crm.scripts.flow import read_flow
from app.crm.scripts.tables import ScriptRow, ScriptState, ScriptVersionRow
from app.crm.scripts.targets import known_variables, missing_jumps
from app.crm.scripts.texts import languages_of, preferred, try_texts
from app.crm.scripts.trial import Fault, try_out
from app.domain.actors import Actor
from app.records.engine import reading
from app.records.versions import columns_of, raise_version

_TOLD_MOST: Final = 20
"""The most faults that a refusal names."""
_OFFERS_MOST: Final = 20
"""The most scripts that a call is offered."""


@dataclass(slots=True, frozen=True)
class Offer:
    """A published script for a call, in the language to speak."""

    script: int
    number: int
    title: str
    language: str
    content: Mapping[str, Any]


_CONTENT: Final = ("title", "queues", "campaigns", "steps")


def content_of(row: ScriptRow | ScriptVersionRow) -> dict[str, Any]:
    """What a script says and is for: what is being written, or a version of it."""
    return {name: getattr(row, name) for name in _CONTENT}


async def get_script(session: AsyncSession, script: int) -> ScriptRow:
    """One script.

    Raises:
        ScriptUnknown: there is none.
    """
    row = await queries.get_script(session, script)
    if row is None:
        raise ScriptUnknown(script=script)
    return row


async def get_version(session: AsyncSession, script: int, number: int) -> ScriptVersionRow:
    """One published version.

    Raises:
        ScriptVersionUnknown: there is none.
    """
    row = await queries.get_version(session, script, number)
    if row is None:
        raise ScriptVersionUnknown(script=script, number=number)
    return row


async def list_versions(
    session: AsyncSession, script: int, *, before: int | None, limit: int
) -> Sequence[ScriptVersionRow]:
    """A script's versions, the newest first, one more than `limit` where there are more.

    Raises:
        ScriptUnknown: there is no such script.
    """
    await get_script(session, script)
    return await queries.page_versions(session, script, before=before, limit=limit + 1)


async def make_script(
    session: AsyncSession, content: Mapping[str, Any], actor: Actor, at: datetime
) -> ScriptRow:
    """Make a script, a draft at first; it may have faults.

    Raises:
        ReferenceUnknown: it is for a queue or campaign that does not exist.
    """
    row = ScriptRow(title=content["title"], changed_at=at)
    return await _save(session, row, content, actor, at)


async def change_script(
    session: AsyncSession, script: int, content: Mapping[str, Any], actor: Actor, at: datetime
) -> ScriptRow:
    """Change what is being written; what is published stays as it is until it is published anew.

    Raises:
        ScriptUnknown: there is none.
        ReferenceUnknown: it is for a queue or campaign that does not exist.
    """
    row = await get_script(session, script)
    return await _save(session, row, content, actor, at)


async def faults_of(engine: AsyncEngine, script: int, number: int | None = None) -> tuple[list[Fault], int]:
    """The dry run of what is being written, or of a published version.

    Args:
        engine: the database.
        script: the script's id.
        number: of the version; None: what is being written.

    Returns:
        The faults, and the `version` of the row that was tried.

    Raises:
        ScriptUnknown: there is none.
        ScriptVersionUnknown: it has no such version.
        SlowInTransaction: this task has an open transaction that writes.
    """
    async with reading(engine) as session:
        row = await get_script(session, script)
        content = content_of(row if number is None else await get_version(session, script, number))
        flow = read_flow(content)
        missing = await missing_jumps(session, flow, content["campaigns"])
        known = await known_variables(session, flow, content["campaigns"])
    faults = await asyncio.to_thread(lambda: [*try_out(flow, missing), *try_texts(content, known)])
    return faults, row.version


async def publish(
    session: AsyncSession, script: int, tried: tuple[Sequence[Fault], int], actor: Actor, at: datetime
) -> ScriptRow:
    """Publish what is being written as the next version; calls that begin from now on have it.

    Args:
        session: writes.
        script: the script's id.
        tried: what `faults_of` found.
        actor: who publishes.
        at: now.

    Raises:
        ScriptUnknown: there is none.
        ScriptFaulty: it has faults.
        ScriptChangedMeanwhile: it was changed since it was tried.
    """
    row = await get_script(session, script)
    faults, version = tried
    if version != row.version:
        raise ScriptChangedMeanwhile
    if faults:
        told = (f"{one.kind.value} {one.step}".strip() for one in faults[:_TOLD_MOST])
        raise ScriptFaulty(faults=tuple(dict.fromkeys(told)))
    number = await queries.last_number(session, script) + 1
    await queries.save(
        session,
        ScriptVersionRow(
            script_id=script,
            number=number,
            **content_of(row),
            at=at,
            user_id=actor.user,
            user_name=actor.name,
        ),
    )
    row.number, row.state = number, ScriptState.PUBLISHED
    return await _changed(session, row, actor, at)


async def withdraw(session: AsyncSession, script: int, actor: Actor, at: datetime) -> ScriptRow:
    """Let no more calls begin with a script; calls that have begun go on.

    Raises:
        ScriptUnknown: there is none.
        ScriptNeverPublished: it was never published.
    """
    row = await get_script(session, script)
    if row.state == ScriptState.DRAFT:
        raise ScriptNeverPublished
    row.state = ScriptState.WITHDRAWN
    return await _changed(session, row, actor, at)


async def offers(
    session: AsyncSession, *, queue: str, campaign: int | None, languages: Sequence[str]
) -> list[Offer]:
    """The published scripts for a call: those of its campaign before those of its queue, the oldest first.

    Args:
        session: reads.
        queue: of the call.
        campaign: of the call; None: the customer called.
        languages: to speak, the best first.
    """
    ranked = [
        (rank, script, number)
        for script, number, queues, campaigns in await queries.published(session)
        if (rank := fit(queues, campaigns, queue, campaign))
    ]
    ranked.sort(key=lambda one: -one[0])
    return [await _offer(session, script, number, languages) for _, script, number in ranked[:_OFFERS_MOST]]


def fit(queues: Sequence[str], campaigns: Sequence[int], queue: str, campaign: int | None) -> int:
    """How well a script fits a call: 2 by its campaign, 1 by its queue, 0 not at all.

    >>> fit(["sales"], [], "sales", None), fit([], [7], "sales", 8), fit(["sales"], [7], "sales", 7)
    (1, 0, 2)
    """
    return 2 if campaign in campaigns else int(queue in queues)


async def offer_of(session: AsyncSession, script: int, languages: Sequence[str]) -> Offer | None:
    """A published script by its id; None: it is not published.

    Raises:
        ScriptUnknown: there is none.
    """
    row = await get_script(session, script)
    if row.state != ScriptState.PUBLISHED or row.number is None:
        return None
    return await _offer(session, script, row.number, languages)


async def _offer(session: AsyncSession, script: int, number: int, languages: Sequence[str]) -> Offer:
    content = content_of(await get_version(session, script, number))
    return Offer(script, number, content["title"], preferred(languages, languages_of(content)), content)


async def _save(
    session: AsyncSession, row: ScriptRow, content: Mapping[str, Any], actor: Actor, at: datetime
) -> ScriptRow:
    await require_queues(session, content["queues"])
    await require_campaigns(session, content["campaigns"])
    was = columns_of(row)
    for name in _CONTENT:
        setattr(row, name, content[name])
    row.changed_at, row.changed_by = at, actor.name
    raise_version(row, was)
    await queries.save(session, row)
    return row


async def _changed(session: AsyncSession, row: ScriptRow, actor: Actor, at: datetime) -> ScriptRow:
    row.version += 1
    row.changed_at, row.changed_by = at, actor.name
    await queries.save(session, row)
    return row
