"""Answers as they are kept: a text, whatever the kind of question. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from app.crm.surveys.errors import AnswerUnfit
from app.crm.surveys.flow import NPS_MOST, Kind, Question

Said = str | int | Sequence[str] | None
TEXT_MOST: Final = 10_000
"""The most characters of a text."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_answer(question: Question, said: Said) -> str | None:
    """An answer as it is kept; None: the question is passed over.

    Scales and NPS keep a whole number, choices the code of the option, several choices their codes in the order of the
    options with commas, numbers a decimal, dates `2026-03-02`, texts what was typed.

    Raises:
        AnswerUnfit: it is no answer to this question.
    """
    kept = None if said in (None, "", [], ()) else _read(question, said)
    if kept is None and said not in (None, "", [], ()):
        raise AnswerUnfit(question=question.code, expected=expected(question))
    return kept


def expected(question: Question) -> str:
    """What fits a question, for whoever typed something else."""
    match question.kind:
        case Kind.SCALE | Kind.NPS:
            low, high = bounds(question)
            return f"{low}..{high}"
        case Kind.CHOICE | Kind.SEVERAL:
            return ", ".join(question.options)
        case Kind.NUMBER:
            least, most = ("" if end is None else str(end) for end in (question.low, question.high))
            return f'"12.5" {least}..{most}'.strip()
        case Kind.DATE:
            return "2026-03-02"
        case Kind.TEXT:
            return f"0..{TEXT_MOST}"


def bounds(question: Question) -> tuple[int, int]:
    """The ends of a scale."""
    return (0, NPS_MOST) if question.kind is Kind.NPS else (question.low or 0, question.high or 0)


def _read(question: Question, said: Said) -> str | None:
    match question.kind:
        case Kind.SCALE | Kind.NPS:
            low, high = bounds(question)
            return str(said) if isinstance(said, int) and low <= said <= high else None
        case Kind.CHOICE:
            return said if isinstance(said, str) and said in question.options else None
        case Kind.SEVERAL:
            if isinstance(said, str | int) or said is None or not set(said) <= set(question.options):
                return None
            return ",".join(option for option in question.options if option in said)
        case Kind.NUMBER:
            return _number(question, str(said)) if isinstance(said, str | int) else None
        case Kind.DATE:
            return _day(said) if isinstance(said, str) else None
        case Kind.TEXT:
            return said if isinstance(said, str) and len(said) <= TEXT_MOST else None


def _number(question: Question, said: str) -> str | None:
    if not _NUMBER.fullmatch(said.strip()):
        return None
    number = Decimal(said.strip()).normalize() + 0
    if question.low is not None and number < question.low:
        return None
    if question.high is not None and number > question.high:
        return None
    return f"{number:f}"


def _day(said: str) -> str | None:
    if not _DAY.fullmatch(said):
        return None
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return None
