"""What the answers to a question add up to, each figure with its interval. Pure.

Of fewer than `SHOWN_FROM` answers the interval is told and the figure itself is not: it would be read as if it were
certain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.crm.surveys.answers import bounds
from app.crm.surveys.flow import OPTIONAL, STEPPED, Kind, Question, picked
from app.estimation.comparison import Compared, Sample, compare
from app.estimation.intervals import SHOWN_FROM, Interval
from app.estimation.means import Bounds, mean
from app.estimation.nps import DETRACTS_TO, PROMOTES_FROM, nps, nps_interval
from app.estimation.shares import share_interval

GOOD_STEPS: Final = 2
"""Of a scale with more than three values, the two highest are good answers; of a shorter one, the highest."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Figure:
    """A figure with its interval."""

    value: float | None
    """None: there are too few answers to tell it, or none."""
    low: float | None
    """None: nothing is known of it."""
    high: float | None


@dataclass(slots=True, frozen=True, kw_only=True)
class ValueFigure:
    """How many gave one answer."""

    value: str
    count: int
    share: Figure


@dataclass(slots=True, frozen=True, kw_only=True)
class NpsFigure:
    """The net promoter score of a question."""

    promoters: int
    passives: int
    detractors: int
    score: Figure
    """-100..100."""


@dataclass(slots=True, frozen=True, kw_only=True)
class QuestionFigures:
    """What the answers to one question add up to."""

    answers: int
    """How many answered it."""
    skipped: int
    """How many passed it over."""
    values: tuple[ValueFigure, ...]
    """Each answer that can be given, of scales and choices; of several choices the shares add up to more than 1."""
    good: Figure | None
    """The share of good answers, of scales and NPS: what is satisfied, or promotes."""
    mean: Figure | None
    method: str
    """How the interval of the mean was found: `t` or `bootstrap`; empty: there is none."""
    nps: NpsFigure | None
    first: str | None
    """The least answer, of numbers and dates."""
    last: str | None


@dataclass(slots=True, frozen=True, kw_only=True)
class Standing:
    """What is held of one operator in view of all."""

    answers: int
    good: Figure
    """The share as it was counted."""
    compared: Compared


def add_up(question: Question, counts: Mapping[str | None, int]) -> QuestionFigures:
    """What answers add up to.

    Args:
        question: what was asked.
        counts: how many gave each answer; None: passed it over.
    """
    given = {value: count for value, count in counts.items() if value is not None}
    answers = sum(given.values())
    middle, method = _mean(question, given, answers)
    ordered = sorted(given, key=float if question.kind is Kind.NUMBER else str)
    spanned = question.kind in {Kind.NUMBER, Kind.DATE} and bool(ordered)
    return QuestionFigures(
        answers=answers,
        skipped=counts.get(None, 0),
        values=tuple(_values(question, given, answers)),
        good=share(good_count(question, given, ()), answers) if question.kind in STEPPED else None,
        mean=middle,
        method=method,
        nps=_nps(given, answers) if question.kind is Kind.NPS else None,
        first=ordered[0] if spanned else None,
        last=ordered[-1] if spanned else None,
    )


def share(count: int, of: int) -> Figure:
    """A share with its interval, 0..1."""
    return _figure(count / of if of else 0.0, share_interval(count, of), of)


def good_count(question: Question, given: Mapping[str, int], options: Sequence[str]) -> int:
    """How many answers are good ones.

    Args:
        question: what was asked.
        given: how many gave each answer.
        options: of a choice, those that count as good.
    """
    if question.kind in OPTIONAL:
        good = set(options)
        return sum(count for value, count in given.items() if good & set(picked(question, value)))
    low, high = bounds(question)
    steps = GOOD_STEPS if high - low >= GOOD_STEPS + 1 else 1
    from_ = PROMOTES_FROM if question.kind is Kind.NPS else high - steps + 1
    return sum(count for value, count in given.items() if int(value) >= from_)


def stand(samples: Sequence[Sample]) -> list[Standing]:
    """What is held of each operator, in their order."""
    return [
        Standing(answers=one.of, good=share(one.good, one.of), compared=compared)
        for one, compared in zip(samples, compare(samples), strict=True)
    ]


def _figure(value: float, interval: Interval | None, of: int) -> Figure:
    low, high = interval or (None, None)
    return Figure(value=value if of >= SHOWN_FROM else None, low=low, high=high)


def _values(question: Question, given: Mapping[str, int], of: int) -> list[ValueFigure]:
    if question.kind in STEPPED:
        low, high = bounds(question)
        can_be = [str(value) for value in range(low, high + 1)]
    else:
        can_be = list(question.options)
    counts = dict.fromkeys(can_be, 0)
    for value, count in given.items():
        for one in picked(question, value):
            if one in counts:
                counts[one] += count
    return [ValueFigure(value=value, count=count, share=share(count, of)) for value, count in counts.items()]


def _mean(question: Question, given: Mapping[str, int], of: int) -> tuple[Figure | None, str]:
    if question.kind not in {Kind.SCALE, Kind.NUMBER} or not of:
        return None, ""
    low, high = question.low, question.high
    ends = Bounds(low, high) if low is not None and high is not None else None
    found = mean({float(value): count for value, count in given.items()}, ends)
    return _figure(found.value, found.interval, of), found.method


def _nps(given: Mapping[str, int], of: int) -> NpsFigure:
    promoters = sum(count for value, count in given.items() if int(value) >= PROMOTES_FROM)
    detractors = sum(count for value, count in given.items() if int(value) <= DETRACTS_TO)
    low, high = nps_interval(promoters, detractors, of)
    score = nps(promoters, detractors, of) if of else 0.0
    return NpsFigure(
        promoters=promoters,
        passives=of - promoters - detractors,
        detractors=detractors,
        score=_figure(100 * score, Interval(100 * low, 100 * high), of),
    )
