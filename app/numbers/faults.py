"""Why a text cannot be read with certainty as a number: codes for programs. `app.numbers.errors` has the texts."""

from enum import StrEnum
from typing import Final

TEXT_MOST: Final = 500
"""The most characters of a text that is read."""
DIGITS_READ: Final = 200
"""The most digits of a text that is read."""


class NumberFault(StrEnum):
    """Why a text cannot be read with certainty as a number."""

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
