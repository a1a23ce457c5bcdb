"""The script of a call: begun with the version of that moment, saved as typed, gone through step by step.

What is typed is kept at once; a step is passed by itself, and its answer must fit then. Going back shortens the trail
and keeps what was typed. So a page that is loaded again finds everything where it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.scripts import queries
from app.crm.scripts.errors import (
    AnswerUnfit,
    NotTheNextStep,
    RunBegunMeanwhile,
    RunOver,
    RunUnfinished,
    RunUnknown,
    ScriptNotForCall,
    StepUnknown,
    TrailFull,
)
from app.crm.scripts.filling import Circumstances, answers_in, contact_language, values_in
from app.crm.scripts.flow import (
    END,
    TRAIL_MOST,
    AnswerFault,
    Flow,
    Passed,
    Question,
    QuestionKind,
    answer_of,
    position,
    read_flow,
)
from app.crm.scripts.service import Offer, content_of, get_version, offer_of, offers
from app.crm.scripts.tables import RunState, ScriptRunRow
from app.crm.scripts.wording import filled
from app.domain.actors import Actor
from app.records.errors import refused_as


@dataclass(slots=True, frozen=True)
class ShownStep:
    """A step as the operator reads it."""

    code: str
    text: str
    step: Mapping[str, Any]
    """Of `ScriptStep`."""
    choices: Mapping[str, str]
    """The titles of its choices by code."""
    typed: Any


@dataclass(slots=True, frozen=True)
class Run:
    """A run with where it stands."""

    row: ScriptRunRow
    title: str
    at: str | None
    """The code of the next step, `END`, or None: it leads nowhere."""
    now: ShownStep | None
    """The next step; None: it is over, or at its end."""


async def offers_for(session: AsyncSession, where: Circumstances, own: str) -> list[Offer]:
    """The scripts for a call, the best first, in the caller's language, else the operator's.

    Args:
        session: reads.
        where: the call.
        own: the operator's language.
    """
    languages = await _languages(session, where, own)
    return await offers(session, queue=where.queue, campaign=where.campaign, languages=languages)


async def begin_run(
    session: AsyncSession, script: int, where: Circumstances, *, own: str, actor: Actor, at: datetime
) -> ScriptRunRow:
    """Begin a script in a call, or go on with it: a call has each script once, in the version it began with.

    Args:
        session: writes.
        script: its id.
        where: the call.
        own: the operator's language.
        actor: the operator.
        at: now.

    Raises:
        ScriptUnknown: there is no such script.
        ScriptNotForCall: it is not published, and the call has not begun it.
        RunBegunMeanwhile: the call has begun it at this moment; it is there when asked again.
    """
    row = await queries.find_run(session, where.call, script)
    if row is not None:
        return row
    offer = await offer_of(session, script, await _languages(session, where, own))
    if offer is None:
        raise ScriptNotForCall(script=script)
    row = ScriptRunRow(
        script_id=script,
        number=offer.number,
        call_id=where.call,
        contact_id=where.contact,
        queue=where.queue,
        campaign_id=where.campaign,
        language=offer.language,
        user_id=actor.user,
        user_name=actor.name,
        begun_at=at,
        changed_at=at,
    )
    with refused_as(RunBegunMeanwhile(script=script)):
        await queries.save(session, row)
    return row


async def get_run(session: AsyncSession, run: int) -> ScriptRunRow:
    """One run.

    Raises:
        RunUnknown: there is none.
    """
    row = await queries.get_run(session, run)
    if row is None:
        raise RunUnknown(run=run)
    return row


async def shown(session: AsyncSession, row: ScriptRunRow, where: Circumstances, operator: str) -> Run:
    """A run as the operator sees it, with the texts of this moment.

    Args:
        session: reads.
        row: the run.
        where: the call.
        operator: the display name of who looks.
    """
    content = content_of(await get_version(session, row.script_id, row.number))
    at = position(read_flow(content), trail_of(row))
    step = next((one for one in content["steps"] if one["code"] == at), None)
    if step is None or row.state != RunState.OPEN:
        return Run(row, content["title"], at, None)
    choices = {one["code"]: _choices(one, row.language) for one in content["steps"] if one.get("question")}
    values = await values_in(session, where, operator) | answers_in(trail_of(row), choices)
    return Run(row, content["title"], at, _shown_step(step, row.language, values, row.typed))


async def first_step(
    session: AsyncSession, offer: Offer, where: Circumstances, operator: str
) -> ShownStep | None:
    """The step that a call would begin with; None: the script has none."""
    steps = offer.content["steps"]
    values = await values_in(session, where, operator)
    return _shown_step(steps[0], offer.language, values, {}) if steps else None


async def type_answers(
    session: AsyncSession,
    row: ScriptRunRow,
    typed: Mapping[str, str | Sequence[str]],
    where: Circumstances,
    at: datetime,
) -> ScriptRunRow:
    """Keep what was typed at steps, whether it fits or not.

    Raises:
        RunOver: the run has ended.
        StepUnknown: the script has no such step.
    """
    _require_open(row)
    flow = await _flow_of(session, row)
    for step in typed:
        if step not in flow.by_code:
            raise StepUnknown(step=step)
    row.typed = {**row.typed, **typed}
    return await _save(session, row, where, at)


async def pass_step(
    session: AsyncSession,
    row: ScriptRunRow,
    step: str,
    typed: str | Sequence[str] | None,
    *,
    where: Circumstances,
    actor: Actor,
    at: datetime,
) -> ScriptRunRow:
    """Pass the next step with its answer.

    Args:
        session: writes.
        row: the run.
        step: the code of the step, which must be the next one.
        typed: the answer; None: what was typed there before.
        where: the call.
        actor: who answers.
        at: now.

    Raises:
        RunOver: the run has ended.
        NotTheNextStep: it stands somewhere else.
        AnswerUnfit: the answer is none to the question, or lacks.
        TrailFull: it has passed `TRAIL_MOST` steps.
    """
    _require_open(row)
    flow, trail = await _flow_of(session, row), trail_of(row)
    expected = position(flow, trail)
    if expected != step:
        raise NotTheNextStep(step=step, next=expected or END)
    if len(trail) >= TRAIL_MOST:
        raise TrailFull(most=TRAIL_MOST)
    here = flow.by_code[step]
    given = row.typed.get(step) if typed is None else typed
    answer = answer_of(here, given)
    if isinstance(answer, AnswerFault):
        raise AnswerUnfit(step=step, fault=answer.value, expected=_expected(here.question))
    if typed is not None:
        row.typed = {**row.typed, step: typed}
    told = list(answer) if isinstance(answer, tuple) else answer
    passed = {"step": step, "answer": told, "at": at.isoformat(), "by": actor.user, "by_name": actor.name}
    row.trail = [*row.trail, passed]
    return await _save(session, row, where, at)


async def go_back(
    session: AsyncSession, row: ScriptRunRow, step: str, where: Circumstances, at: datetime
) -> ScriptRunRow:
    """Go back to where a step was passed last; what was typed there and behind it stays to be passed again.

    Raises:
        RunOver: the run has ended.
        StepUnknown: it was not passed.
    """
    _require_open(row)
    places = [place for place, one in enumerate(row.trail) if one["step"] == step]
    if not places:
        raise StepUnknown(step=step)
    row.trail = row.trail[: places[-1]]
    return await _save(session, row, where, at)


async def set_state(
    session: AsyncSession, row: ScriptRunRow, state: RunState, where: Circumstances, at: datetime
) -> ScriptRunRow:
    """Finish a run, break it off, or open it again.

    Raises:
        RunUnfinished: it has not come to its end.
    """
    if state == row.state:
        return row
    if state is RunState.FINISHED:
        expected = position(await _flow_of(session, row), trail_of(row))
        if expected != END:
            raise RunUnfinished(step=expected or "")
    row.state = state
    row.ended_at = None if state is RunState.OPEN else at
    return await _save(session, row, where, at)


def trail_of(row: ScriptRunRow) -> list[Passed]:
    """The steps that a run has passed."""
    return [
        Passed(one["step"], tuple(one["answer"]) if isinstance(one["answer"], list) else one["answer"])
        for one in row.trail
    ]


async def _flow_of(session: AsyncSession, row: ScriptRunRow) -> Flow:
    return read_flow(content_of(await get_version(session, row.script_id, row.number)))


async def _save(session: AsyncSession, row: ScriptRunRow, where: Circumstances, at: datetime) -> ScriptRunRow:
    if row.contact_id is None:
        row.contact_id = where.contact
    row.version += 1
    row.changed_at = at
    await queries.save(session, row)
    return row


async def _languages(session: AsyncSession, where: Circumstances, own: str) -> list[str]:
    return [await contact_language(session, where.contact), where.language, own]


def _require_open(row: ScriptRunRow) -> None:
    if row.state != RunState.OPEN:
        raise RunOver


def _choices(step: Mapping[str, Any], language: str) -> dict[str, str]:
    question = step.get("question") or {}
    return {one["code"]: one["texts"].get(language, one["code"]) for one in question.get("choices", ())}


def _shown_step(
    step: Mapping[str, Any], language: str, values: Mapping[str, str], typed: Mapping[str, Any]
) -> ShownStep:
    text = filled(step["texts"].get(language, ""), values)
    choices = {code: filled(title, values) for code, title in _choices(step, language).items()}
    return ShownStep(step["code"], text, step, choices, typed.get(step["code"]))


def _expected(question: Question | None) -> str:
    if question is None:
        return "-"
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.SEVERAL:
            return ", ".join(question.choices)
        case QuestionKind.YES_NO:
            return "yes, no"
        case QuestionKind.NUMBER:
            return "-12.5"
        case QuestionKind.DATE:
            return "2026-03-02"
        case QuestionKind.TEXT:
            return "abc"
