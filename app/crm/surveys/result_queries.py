"""Counts of answers and of those who were asked, by SQL that decides nothing."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.crm.surveys.queries import ResponseFilter
from app.crm.surveys.states import ResponseState
from app.crm.surveys.tables import SurveyAnswerRow, SurveyResponseRow
from app.domain.calls import Direction
from app.records.tables import CallRow


class GroupedBy(StrEnum):
    """What results are told apart by."""

    QUEUE = "queue"
    CAMPAIGN = "campaign"
    LANGUAGE = "language"
    VERSION = "version"
    DAY = "day"
    WEEK = "week"
    """By its Monday."""
    MONTH = "month"
    """By its first day."""


_COLUMNS: dict[GroupedBy, Any] = {
    GroupedBy.QUEUE: SurveyResponseRow.queue,
    GroupedBy.CAMPAIGN: SurveyResponseRow.campaign_id,
    GroupedBy.LANGUAGE: SurveyResponseRow.language,
    GroupedBy.VERSION: SurveyResponseRow.survey_version,
    **dict.fromkeys((GroupedBy.DAY, GroupedBy.WEEK, GroupedBy.MONTH), SurveyResponseRow.asked_on),
}
Group = str | int | date | None


class AnswerCount(NamedTuple):
    """How many gave one answer."""

    group: Group
    question: str
    signature: str
    value: str | None
    answers: int


class AskedCount(NamedTuple):
    """How many of those who were asked ended in one state."""

    group: Group
    state: ResponseState
    answered: bool
    """They answered at least one question."""
    responses: int


class OperatorCount(NamedTuple):
    """How many gave one answer to one operator."""

    user: int | None
    name: str
    value: str
    answers: int


class TextAnswer(NamedTuple):
    """A free text, beside the response it is of."""

    answer: SurveyAnswerRow
    response: SurveyResponseRow


async def count_answers(
    session: AsyncSession,
    wanted: ResponseFilter,
    questions: Collection[str],
    *,
    by: GroupedBy | None,
    most: int,
) -> Sequence[AnswerCount]:
    """How many gave each answer to each of some questions.

    Args:
        session: reads.
        wanted: which responses.
        questions: their codes; free texts are counted as one answer, which is empty.
        by: what to tell groups apart by.
        most: where there are more counts than this, one more is answered.
    """
    answer = SurveyAnswerRow
    one = select(
        _group(by).label("one"),
        col(answer.question).label("question"),
        col(answer.signature).label("signature"),
        col(answer.value).label("value"),
    )
    given = _counted(one, wanted, questions).subquery()
    keys = (given.c.one, given.c.question, given.c.signature, given.c.value)
    query = select(*keys, func.count()).group_by(*keys)
    return [AnswerCount(*row) for row in await session.execute(query.limit(most + 1))]


async def count_asked(
    session: AsyncSession, wanted: ResponseFilter, *, by: GroupedBy | None
) -> Sequence[AskedCount]:
    """How many were asked, and how far they came."""
    one = select(
        _group(by).label("one"), col(SurveyResponseRow.state).label("state"), _has_answer().label("answered")
    )
    asked = one.where(*wanted.conditions()).subquery()
    keys = (asked.c.one, asked.c.state, asked.c.answered)
    query = select(*keys, func.count()).group_by(*keys)
    return [
        AskedCount(group, ResponseState(state), bool(answered), count)
        for group, state, answered, count in await session.execute(query)
    ]


async def count_by_operator(
    session: AsyncSession, wanted: ResponseFilter, question: str, signature: str, *, most: int
) -> Sequence[OperatorCount]:
    """How many gave each answer to a question, by who asked; one more than `most` where there are more."""
    response, answer = SurveyResponseRow, SurveyAnswerRow
    query = _counted(
        select(col(response.user_id), func.max(response.user_name), col(answer.value), func.count()),
        wanted,
        [question],
    ).where(col(answer.signature) == signature, col(answer.value).is_not(None))
    query = query.group_by(col(response.user_id), col(answer.value)).order_by(col(response.user_id))
    return [OperatorCount(*row) for row in await session.execute(query.limit(most + 1))]


async def page_texts(
    session: AsyncSession, wanted: ResponseFilter, question: str, *, before: int | None, limit: int
) -> Sequence[TextAnswer]:
    """What was typed to a question, the newest first."""
    id_ = col(SurveyResponseRow.id)
    query = _counted(select(SurveyAnswerRow, SurveyResponseRow), wanted, [question])
    query = query.where(col(SurveyAnswerRow.text) != "").order_by(id_.desc()).limit(limit)
    if before is not None:
        query = query.where(id_ < before)
    return [TextAnswer(answer, response) for answer, response in await session.execute(query)]


async def count_calls(
    session: AsyncSession, wanted: ResponseFilter, queues: Collection[str], campaigns: Collection[int]
) -> int:
    """In how many calls operators talked to customers, in which the survey could have been asked.

    Args:
        session: reads.
        wanted: the period, and the queue, campaign and operator.
        queues: of the survey.
        campaigns: of the survey; with neither queues nor campaigns, all calls.
    """
    call = CallRow
    found: list[ColumnElement[bool]] = [
        col(call.operator_id).is_not(None),
        col(call.direction).in_([Direction.INBOUND.value, Direction.OUTBOUND.value]),
    ]
    if queues or campaigns:
        found.append(or_(col(call.queue).in_(queues), col(call.campaign_id).in_(campaigns)))
    found += [
        column == value
        for column, value in (
            (col(call.queue), wanted.queue),
            (col(call.campaign_id), wanted.campaign),
            (col(call.operator_id), wanted.user),
            (col(call.contact_id), wanted.contact),
            (col(call.id), wanted.call),
        )
        if value is not None
    ]
    if wanted.from_at is not None:
        found.append(col(call.arrived_at) >= wanted.from_at)
    if wanted.to_at is not None:
        found.append(col(call.arrived_at) < wanted.to_at)
    return await session.scalar(select(func.count()).select_from(CallRow).where(*found)) or 0


def _group(by: GroupedBy | None) -> Any:
    return null() if by is None else col(_COLUMNS[by])


def _counted(query: Any, wanted: ResponseFilter, questions: Collection[str]) -> Select[Any]:
    """The answers that count: on the way through the survey, and of no attempt that a later one took the place of."""
    response, answer = SurveyResponseRow, SurveyAnswerRow
    counted: Select[Any] = (
        query.select_from(SurveyAnswerRow)
        .join(SurveyResponseRow, col(response.id) == col(answer.response_id))
        .where(
            *wanted.conditions(),
            col(answer.question).in_(questions),
            col(answer.counts).is_(True),
            col(response.superseded).is_(False),
        )
    )
    return counted


def _has_answer() -> ColumnElement[bool]:
    answer = SurveyAnswerRow
    any_: Any = select(col(answer.question)).where(
        col(answer.response_id) == col(SurveyResponseRow.id),
        col(answer.value).is_not(None),
    )
    exists: ColumnElement[bool] = any_.correlate(SurveyResponseRow).exists()
    return exists
