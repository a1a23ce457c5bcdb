"""Why a text is no number that is certain: a code for programs, and words for people."""

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


_WORDS: Final = {
    NumberFault.BLANK: "there is no telephone number",
    NumberFault.NO_NUMBER: "{text} is no telephone number",
    NumberFault.TOO_LONG: f"no telephone number has more than {TEXT_MOST} characters or {DIGITS_READ} digits",
    NumberFault.DIGITS_LOST: "a spreadsheet has shortened the number {text}: its digits are lost",
    NumberFault.LETTERS: "{text} is mixed with letters or signs: write the number alone",
    NumberFault.LENGTH: "{text} is too short or too long for its country code",
    NumberFault.COUNTRY: "{text} is no number of {region}: write + and the country code before it",
    NumberFault.PART: "{text} is too short for a number: write it whole",
    NumberFault.AMBIGUOUS: "{text} can be read in more than one way: write each number whole",
    NumberFault.OTHER_KIND: "{text} is said to be something else than a telephone",
    NumberFault.DATE: "{text} is a date",
    NumberFault.HOURS: "{text} are hours",
    NumberFault.PERSONAL_CODE: "{text} may be a personal code: write + before it if it is a telephone",
    NumberFault.SEVERAL: "{text} has several numbers: write one",
}


def why(fault: NumberFault, text: str, region: str) -> str:
    """The reason, in words that say what to do."""
    return _WORDS[fault].format(text=text, region=region)
