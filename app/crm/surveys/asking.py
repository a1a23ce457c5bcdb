"""The rules of asking: who is asked, answers kept as they are given, and how it ends.

A survey is asked once in a call: whoever asks again in the same call goes on with what is there, after a refusal, too.
A contact who finished or refused a survey rests for its `rest_days`. A contact who answered a part may be asked anew in
another call; the answers of the earlier attempt stay, and count no more beside the later ones.

Outside any call, whoever asks the contact again goes on with their own open response; while another operator asks it,
nobody else does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.contacts.service import require_contact
from app.crm.surveys import queries
from app.crm.surveys.answers import Said, read_answer
from app.crm.surveys.content import questions_of
from app.crm.surveys.errors import (
    AnswersUnfit,
    AnswerUnfit,
    QuestionUnknown,
    ResponseNotPossible,
    ResponseUnfinished,
    ResponseUnknown,
    SurveyBeingAsked,
    SurveyNotAsked,
    SurveyNotInLanguage,
    SurveyRests,
    SurveyUnknown,
)
from app.crm.surveys.flow import Kind, Question, Way, walk
from app.crm.surveys.service import get_version
from app.crm.surveys.states import ResponseAction, ResponseState, SurveyState, after
from app.crm.surveys.tables import SurveyAnswerRow, SurveyResponseRow, SurveyRow, SurveyVersionRow
from app.domain.errors import Refusal
from app.domain.references import named

BEING_ASKED: Final = timedelta(hours=1)
"""For so long after the last answer an operator asks a survey outside any call; then it is left open."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Occasion:
    """Where a survey is asked, and by whom."""

    user: int
    name: str
    """Their display name."""
    at: datetime
    on: date
    """The date of `at` where the centre is."""
    language: str | None = None
    """None: the call's where the survey has it, else the survey's first."""
    call_language: str = ""
    """The call's."""
    contact: int | None = None
    call: str | None = None
    queue: str | None = None
    campaign: int | None = None


@dataclass(slots=True, frozen=True)
class Response:
    """A response with what was asked and answered."""

    row: SurveyResponseRow
    version: SurveyVersionRow
    answers: Sequence[SurveyAnswerRow]

    @property
    def questions(self) -> list[Question]:
        """What is asked."""
        return questions_of(self.version.content["questions"])

    @property
    def way(self) -> Way:
        """How far it has come."""
        return walk(self.questions, {one.question: one.value for one in self.answers})


async def begin(session: AsyncSession, survey: int, occasion: Occasion) -> Response:
    """Ask a survey, or go on with what was begun in the call.

    Raises:
        SurveyUnknown: there is none.
        ReferenceUnknown: there is no such contact.
        SurveyNotAsked: the survey is not published.
        SurveyNotInLanguage: it has no texts in that language.
        SurveyRests: the contact ended it not long ago.
        SurveyBeingAsked: another operator asks the contact, outside any call, as this one would.
    """
    row = await queries.get_survey(session, survey, lock=True)  # two tabs ask one after the other
    if row is None:
        raise SurveyUnknown(survey=survey)
    if occasion.call is not None:
        found = await queries.response_in_call(session, survey, occasion.call, lock=True)
        if found is not None:
            return await _go_on(session, found, occasion.at)
    if row.state != SurveyState.PUBLISHED:
        raise SurveyNotAsked(state=row.state)
    language = occasion.language or _language(row, occasion.call_language)
    if language not in row.languages:
        raise SurveyNotInLanguage(languages=row.languages)
    attempt = 1
    if occasion.contact is not None:
        with named("contact"):
            await require_contact(session, occasion.contact)
        rests = await resting(session, row, occasion.contact, occasion.at)
        if rests is not None:
            raise rests
        attempt += await queries.count_attempts(session, survey, occasion.contact)
        open_ = await queries.open_responses(session, survey, occasion.contact)
        if occasion.call is None and (own := _asked_outside(open_, occasion)) is not None:
            return await whole(session, own)
        for left in open_:
            left.superseded = True
            _touch(left, occasion.at)
    made = SurveyResponseRow(
        survey_id=survey,
        survey_version=row.version,
        contact_id=occasion.contact,
        call_id=occasion.call,
        queue=occasion.queue,
        campaign_id=occasion.campaign,
        user_id=occasion.user,
        user_name=occasion.name,
        language=language,
        attempt=attempt,
        asked_on=occasion.on,
        asked_at=occasion.at,
        updated_at=occasion.at,
    )
    await queries.save_response(session, made)
    return await whole(session, made)


def _asked_outside(open_: Sequence[SurveyResponseRow], occasion: Occasion) -> SurveyResponseRow | None:
    """The operator's own open response outside any call, the last one; None: there is none.

    Raises:
        SurveyBeingAsked: another operator's was answered not long ago.
    """
    outside = [one for one in open_ if one.call_id is None]
    for one in outside:
        if one.user_id != occasion.user and one.updated_at > occasion.at - BEING_ASKED:
            at = one.updated_at.isoformat(timespec="seconds")
            raise SurveyBeingAsked(by=one.user_name, at=at, response=one.id or 0)
    return next((one for one in reversed(outside) if one.user_id == occasion.user), None)


async def resting(session: AsyncSession, row: SurveyRow, contact: int, at: datetime) -> SurveyRests | None:
    """Why a contact is not asked a survey now; None: they may be."""
    assert row.id is not None
    last = await queries.last_ended(session, row.id, contact)
    if last is None or last.ended_at is None:
        return None
    until = last.ended_at + timedelta(days=row.rest_days)
    return SurveyRests(state=last.state, until=until.isoformat(timespec="seconds")) if until > at else None


async def get_response(session: AsyncSession, response: int, *, only_of: int | None = None) -> Response:
    """One response.

    Args:
        session: reads.
        response: its id.
        only_of: the user who may see their own alone; None: may see all.

    Raises:
        ResponseUnknown: there is none for them.
    """
    return await whole(session, _of(await queries.get_response(session, response), response, only_of))


async def answer(
    session: AsyncSession,
    response: int,
    said: Mapping[str, Said],
    at: datetime,
    *,
    contact: Sequence[int | None] = (),
    only_of: int | None,
) -> Response:
    """Keep answers, each as it was given; what is left out stays.

    Args:
        session: writes.
        response: its id.
        said: by the question's code; None, or nothing in it: passed over.
        at: now.
        contact: who answers, once that is known; empty: that stays.
        only_of: as in `get_response`.

    Raises:
        ResponseUnknown: there is none for them.
        ContactUnknown: there is no such contact.
        ResponseNotPossible: it has ended.
        AnswersUnfit: with each answer that does not fit its question.
    """
    row = await _moved(session, response, ResponseAction.ANSWER, only_of)
    found = await whole(session, row)
    kept = _read(found.questions, said)
    answers = {one.question: one for one in found.answers}
    questions = {question.code: question for question in found.questions}
    for code, given in kept.items():
        free = questions[code].kind is Kind.TEXT and given is not None
        value, text = ("", given or "") if free else (given, "")
        if code not in answers:
            signature = questions[code].signature
            answers[code] = SurveyAnswerRow(
                response_id=response, question=code, signature=signature, value=value, text=text, at=at
            )
        elif (answers[code].value, answers[code].text) != (value, text):
            answers[code].value, answers[code].text, answers[code].at = value, text, at
    passed = set(walk(found.questions, {code: one.value for code, one in answers.items()}).passed)
    for code, one in answers.items():
        one.counts = code in passed
        await queries.save_answer(session, one)
    for one_contact in contact:
        if one_contact is not None:
            with named("contact"):
                await require_contact(session, one_contact)
        row.contact_id = one_contact
    _touch(row, at)
    await queries.save_response(session, row)
    return await whole(session, row)


async def finish(session: AsyncSession, response: int, at: datetime, *, only_of: int | None) -> Response:
    """End a response whose questions are all answered or passed over.

    Raises:
        ResponseUnknown: there is none for them.
        ResponseNotPossible: it has ended.
        ResponseUnfinished: a question comes next.
    """
    row = await _moved(session, response, ResponseAction.FINISH, only_of)
    found = await whole(session, row)
    if found.way.next is not None:
        raise ResponseUnfinished(question=found.way.next)
    return await _ended(session, found, ResponseState.FINISHED, at)


async def refuse(
    session: AsyncSession, response: int, reason: str, at: datetime, *, only_of: int | None
) -> Response:
    """The customer does not want to answer, or to go on; what was answered stays.

    Raises:
        ResponseUnknown: there is none for them.
        ResponseNotPossible: it has ended.
    """
    row = await _moved(session, response, ResponseAction.REFUSE, only_of)
    row.reason = reason
    return await _ended(session, await whole(session, row), ResponseState.REFUSED, at)


async def reopen(session: AsyncSession, response: int, at: datetime, *, only_of: int | None) -> Response:
    """The customer thinks better of it: ask on, with the answers that are there.

    Raises:
        ResponseUnknown: there is none for them.
        ResponseNotPossible: it was not refused, or the contact was asked again since.
    """
    row = await _moved(session, response, ResponseAction.REOPEN, only_of)
    if await queries.is_asked_later(session, row):
        raise ResponseNotPossible(state=row.state, action=ResponseAction.REOPEN.value)
    return await _go_on(session, row, at)


async def whole(session: AsyncSession, row: SurveyResponseRow) -> Response:
    """A response with its version and its answers."""
    assert row.id is not None
    version = await get_version(session, row.survey_id, row.survey_version)
    return Response(row, version, await queries.answers_of(session, [row.id]))


async def _go_on(session: AsyncSession, row: SurveyResponseRow, at: datetime) -> Response:
    if after(ResponseState(row.state), ResponseAction.REOPEN) is not None:
        row.state, row.ended_at, row.reason = ResponseState.OPEN.value, None, ""
        _touch(row, at)
        await queries.save_response(session, row)
    return await whole(session, row)


async def _moved(
    session: AsyncSession, response: int, action: ResponseAction, only_of: int | None
) -> SurveyResponseRow:
    row = _of(await queries.get_response(session, response, lock=True), response, only_of)
    if after(ResponseState(row.state), action) is None:
        raise ResponseNotPossible(state=row.state, action=action.value)
    return row


def _of(row: SurveyResponseRow | None, response: int, only_of: int | None) -> SurveyResponseRow:
    if row is None or (only_of is not None and row.user_id != only_of):
        raise ResponseUnknown(response=response)
    return row


async def _ended(session: AsyncSession, found: Response, state: ResponseState, at: datetime) -> Response:
    found.row.state, found.row.ended_at = state.value, at
    _touch(found.row, at)
    await queries.save_response(session, found.row)
    return found


def _language(row: SurveyRow, of_call: str) -> str:
    """The call's language, such as `et` or `et-EE`, where the survey has it; else the survey's first."""
    said = of_call.lower().partition("-")[0]
    return said if said in row.languages else row.languages[0]


def _touch(row: SurveyResponseRow, at: datetime) -> None:
    row.version += 1
    row.updated_at = at


def _read(questions: Sequence[Question], said: Mapping[str, Said]) -> dict[str, str | None]:
    by_code = {question.code: question for question in questions}
    kept: dict[str, str | None] = {}
    unfit: list[tuple[str, Refusal]] = []
    for code, value in said.items():
        if code not in by_code:
            unfit.append((f"body.answers.{code}", QuestionUnknown(question=code)))
            continue
        try:
            kept[code] = read_answer(by_code[code], value)
        except AnswerUnfit as refusal:
            unfit.append((f"body.answers.{code}", refusal))
    if unfit:
        raise AnswersUnfit(unfit)
    return kept
