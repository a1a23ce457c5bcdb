"""A survey's questions as people write them and as they are stored: texts beside what their order and answers need."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pydantic

from app.crm.surveys.flow import Branch, Kind, Question
from app.crm.surveys.tables import Code, SurveyLanguage
from app.system.fields import Fields, Line, Words

QuestionText = Annotated[Words, pydantic.Field(max_length=2000)]
Whole = Annotated[int, pydantic.Field(ge=-(10**9), le=10**9)]
Target = Code
"""The code of a question, or `end`."""


class BranchFields(Fields):
    """Where some answers lead; of several branches the first that fits counts."""

    values: Annotated[list[Annotated[str, pydantic.Field(max_length=40)]], pydantic.Field(max_length=50)] = (
        pydantic.Field(default_factory=list)
    )
    """The answer is one of these, or has one of these options; numbers of a scale are texts, such as `"5"`."""
    at_least: Whole | None = None
    """The answer is a number from here on."""
    at_most: Whole | None = None
    """The answer is a number up to here."""
    skipped: bool = False
    """The question was passed over; then the other conditions do not count."""
    to: Target
    """The code of the question that comes next, or `end`."""


class OptionFields(Fields):
    """One thing that can be chosen."""

    code: Annotated[str, pydantic.Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]
    """What answers and results call it; keep it when only the wording changes."""
    texts: dict[SurveyLanguage, Line]
    """What is read out, by language."""


class QuestionFields(Fields):
    """A question."""

    code: Code
    """What answers, branches and results call it; keep it when only the wording changes. Never `end`."""
    kind: Kind
    """What kind of answer it takes."""
    texts: dict[SurveyLanguage, QuestionText]
    """What the operator reads out, by language."""
    required: bool = False
    """It cannot be passed over."""
    low: Whole | None = None
    """The low end of a scale; the least number that is accepted."""
    high: Whole | None = None
    """The high end of a scale, at most 10 above the low one; the greatest number that is accepted."""
    low_texts: dict[SurveyLanguage, Line] = pydantic.Field(default_factory=dict)
    """What the low end of a scale means, by language."""
    high_texts: dict[SurveyLanguage, Line] = pydantic.Field(default_factory=dict)
    """What the high end of a scale means, by language."""
    options: Annotated[list[OptionFields], pydantic.Field(max_length=50)] = pydantic.Field(
        default_factory=list
    )
    """What can be chosen, for `choice` and `several`."""
    branches: Annotated[list[BranchFields], pydantic.Field(max_length=20)] = pydantic.Field(
        default_factory=list
    )
    """Where some answers lead."""
    then: Target | None = None
    """What comes next where no branch fits: a question's code, or `end`; null: the question below."""


def questions_of(stored: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Questions as their order and answers need them.

    Args:
        stored: of `QuestionFields`, as JSON has them.
    """
    return [_question(one) for one in stored]


def _question(stored: Mapping[str, Any]) -> Question:
    languages = {language for language, text in stored["texts"].items() if text}
    for option in stored["options"]:
        languages &= {language for language, text in option["texts"].items() if text}
    return Question(
        code=stored["code"],
        kind=Kind(stored["kind"]),
        required=stored["required"],
        low=stored["low"],
        high=stored["high"],
        options=tuple(option["code"] for option in stored["options"]),
        branches=tuple(
            Branch(
                values=tuple(branch["values"]),
                at_least=branch["at_least"],
                at_most=branch["at_most"],
                skipped=branch["skipped"],
                to=branch["to"],
            )
            for branch in stored["branches"]
        ),
        then=stored["then"],
        languages=frozenset(languages),
    )
