"""The rules of surveys: every change is a version, and only those without faults are published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.campaigns.service import require_campaigns
from app.crm.queues.service import require_queues
from app.crm.surveys import queries
from app.crm.surveys.content import questions_of
from app.crm.surveys.errors import SurveyFaulty, SurveyUnknown, SurveyVersionUnknown
from app.crm.surveys.flow import Fault, faults
from app.crm.surveys.states import SurveyState
from app.crm.surveys.tables import SurveyRow, SurveyVersionRow
from app.domain.actors import Actor
from app.records.versions import columns_of, raise_version


async def list_surveys(
    session: AsyncSession, *, state: SurveyState | None, after: int | None, limit: int
) -> Sequence[SurveyRow]:
    """Surveys in the order in which they were made, one more than `limit` where there are more."""
    return await queries.page_surveys(session, state, after=after, limit=limit + 1)


async def get_survey(session: AsyncSession, survey: int, *, published_only: bool = False) -> SurveyRow:
    """One survey.

    Args:
        session: reads.
        survey: its id.
        published_only: whoever asks only asks surveys.

    Raises:
        SurveyUnknown: there is none for them.
    """
    row = await queries.get_survey(session, survey)
    if row is None or (published_only and row.state != SurveyState.PUBLISHED):
        raise SurveyUnknown(survey=survey)
    return row


async def make_survey(
    session: AsyncSession, content: Mapping[str, Any], actor: Actor, at: datetime
) -> SurveyRow:
    """Make a survey, a draft at first, which may have faults.

    Args:
        session: writes.
        content: of `SurveyFields` and `questions`, as JSON has them.
        actor: who makes it.
        at: now.

    Raises:
        ReferenceUnknown: it names a queue or campaign that does not exist.
    """
    await _check(session, content)
    row = SurveyRow(title="", languages=[], changed_at=at)
    _fill(row, content, actor, at)
    await _keep(session, row, actor, at)
    return row


async def change_survey(
    session: AsyncSession, survey: int, content: Mapping[str, Any], actor: Actor, at: datetime
) -> SurveyRow:
    """Change a survey whole; its state stays. Answers that were given stay with the version they were given to.

    Raises:
        SurveyUnknown: there is none.
        ReferenceUnknown: it names a queue or campaign that does not exist.
        SurveyFaulty: it is published, and would have faults.
    """
    row = await get_survey(session, survey)
    await _check(session, content)
    was = columns_of(row)
    _fill(row, content, actor, at)
    if not raise_version(row, was):
        return row
    if row.state == SurveyState.PUBLISHED:
        _refuse_faulty(row)
    await _keep(session, row, actor, at)
    return row


async def set_state(
    session: AsyncSession, survey: int, state: SurveyState, actor: Actor, at: datetime
) -> SurveyRow:
    """Publish a survey, withdraw it, or make it a draft again.

    Raises:
        SurveyUnknown: there is none.
        SurveyFaulty: it has faults, and is to be published.
    """
    row = await get_survey(session, survey)
    if row.state != state:
        if state is SurveyState.PUBLISHED:
            _refuse_faulty(row)
        row.version += 1
        row.state, row.changed_at, row.changed_by = state.value, at, actor.name
        await _keep(session, row, actor, at)
    return row


async def get_version(session: AsyncSession, survey: int, version: int) -> SurveyVersionRow:
    """One version of a survey.

    Raises:
        SurveyVersionUnknown: there is none.
    """
    row = await queries.get_version(session, survey, version)
    if row is None:
        raise SurveyVersionUnknown(survey=survey, version=version)
    return row


async def list_versions(
    session: AsyncSession, survey: int, *, before: int | None, limit: int
) -> Sequence[SurveyVersionRow]:
    """A survey's versions, the newest first, one more than `limit` where there are more.

    Raises:
        SurveyUnknown: there is no such survey.
    """
    await get_survey(session, survey)
    return await queries.page_versions(session, survey, before=before, limit=limit + 1)


def faults_of(row: SurveyRow) -> list[Fault]:
    """Why a survey cannot be asked; empty: it can."""
    return faults(questions_of(row.questions), row.languages)


async def _check(session: AsyncSession, content: Mapping[str, Any]) -> None:
    await require_queues(session, content["queues"])
    await require_campaigns(session, content["campaigns"])


def _fill(row: SurveyRow, content: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    for name in _SET:
        setattr(row, name, content[name])
    row.changed_at, row.changed_by = at, actor.name


def _refuse_faulty(row: SurveyRow) -> None:
    found = faults_of(row)
    if found:
        raise SurveyFaulty(found)


async def _keep(session: AsyncSession, row: SurveyRow, actor: Actor, at: datetime) -> None:
    await queries.save_survey(session, row)
    assert row.id is not None
    version = SurveyVersionRow(
        survey_id=row.id,
        version=row.version,
        state=row.state,
        content={name: getattr(row, name) for name in _SET},
        at=at,
        user_id=actor.user,
        user_name=actor.name,
    )
    await queries.add_version(session, version)


_SET = ("title", "languages", "queues", "campaigns", "rest_days", "questions")
"""The columns that people set."""
