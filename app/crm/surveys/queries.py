"""Surveys, their versions, and responses as rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.surveys.states import ResponseState, SurveyState
from app.crm.surveys.tables import SurveyAnswerRow, SurveyResponseRow, SurveyRow, SurveyVersionRow


@dataclass(slots=True, frozen=True, kw_only=True)
class ResponseFilter:
    """Which responses are wanted; None wants all."""

    survey: int | None = None
    version: int | None = None
    states: Collection[ResponseState] = ()
    contact: int | None = None
    call: str | None = None
    user: int | None = None
    queue: str | None = None
    campaign: int | None = None
    from_at: datetime | None = None
    """Asked then or later."""
    to_at: datetime | None = None
    """Asked before."""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions in SQL."""
        row = SurveyResponseRow
        found = [
            column == value
            for column, value in (
                (col(row.survey_id), self.survey),
                (col(row.survey_version), self.version),
                (col(row.contact_id), self.contact),
                (col(row.call_id), self.call),
                (col(row.user_id), self.user),
                (col(row.queue), self.queue),
                (col(row.campaign_id), self.campaign),
            )
            if value is not None
        ]
        if self.states:
            found.append(col(row.state).in_([state.value for state in self.states]))
        if self.from_at is not None:
            found.append(col(row.asked_at) >= self.from_at)
        if self.to_at is not None:
            found.append(col(row.asked_at) < self.to_at)
        return found


async def page_surveys(
    session: AsyncSession, state: SurveyState | None, *, after: int | None, limit: int
) -> Sequence[SurveyRow]:
    """Surveys in the order in which they were made."""
    id_ = col(SurveyRow.id)
    query = select(SurveyRow).order_by(id_).limit(limit)
    if state is not None:
        query = query.where(col(SurveyRow.state) == state.value)
    if after is not None:
        query = query.where(id_ > after)
    return (await session.scalars(query)).all()


async def published_surveys(session: AsyncSession) -> Sequence[SurveyRow]:
    """The surveys that are asked now, at most the first hundred."""
    query = select(SurveyRow).where(col(SurveyRow.state) == SurveyState.PUBLISHED.value)
    return (await session.scalars(query.order_by(col(SurveyRow.id)).limit(100))).all()


async def get_survey(session: AsyncSession, survey: int, *, lock: bool = False) -> SurveyRow | None:
    """One survey, or None; others wait for a locked one until the commit."""
    return await session.get(SurveyRow, survey, with_for_update=True if lock else None)


async def save_survey(session: AsyncSession, row: SurveyRow) -> None:
    """Save a survey; a new row comes back with its id."""
    session.add(row)
    await session.flush()


async def add_version(session: AsyncSession, row: SurveyVersionRow) -> None:
    """Keep a survey as it is."""
    session.add(row)
    await session.flush()


async def get_version(session: AsyncSession, survey: int, version: int) -> SurveyVersionRow | None:
    """One version of a survey, or None."""
    return await session.get(SurveyVersionRow, (survey, version))


async def page_versions(
    session: AsyncSession, survey: int, *, before: int | None, limit: int
) -> Sequence[SurveyVersionRow]:
    """A survey's versions, the newest first."""
    version = col(SurveyVersionRow.version)
    query = select(SurveyVersionRow).where(col(SurveyVersionRow.survey_id) == survey)
    if before is not None:
        query = query.where(version < before)
    return (await session.scalars(query.order_by(version.desc()).limit(limit))).all()


async def get_response(
    session: AsyncSession, response: int, *, lock: bool = False
) -> SurveyResponseRow | None:
    """One response, or None; a locked one stays as it is until the commit."""
    return await session.get(SurveyResponseRow, response, with_for_update=True if lock else None)


async def response_in_call(
    session: AsyncSession, survey: int, call: str, *, lock: bool = False
) -> SurveyResponseRow | None:
    """The response to a survey in a call, or None; a locked one stays as it is until the commit."""
    query = select(SurveyResponseRow).where(
        SurveyResponseRow.survey_id == survey, SurveyResponseRow.call_id == call
    )
    return (await session.scalars(query.with_for_update() if lock else query)).first()


async def last_ended(session: AsyncSession, survey: int, contact: int) -> SurveyResponseRow | None:
    """The response to a survey that a contact ended last, or None."""
    row = SurveyResponseRow
    query = select(row).where(
        row.survey_id == survey, row.contact_id == contact, col(row.ended_at).is_not(None)
    )
    return (await session.scalars(query.order_by(col(row.ended_at).desc()).limit(1))).first()


async def count_attempts(session: AsyncSession, survey: int, contact: int) -> int:
    """How often a contact was asked a survey."""
    query = select(func.count()).select_from(SurveyResponseRow)
    query = query.where(SurveyResponseRow.survey_id == survey, SurveyResponseRow.contact_id == contact)
    return await session.scalar(query) or 0


async def open_responses(session: AsyncSession, survey: int, contact: int) -> Sequence[SurveyResponseRow]:
    """The responses to a survey that a contact has left open."""
    row = SurveyResponseRow
    query = select(row).where(
        row.survey_id == survey,
        row.contact_id == contact,
        row.state == ResponseState.OPEN.value,
        col(row.superseded).is_(False),
    )
    return (await session.scalars(query.order_by(col(row.id)))).all()


async def is_asked_later(session: AsyncSession, response: SurveyResponseRow) -> bool:
    """Whether the contact of a response was asked the survey again after it."""
    row = SurveyResponseRow
    if response.contact_id is None:
        return False
    query = select(row.id).where(
        row.survey_id == response.survey_id,
        row.contact_id == response.contact_id,
        col(row.id) > response.id,
    )
    return await session.scalar(query.limit(1)) is not None


async def save_response(session: AsyncSession, row: SurveyResponseRow) -> None:
    """Save a response; a new row comes back with its id."""
    session.add(row)
    await session.flush()


async def save_answer(session: AsyncSession, row: SurveyAnswerRow) -> None:
    """Save an answer."""
    session.add(row)
    await session.flush()


async def answers_of(session: AsyncSession, responses: Collection[int]) -> Sequence[SurveyAnswerRow]:
    """The answers of responses, in the order in which they were given."""
    row = SurveyAnswerRow
    query = select(row).where(col(row.response_id).in_(responses))
    return (await session.scalars(query.order_by(col(row.response_id), col(row.at), col(row.question)))).all()


async def page_responses(
    session: AsyncSession,
    wanted: ResponseFilter,
    *,
    before: int | None,
    limit: int,
    only_of: int | None = None,
) -> Sequence[SurveyResponseRow]:
    """Responses, the newest first.

    Args:
        session: reads.
        wanted: which.
        before: the id of the last one on the page before.
        limit: how many at most.
        only_of: the user who sees their own alone; None: sees all.
    """
    id_ = col(SurveyResponseRow.id)
    query = select(SurveyResponseRow).where(*wanted.conditions()).order_by(id_.desc()).limit(limit)
    if only_of is not None:
        query = query.where(SurveyResponseRow.user_id == only_of)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query)).all()


async def responses_after(
    session: AsyncSession, wanted: ResponseFilter, *, after: int, limit: int
) -> Sequence[SurveyResponseRow]:
    """Responses in the order of their ids, after one of them."""
    id_ = col(SurveyResponseRow.id)
    query = select(SurveyResponseRow).where(*wanted.conditions(), id_ > after).order_by(id_).limit(limit)
    return (await session.scalars(query)).all()


async def count_responses(session: AsyncSession, wanted: ResponseFilter) -> int:
    """How many responses there are."""
    query = select(func.count()).select_from(SurveyResponseRow).where(*wanted.conditions())
    return await session.scalar(query) or 0
