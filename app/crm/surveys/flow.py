"""Which question of a survey comes next, and whether every way through it comes to an end. Pure.

A survey is a list of questions. Behind each the one below comes next, unless `then` names another, or one of its
branches fits the answer: the first that does decides. `END` is where every way leads.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from app.crm.surveys.errors import (
    QuestionBounds,
    QuestionBranchDead,
    QuestionEndless,
    QuestionOptions,
    QuestionTargetUnknown,
    QuestionTwice,
    QuestionUnreached,
    QuestionUntold,
    SurveyEmpty,
)
from app.domain.errors import Refusal

END: Final = "end"
"""The name of the end, which no question has."""
NPS_MOST: Final = 10
SCALE_MOST: Final = 10
"""The most steps from the low end of a scale to its high end."""


class Kind(StrEnum):
    """The kinds of question."""

    SCALE = "scale"
    """A whole number between two ends."""
    NPS = "nps"
    """Whether the customer would recommend us, 0..10."""
    CHOICE = "choice"
    """One of the options."""
    SEVERAL = "several"
    """One of the options or more."""
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


STEPPED: Final = (Kind.SCALE, Kind.NPS)
OPTIONAL: Final = (Kind.CHOICE, Kind.SEVERAL)
"""The kinds that have options."""
NUMERIC: Final = (*STEPPED, Kind.NUMBER)


@dataclass(slots=True, frozen=True, kw_only=True)
class Branch:
    """Where some answers lead; each condition that is set has to hold."""

    values: tuple[str, ...] = ()
    """The answer is one of these, or has one of these options."""
    at_least: int | None = None
    at_most: int | None = None
    skipped: bool = False
    """There is no answer."""
    to: str = END

    def fits(self, question: "Question", answer: str | None) -> bool:
        """Whether an answer goes this way; None: the question was passed over."""
        if answer is None or self.skipped:
            return answer is None and self.skipped
        if self.values and not set(picked(question, answer)) & set(self.values):
            return False
        if self.at_least is None and self.at_most is None:
            return bool(self.values)
        number = Decimal(answer)
        return (self.at_least is None or number >= self.at_least) and (
            self.at_most is None or number <= self.at_most
        )


@dataclass(slots=True, frozen=True, kw_only=True)
class Question:
    """A question, as far as its order and its answers go."""

    code: str
    kind: Kind
    required: bool = False
    low: int | None = None
    high: int | None = None
    options: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    then: str | None = None
    """What comes next where no branch fits; None: the question below."""
    languages: frozenset[str] = frozenset()
    """The languages in which it can be asked, its options included."""

    @property
    def signature(self) -> str:
        """What its answers mean: answers to questions with the same one add up."""
        match self.kind:
            case Kind.SCALE:
                return f"scale:{self.low}:{self.high}"
            case Kind.CHOICE | Kind.SEVERAL:
                return f"{self.kind.value}:{','.join(sorted(self.options))}"
            case _:
                return self.kind.value


class Way(NamedTuple):
    """How far a survey has come."""

    passed: tuple[str, ...]
    """The questions that were answered or passed over, in their order."""
    next: str | None
    """The question that comes next; None: there is no further one."""


class Fault(NamedTuple):
    """Why a survey cannot be asked."""

    where: str
    """A path into the survey."""
    what: Refusal


def picked(question: Question, answer: str) -> list[str]:
    """The options in an answer; of other kinds the answer itself."""
    return answer.split(",") if question.kind is Kind.SEVERAL else [answer]


def follow(questions: Sequence[Question], place: int, answer: str | None) -> str:
    """The code of what comes behind a question with this answer, or `END`."""
    question = questions[place]
    for branch in question.branches:
        if branch.fits(question, answer):
            return branch.to
    if question.then is not None:
        return question.then
    return questions[place + 1].code if place + 1 < len(questions) else END


def walk(questions: Sequence[Question], answers: Mapping[str, str | None]) -> Way:
    """The way through a survey with these answers.

    Args:
        questions: of a survey without faults.
        answers: by the code of the question; None: passed over, which only ends the way of a required one.
    """
    places = {question.code: place for place, question in enumerate(questions)}
    passed: list[str] = []
    at = questions[0].code if questions else END
    while at in places and at not in passed:
        question = questions[places[at]]
        answer = answers.get(at)
        if at not in answers or (answer is None and question.required):
            return Way(tuple(passed), at)
        passed.append(at)
        at = follow(questions, places[at], answer)
    return Way(tuple(passed), None)


def faults(questions: Sequence[Question], languages: Collection[str]) -> list[Fault]:
    """Why a survey cannot be asked: empty where every way through it leads to the end, and every question is on one.

    Args:
        questions: in their order.
        languages: those in which it is asked.
    """
    if not questions:
        return [Fault("questions", SurveyEmpty())]
    found = [fault for place, question in enumerate(questions) for fault in _own(place, question, languages)]
    codes = [question.code for question in questions]
    found += [
        Fault(f"questions.{place}.code", QuestionTwice(question=code))
        for place, code in enumerate(codes)
        if code in {END, *codes[:place]}
    ]
    found += _unknown(questions, {*codes, END})
    return found or _ways(questions)


def cases(question: Question) -> list[str | None]:
    """Answers of which each branch of a question that can be taken takes one, and so does what lies behind it."""
    match question.kind:
        case Kind.SCALE | Kind.NPS:
            low, high = (
                (0, NPS_MOST) if question.kind is Kind.NPS else (question.low or 0, question.high or 0)
            )
            given: list[str | None] = [str(value) for value in range(low, high + 1)]
        case Kind.CHOICE | Kind.SEVERAL:
            given = list(question.options)
        case Kind.NUMBER:
            given = [*_numbers(question)]
        case _:
            given = ["2026-01-01"]
    return given if question.required else [*given, None]


def _numbers(question: Question) -> Iterator[str]:
    """A number on each side of each bound of a branch, and on it."""
    ends = [end for one in question.branches for end in (one.at_least, one.at_most) if end is not None]
    near = {Decimal(end) + step for end in ends for step in (Decimal("-0.5"), Decimal(0), Decimal("0.5"))}
    near |= {Decimal(end) for end in (question.low, question.high) if end is not None}
    for number in sorted(near or {Decimal(0)}):
        if (question.low is None or number >= question.low) and (
            question.high is None or number <= question.high
        ):
            yield f"{number:f}"


def _own(place: int, question: Question, languages: Collection[str]) -> Iterator[Fault]:
    where = f"questions.{place}"
    if untold := [language for language in languages if language not in question.languages]:
        yield Fault(f"{where}.texts", QuestionUntold(question=question.code, languages=untold))
    low, high = question.low, question.high
    bounded = low is not None or high is not None
    steps = None if low is None or high is None else high - low
    if (
        (question.kind is Kind.SCALE and (steps is None or not 0 < steps <= SCALE_MOST))
        or (question.kind is Kind.NUMBER and steps is not None and steps <= 0)
        or (question.kind not in {Kind.SCALE, Kind.NUMBER} and bounded)
    ):
        yield Fault(f"{where}.low", QuestionBounds(question=question.code, most=SCALE_MOST))
    options = len(question.options)
    if (options < 2 or len(set(question.options)) < options) if question.kind in OPTIONAL else options:
        yield Fault(f"{where}.options", QuestionOptions(question=question.code))


def _unknown(questions: Sequence[Question], known: Collection[str]) -> Iterator[Fault]:
    for place, question in enumerate(questions):
        if question.then is not None and question.then not in known:
            yield Fault(f"questions.{place}.then", QuestionTargetUnknown(target=question.then))
        for number, branch in enumerate(question.branches):
            where = f"questions.{place}.branches.{number}"
            if branch.to not in known:
                yield Fault(f"{where}.to", QuestionTargetUnknown(target=branch.to))
            ranged = branch.at_least is not None or branch.at_most is not None
            unfit = (ranged and question.kind not in NUMERIC) or (
                branch.values and question.kind not in (*STEPPED, *OPTIONAL)
            )
            if unfit or not (ranged or branch.values or branch.skipped):
                yield Fault(where, QuestionBranchDead(question=question.code))


def _ways(questions: Sequence[Question]) -> list[Fault]:
    """The faults of a survey whose questions are each without one."""
    places = {question.code: place for place, question in enumerate(questions)}
    exits: list[set[str]] = []
    found: list[Fault] = []
    for place, question in enumerate(questions):
        answers = cases(question)
        exits.append({follow(questions, place, answer) for answer in answers})
        for number, branch in enumerate(question.branches):
            before = question.branches[:number]
            taken = any(
                branch.fits(question, answer) and not any(one.fits(question, answer) for one in before)
                for answer in answers
            )
            if not taken:
                where = f"questions.{place}.branches.{number}"
                found.append(Fault(where, QuestionBranchDead(question=question.code)))
    reached: set[int] = set()
    waiting = [0]
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += [places[code] for code in exits[place] if code != END]
    for place, question in enumerate(questions):
        if place not in reached:
            found.append(Fault(f"questions.{place}", QuestionUnreached(question=question.code)))
    found += [
        Fault(f"questions.{place}", QuestionEndless(question=questions[place].code))
        for place in _in_circles(exits, places, reached)
    ]
    return found


def _in_circles(exits: Sequence[Collection[str]], places: Mapping[str, int], reached: set[int]) -> list[int]:
    """The questions that a way may come to again: those left once all with nothing before or behind are taken out."""
    behind = {place: {places[code] for code in exits[place] if code != END} for place in reached}
    while True:
        pointed = set().union(*behind.values()) if behind else set()
        loose = [place for place, to in behind.items() if place not in pointed or not to & behind.keys()]
        if not loose:
            return sorted(behind)
        for place in loose:
            del behind[place]
        behind = {place: to & behind.keys() for place, to in behind.items()}
