"""How a script goes from step to step. No I/O, no clock.

A script is a list of steps; a call begins with the first. A step says something, may ask a question, and may offer a
jump: to an article, an order, a complaint, a survey, a disposition. What was answered decides where a step leads: the
first of its branches whose conditions all hold, else its `then`. A run is the trail of steps that were passed. A step
may be passed again, and its last answer counts. Answers are texts, those of `several` lists of codes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

END: Final = "end"
"""Where a script ends; no step has this code."""
TRAIL_MOST: Final = 300
"""The most steps that are passed in one run."""
NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class QuestionKind(StrEnum):
    """What the answers to a question are."""

    CHOICE = "choice"
    """The code of one of the choices."""
    SEVERAL = "several"
    """The codes of some of the choices."""
    YES_NO = "yes_no"
    """`yes` or `no`."""
    NUMBER = "number"
    """A decimal number, such as `-12.5`."""
    DATE = "date"
    """A day, such as `2026-03-02`."""
    TEXT = "text"


class Check(StrEnum):
    """How a condition looks at an answer. No answer holds for `is_not` and `unanswered` alone."""

    IS = "is"
    """It is this value; of several answers, one is."""
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    """A number or a day: this one, or a greater or later one."""
    AT_MOST = "at_most"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


class JumpKind(StrEnum):
    """What a step may lead to beside the script."""

    ARTICLE = "article"
    ORDER = "order"
    COMPLAINT = "complaint"
    SURVEY = "survey"
    DISPOSITION = "disposition"


Answer = str | tuple[str, ...] | None
"""A text; of `several` codes in the order of the choices; None: it was passed without an answer."""


@dataclass(slots=True, frozen=True)
class Condition:
    """What an answer must be like."""

    step: str
    check: Check
    value: str = ""


@dataclass(slots=True, frozen=True)
class Branch:
    """Where a step leads if all conditions hold."""

    when: tuple[Condition, ...]
    then: str


@dataclass(slots=True, frozen=True)
class Question:
    """What a step asks."""

    kind: QuestionKind
    choices: tuple[str, ...] = ()
    """The codes of choices."""


@dataclass(slots=True, frozen=True)
class Jump:
    """What a step offers to open."""

    to: JumpKind
    ref: str = ""
    """Which one: the id of an article or a survey, the code of a product or a disposition, the id of a category of
    complaints; empty: a new order or complaint."""


@dataclass(slots=True, frozen=True)
class Step:
    """One step of a script."""

    code: str
    question: Question | None = None
    required: bool = False
    """Nobody goes on without an answer, or without having said that it is done."""
    jump: Jump | None = None
    branches: tuple[Branch, ...] = ()
    then: str | None = None
    """Where it leads if no branch does; None: nowhere."""


@dataclass(slots=True, frozen=True)
class Flow:
    """The steps of a script; the first one begins it."""

    steps: tuple[Step, ...]
    by_code: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find steps by their codes; of two with one code the first counts."""
        object.__setattr__(self, "by_code", {one.code: one for one in reversed(self.steps)})


class AnswerFault(StrEnum):
    """Why an answer cannot be one to its question."""

    MISSING = "missing"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NO_QUESTION = "no_question"


@dataclass(slots=True, frozen=True)
class Passed:
    """A step that was passed, with its answer."""

    step: str
    answer: Answer = None


def read_flow(content: Mapping[str, Any]) -> Flow:
    """The flow of a script's stored content."""
    return Flow(tuple(_read_step(one) for one in content["steps"]))


def _read_step(said: Mapping[str, Any]) -> Step:
    question, jump = said.get("question"), said.get("jump")
    return Step(
        code=said["code"],
        question=None
        if question is None
        else Question(
            QuestionKind(question["kind"]), tuple(one["code"] for one in question.get("choices", ()))
        ),
        required=said.get("required", False),
        jump=None if jump is None else Jump(JumpKind(jump["to"]), jump.get("ref", "")),
        branches=tuple(
            Branch(
                tuple(
                    Condition(one.get("step") or said["code"], Check(one["check"]), one.get("value", ""))
                    for one in branch["when"]
                ),
                branch["then"],
            )
            for branch in said.get("branches", ())
        ),
        then=said.get("then"),
    )


def number_of(text: str) -> Decimal | None:
    """A number as it is typed, or None: it is none."""
    said = text.strip()
    return Decimal(said.replace(",", ".")) if NUMBER.fullmatch(said) else None


def day_of(text: str) -> date | None:
    """A day as it is typed, or None: it is none."""
    said = text.strip()
    try:
        return date.fromisoformat(said) if _DATE.fullmatch(said) else None
    except ValueError:
        return None


def answer_of(step: Step, typed: str | Sequence[str] | None) -> Answer | AnswerFault:
    """What counts of what was typed at a step, or what is wrong with it.

    Args:
        step: that is to be passed.
        typed: a text, or the codes of several choices; blank: no answer.
    """
    if typed is None or (isinstance(typed, str) and not typed.strip()) or not typed:
        return AnswerFault.MISSING if step.question is not None and step.required else None
    if step.question is None:
        return AnswerFault.NO_QUESTION
    codes = step.question.choices
    match step.question.kind:
        case QuestionKind.SEVERAL:
            several = {typed} if isinstance(typed, str) else set(typed)
            if several <= set(codes):
                return tuple(code for code in codes if code in several)
            return AnswerFault.NOT_A_CHOICE
        case QuestionKind.CHOICE | QuestionKind.YES_NO:
            fits = codes if step.question.kind is QuestionKind.CHOICE else ("yes", "no")
            return typed if isinstance(typed, str) and typed in fits else AnswerFault.NOT_A_CHOICE
        case QuestionKind.NUMBER:
            fits_ = isinstance(typed, str) and number_of(typed) is not None
            return str(typed) if fits_ else AnswerFault.NOT_A_NUMBER
        case QuestionKind.DATE:
            fits_ = isinstance(typed, str) and day_of(typed) is not None
            return str(typed) if fits_ else AnswerFault.NOT_A_DAY
        case QuestionKind.TEXT:
            return typed if isinstance(typed, str) else "\n".join(typed)


def holds(condition: Condition, question: Question | None, answer: Answer) -> bool:
    """Whether a condition holds.

    Args:
        condition: with the value it compares.
        question: of the step that the condition looks at.
        answer: that was given there; None: none.
    """
    match condition.check:
        case Check.ANSWERED:
            return bool(answer)
        case Check.UNANSWERED:
            return not answer
        case Check.IS:
            return _is(question, answer, condition.value)
        case Check.IS_NOT:
            return not _is(question, answer, condition.value)
        case Check.AT_LEAST | Check.AT_MOST:
            mine, other = _measure(question, answer), _measure(question, condition.value)
            if mine is None or other is None:
                return False
            return mine >= other if condition.check is Check.AT_LEAST else mine <= other


def _is(question: Question | None, answer: Answer, value: str) -> bool:
    if not answer or question is None:
        return False
    if isinstance(answer, tuple):
        return value in answer
    if question.kind in {QuestionKind.NUMBER, QuestionKind.DATE}:
        mine = _measure(question, answer)
        return mine is not None and mine == _measure(question, value)
    if question.kind is QuestionKind.TEXT:
        return answer.strip().casefold() == value.strip().casefold()
    return answer == value


def _measure(question: Question | None, answer: Answer) -> Decimal | int | None:
    if question is None or not isinstance(answer, str):
        return None
    if question.kind is QuestionKind.NUMBER:
        return number_of(answer)
    if question.kind is QuestionKind.DATE:
        day = day_of(answer)
        return None if day is None else day.toordinal()
    return None


def leads_to(flow: Flow, step: Step, answers: Mapping[str, Answer]) -> str | None:
    """Where a step leads once it is passed: the code of a step, `END`, or None: nowhere.

    Args:
        flow: the script.
        step: that was passed.
        answers: the last answer at each step that was passed, this one included.
    """
    for branch in step.branches:
        if all(_holds_of(flow, one, answers) for one in branch.when):
            return branch.then
    return step.then


def _holds_of(flow: Flow, condition: Condition, answers: Mapping[str, Answer]) -> bool:
    asked = flow.by_code.get(condition.step)
    return holds(condition, asked.question if asked is not None else None, answers.get(condition.step))


def position(flow: Flow, trail: Sequence[Passed]) -> str | None:
    """Where a run stands after its trail: the step to be passed next, `END`, or None: it leads nowhere."""
    if not trail:
        return flow.steps[0].code if flow.steps else None
    answers = {one.step: one.answer for one in trail}
    return leads_to(flow, flow.by_code[trail[-1].step], answers)
