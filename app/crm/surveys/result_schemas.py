"""Results of surveys as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.crm.surveys.figures import Figure, NpsFigure, QuestionFigures, ValueFigure
from app.crm.surveys.flow import Kind, Question
from app.crm.surveys.reporting import Asked, OperatorStanding, Results
from app.crm.surveys.result_queries import TextAnswer

_SHARE: Final[dict[str, JsonValue]] = {"value": 0.62, "low": 0.52, "high": 0.71}
_VALUE: Final[dict[str, JsonValue]] = {"value": "9", "count": 31, "share": _SHARE}
_SCORE: Final[dict[str, JsonValue]] = {"value": 34.0, "low": 18.2, "high": 48.6}
_NPS: Final[dict[str, JsonValue]] = {"promoters": 55, "passives": 24, "detractors": 21, "score": _SCORE}
_QUESTION: Final[dict[str, JsonValue]] = {
    "question": "recommend",
    "kind": "nps",
    "answers": 100,
    "skipped": 3,
    "values": [_VALUE],
    "good": _SHARE,
    "mean": None,
    "method": "",
    "nps": _NPS,
    "first": None,
    "last": None,
}
_ASKED: Final[dict[str, JsonValue]] = {
    "calls": 410,
    "asked": 160,
    "finished": 100,
    "partial": 12,
    "refused": 48,
    "refused_midway": 4,
    "response_rate": _SHARE,
}
_RESULTS: Final[dict[str, JsonValue]] = {"group": None, "asked": _ASKED, "questions": [_QUESTION]}
_OPERATOR: Final[dict[str, JsonValue]] = {
    "user": 12,
    "user_name": "Mari Maasikas",
    "answers": 40,
    "good": _SHARE,
    "compared": 0.6,
    "compared_low": 0.51,
    "compared_high": 0.69,
    "p": 0.41,
    "differs": False,
}
_TEXT: Final[dict[str, JsonValue]] = {
    "response": 90,
    "text": "Ootasin kaua.",
    "at": "2026-03-02T09:02:00Z",
    "call": "1764000000.1",
    "contact": 7,
    "contact_name": "Õunapuu Mari-Liis",
    "user": 12,
    "user_name": "Mari Maasikas",
    "queue": "support",
    "campaign": None,
    "language": "et",
}


class FigureOut(Shown):
    """A figure with the interval in which the true one lies 19 times in 20."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHARE]})

    value: float | None
    """The figure; null where fewer than 20 answered: it would be taken for certain."""
    low: float | None
    """The low end of the interval; null: nothing is known of it."""
    high: float | None
    """The high end of the interval; null: nothing is known of it."""

    @classmethod
    def of(cls, figure: Figure) -> Self:
        """The figure, rounded to what it can tell."""
        return cls(value=_rounded(figure.value), low=_rounded(figure.low), high=_rounded(figure.high))


class ValueOut(Shown):
    """How many gave one answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VALUE]})

    value: str
    """The answer: a number of the scale, or an option's code."""
    count: int
    """How many gave it."""
    share: FigureOut
    """Their share of those who answered, 0..1, with Wilson's interval; with `several` the shares add up to more."""

    @classmethod
    def of(cls, figure: ValueFigure) -> Self:
        """The answer as the API shows it."""
        return cls(value=figure.value, count=figure.count, share=FigureOut.of(figure.share))


class NpsOut(Shown):
    """The net promoter score of a question."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NPS]})

    promoters: int
    """How many said 9 or 10."""
    passives: int
    """How many said 7 or 8."""
    detractors: int
    """How many said 0 to 6."""
    score: FigureOut
    """The score, -100..100, with the adjusted Wald interval."""

    @classmethod
    def of(cls, figure: NpsFigure) -> Self:
        """The score as the API shows it."""
        return cls(
            promoters=figure.promoters,
            passives=figure.passives,
            detractors=figure.detractors,
            score=FigureOut.of(figure.score),
        )


class QuestionResultOut(Shown):
    """What the answers to one question add up to."""

    model_config = ConfigDict(json_schema_extra={"examples": [_QUESTION]})

    question: str
    """The question's code."""
    kind: Kind
    """The kind of the question."""
    answers: int
    """How many answered it."""
    skipped: int
    """How many passed it over."""
    values: list[ValueOut]
    """Each answer that can be given, for scales and choices; empty for other kinds."""
    good: FigureOut | None
    """For `scale` and `nps`: the share of the two highest answers (of the highest, where the scale has three or fewer),
    or of promoters; null for other kinds."""
    mean: FigureOut | None
    """For `scale` and `number`: the mean; null for other kinds, and without answers."""
    method: str
    """How the interval of the mean was found: `t`, or `bootstrap` below 30 answers; empty: there is none."""
    nps: NpsOut | None
    """For `nps`: the score."""
    first: str | None
    """For `number` and `date`: the least answer."""
    last: str | None
    """For `number` and `date`: the greatest answer."""

    @classmethod
    def of(cls, question: Question, figures: QuestionFigures) -> Self:
        """The question as the API shows it."""
        return cls(
            question=question.code,
            kind=question.kind,
            answers=figures.answers,
            skipped=figures.skipped,
            values=[ValueOut.of(one) for one in figures.values],
            good=FigureOut.of(figures.good) if figures.good else None,
            mean=FigureOut.of(figures.mean) if figures.mean else None,
            method=figures.method,
            nps=NpsOut.of(figures.nps) if figures.nps else None,
            first=figures.first,
            last=figures.last,
        )


class AskedOut(Shown):
    """Who was asked, and how many of them answered: whoever was not, or did not, may think otherwise."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ASKED]})

    calls: int | None
    """Calls with an operator in the survey's queues and campaigns, in which it could be asked; null in groups."""
    asked: int
    """How often it was begun."""
    finished: int
    """How many answered to the end."""
    partial: int
    """How many began, and neither finished nor refused."""
    refused: int
    """How many refused."""
    refused_midway: int
    """How many of them had answered something."""
    response_rate: FigureOut
    """The share of those who finished among those who were asked, 0..1."""

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Who was asked, as the API shows it."""
        return cls(
            calls=asked.calls,
            asked=asked.asked,
            finished=asked.finished,
            partial=asked.partial,
            refused=asked.refused,
            refused_midway=asked.refused_midway,
            response_rate=FigureOut.of(asked.response_rate),
        )


class ResultsOut(Shown):
    """What a survey has brought in, of all or of one group."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RESULTS]})

    group: str | None
    """The queue, campaign, language, version, or first day of the period; null: of all, or of those without one."""
    asked: AskedOut
    """Who was asked."""
    questions: list[QuestionResultOut]
    """The questions in their order."""

    @classmethod
    def of(cls, results: Results) -> Self:
        """The results as the API shows them."""
        return cls(
            group=results.group,
            asked=AskedOut.of(results.asked),
            questions=[QuestionResultOut.of(question, figures) for question, figures in results.questions],
        )


class OperatorResultOut(Shown):
    """What is held of one operator in view of all."""

    model_config = ConfigDict(json_schema_extra={"examples": [_OPERATOR]})

    user: int | None
    """Who asked."""
    user_name: str
    """Their display name as it was."""
    answers: int
    """How many answered."""
    good: FigureOut
    """The share of good answers as they were counted, 0..1."""
    compared: float
    """The share to compare, 0..1: drawn towards that of all, the more the fewer answers there are."""
    compared_low: float
    """The low end of its interval."""
    compared_high: float
    """The high end of its interval."""
    p: float
    """The chance of a difference from the others at least as large, were there none, for all operators at once."""
    differs: bool
    """Whether the operator differs from the others by more than chance explains."""

    @classmethod
    def of(cls, one: OperatorStanding) -> Self:
        """The operator as the API shows it."""
        compared = one.standing.compared
        return cls(
            user=one.user,
            user_name=one.name,
            answers=one.standing.answers,
            good=FigureOut.of(one.standing.good),
            compared=round(compared.share, 4),
            compared_low=round(compared.interval.low, 4),
            compared_high=round(compared.interval.high, 4),
            p=round(compared.p, 4),
            differs=compared.differs,
        )


class OperatorResults(Shown):
    """Operators side by side. Whom they asked differs, too: their queues, their hours, whom they chose to ask."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "recommend", "kind": "nps", "items": [_OPERATOR]}]}
    )

    question: str
    """The question's code."""
    kind: Kind
    """The kind of the question."""
    items: list[OperatorResultOut]
    """The operators in the order of their names; they are not ranked."""

    @classmethod
    def of(cls, question: Question, items: Sequence[OperatorStanding]) -> Self:
        """The comparison as the API shows it."""
        return cls(
            question=question.code, kind=question.kind, items=[OperatorResultOut.of(one) for one in items]
        )


class TextOut(Shown):
    """A free text beside the call in which it was said."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TEXT]})

    response: int
    """The response's id."""
    text: str
    """What was typed."""
    at: datetime
    """When it was typed."""
    call: str | None
    """The call in which it was said; null: in none."""
    contact: int | None
    """The contact who said it; null: unknown, or removed."""
    contact_name: str
    """The contact's name; empty: unknown, or removed."""
    user: int | None
    """Who asked."""
    user_name: str
    """Their display name as it was."""
    queue: str | None
    """The queue of the call."""
    campaign: int | None
    """The campaign of the call."""
    language: str
    """The language in which it was asked."""

    @classmethod
    def of(cls, said: TextAnswer, contact_name: str) -> Self:
        """The text as the API shows it."""
        row = said.response
        return cls(
            response=row.id or 0,
            text=said.answer.text,
            at=said.answer.at,
            call=row.call_id,
            contact=row.contact_id,
            contact_name=contact_name,
            user=row.user_id,
            user_name=row.user_name,
            queue=row.queue,
            campaign=row.campaign_id,
            language=row.language,
        )


class SurveyTexts(Shown):
    """A page of free texts."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_TEXT], "next": None}]})

    items: list[TextOut]
    """The texts of this page, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
