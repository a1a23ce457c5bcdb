"""Why a text is no number that is certain: a code for programs. The words are in `app.numbers.errors`."""

from enum import StrEnum
from typing import Final

TEXT_MOST: Final = 500
"""Characters of a text that is read."""
DIGITS_READ: Final = 200
"""Digits of it."""


class NumberFault(StrEnum):
    """Why a text is no number that is certain."""

    BLANK = "number.blank"
    NO_NUMBER = "number.no_number"
    TOO_LONG = "number.too_long"
    DIGITS_LOST = "number.digits_lost"
    LETTERS = "number.letters"
    LENGTH = "number.length"
    COUNTRY = "number.country"
    PART = "number.part"
    AMBIGUOUS = "number.ambiguous"
    OTHER_KIND = "number.other_kind"
    DATE = "number.date"
    HOURS = "number.hours"
    PERSONAL_CODE = "number.personal_code"
    SEVERAL = "number.several"
