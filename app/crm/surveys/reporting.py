"""What a survey has brought in: read by SQL, added up in a thread, a few requests at a time.

Questions of several versions with the same code add up where their answers mean the same (`Question.signature`); the
version that is asked for, or else the newest, says what that is.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.surveys import result_queries
from app.crm.surveys.content import questions_of
from app.crm.surveys.errors import QuestionUnknown, ResultsBusy, ResultsTooLarge
from app.crm.surveys.figures import Figure, QuestionFigures, Standing, add_up, good_count, share, stand
from app.crm.surveys.flow import OPTIONAL, STEPPED, Question
from app.crm.surveys.queries import ResponseFilter
from app.crm.surveys.result_queries import AskedCount, Group, GroupedBy, OperatorCount
from app.crm.surveys.service import get_survey, get_version
from app.crm.surveys.states import ResponseState
from app.crm.surveys.tables import SurveyRow
from app.estimation.comparison import Sample
from app.records.engine import reading

AT_ONCE: Final = 2
"""The most results that are added up at one time."""
COUNTS_MOST: Final = 20_000
"""The most different answers that are read for one request."""
GROUPS_MOST: Final = 400
"""The most groups, each counted once for each question, or operators, of one request."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Asked:
    """Who was asked, and how many of them answered."""

    calls: int | None
    """Calls in which it could have been asked; None where nobody counts them."""
    asked: int
    finished: int
    partial: int
    """Begun, not refused, and not finished."""
    refused: int
    refused_midway: int
    """Those of the refused who had answered something."""
    response_rate: Figure
    """The share of those who finished among those who were asked."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Results:
    """What was found for one group, or for all."""

    group: str | None
    asked: Asked
    questions: Sequence[tuple[Question, QuestionFigures]]


@dataclass(slots=True, frozen=True, kw_only=True)
class OperatorStanding:
    """What is held of one operator."""

    user: int | None
    name: str
    standing: Standing


class Reports:
    """Adds results up, a few at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._under_way = 0

    async def results(
        self, wanted: ResponseFilter, question: str | None, by: GroupedBy | None
    ) -> list[Results]:
        """What was answered; of all together, or of each group.

        Args:
            wanted: which responses; it names the survey.
            question: the code of the only question to add up; None: all.
            by: what to tell groups apart by; None: one result of all.

        Raises:
            SurveyUnknown, SurveyVersionUnknown: there is none.
            QuestionUnknown: the survey has no such question.
            ResultsTooLarge: there are more different answers or groups than one request adds up.
            ResultsBusy: `AT_ONCE` others are being added up.
        """
        async with self._turn():
            async with reading(self._engine) as session:
                survey, questions = await _asked_for(session, wanted)
                if question is not None:
                    questions = [one for one in questions if one.code == question]
                    if not questions:
                        raise QuestionUnknown(question=question)
                asked = await result_queries.count_asked(session, wanted, by=by)
                codes = [one.code for one in questions]
                counts = await result_queries.count_answers(session, wanted, codes, by=by, most=COUNTS_MOST)
                _bound(len(counts), COUNTS_MOST)
                calls = None
                if by is None:
                    calls = await result_queries.count_calls(session, wanted, survey.queues, survey.campaigns)
            return await asyncio.to_thread(_group, questions, counts, asked, by, calls)

    async def operators(
        self, wanted: ResponseFilter, question: str, options: Sequence[str]
    ) -> tuple[Question, list[OperatorStanding]]:
        """What is held of the operators who asked, in the order of their names.

        Args:
            wanted: which responses; it names the survey.
            question: the code of a scale, an NPS question or a choice.
            options: of a choice, those that count as good.

        Raises:
            SurveyUnknown, SurveyVersionUnknown: there is none.
            QuestionUnknown: the survey has no such question, or it cannot be compared.
            ResultsTooLarge: there are more operators than one request compares.
            ResultsBusy: `AT_ONCE` others are being added up.
        """
        async with self._turn():
            async with reading(self._engine) as session:
                _, questions = await _asked_for(session, wanted)
                found = next((one for one in questions if one.code == question), None)
                if found is None or found.kind not in (*STEPPED, *OPTIONAL):
                    raise QuestionUnknown(question=question)
                if found.kind in OPTIONAL and not (options and set(options) <= set(found.options)):
                    raise QuestionUnknown(question=f"{question}?options=")
                counts = await result_queries.count_by_operator(
                    session, wanted, question, found.signature, most=COUNTS_MOST
                )
                _bound(len(counts), COUNTS_MOST)
            return found, await asyncio.to_thread(_compare, found, counts, options)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._under_way >= AT_ONCE:
            raise ResultsBusy(most=AT_ONCE, retry_after_s=2)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1


async def _asked_for(session: AsyncSession, wanted: ResponseFilter) -> tuple[SurveyRow, list[Question]]:
    assert wanted.survey is not None
    survey = await get_survey(session, wanted.survey)
    stored: Sequence[Mapping[str, Any]] = survey.questions
    if wanted.version is not None:
        stored = (await get_version(session, wanted.survey, wanted.version)).content["questions"]
    return survey, questions_of(stored)


def _bound(count: int, most: int) -> None:
    if count > most:
        raise ResultsTooLarge(most=most)


def _group(
    questions: Sequence[Question],
    counts: Sequence[result_queries.AnswerCount],
    asked: Sequence[AskedCount],
    by: GroupedBy | None,
    calls: int | None,
) -> list[Results]:
    signatures = {question.code: question.signature for question in questions}
    answers: dict[str | None, dict[str, dict[str | None, int]]] = {}
    for one in counts:
        if one.signature == signatures[one.question]:
            of_group = answers.setdefault(_name(one.group, by), {})
            of_question = of_group.setdefault(one.question, {})
            of_question[one.value] = of_question.get(one.value, 0) + one.answers
    ends: dict[str | None, list[AskedCount]] = {}
    for ended in asked:
        ends.setdefault(_name(ended.group, by), []).append(ended)
    if by is None:
        ends.setdefault(None, [])
    if by is not None:
        _bound(len(ends) * len(questions), GROUPS_MOST)
    return [
        Results(
            group=group,
            asked=_asked(of_group_ends, calls),
            questions=[
                (question, add_up(question, answers.get(group, {}).get(question.code, {})))
                for question in questions
            ],
        )
        for group, of_group_ends in sorted(ends.items(), key=lambda one: (one[0] is None, one[0] or ""))
    ]


def _name(group: Group, by: GroupedBy | None) -> str | None:
    if not isinstance(group, date):
        return None if group is None else str(group)
    if by is GroupedBy.WEEK:
        group -= timedelta(days=group.weekday())
    return (group.replace(day=1) if by is GroupedBy.MONTH else group).isoformat()


def _asked(counts: Sequence[AskedCount], calls: int | None) -> Asked:
    ended = dict.fromkeys(ResponseState, 0)
    midway = 0
    for one in counts:
        ended[one.state] += one.responses
        midway += one.responses if one.answered and one.state is ResponseState.REFUSED else 0
    asked = sum(ended.values())
    return Asked(
        calls=calls,
        asked=asked,
        finished=ended[ResponseState.FINISHED],
        partial=ended[ResponseState.OPEN],
        refused=ended[ResponseState.REFUSED],
        refused_midway=midway,
        response_rate=share(ended[ResponseState.FINISHED], asked),
    )


def _compare(
    question: Question, counts: Sequence[OperatorCount], options: Sequence[str]
) -> list[OperatorStanding]:
    given: dict[int | None, dict[str, int]] = {}
    names: dict[int | None, str] = {}
    for one in counts:
        given.setdefault(one.user, {})[one.value] = one.answers
        names[one.user] = max(one.name, names.get(one.user, ""))
    _bound(len(given), GROUPS_MOST)
    users = sorted(given, key=lambda user: (names[user], user or 0))
    samples = [
        Sample(good_count(question, given[user], options), sum(given[user].values())) for user in users
    ]
    return [
        OperatorStanding(user=user, name=names[user], standing=standing)
        for user, standing in zip(users, stand(samples), strict=True)
    ]
