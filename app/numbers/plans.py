"""Which number digits can be, by the numbering plans; they are accepted only if one reading is possible."""

from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

DIGITS_MOST: Final = 20
"""The most digits of one number, its trunk prefix or international prefix included."""
_FOREIGN_LEAST: Final = 10
"""The fewest digits of a number with another country's code and no plus; fewer are a domestic number with an error."""
_ORDINARY: Final = frozenset(
    {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
)
"""Kinds of number that people have; a number with a country code but no plus is read only as one of these."""
_SHORT_MOST: Final = 4
"""The most digits of an internal number."""


class Ambiguous(ValueError):  # noqa: N818 - named for what is so
    """More than one reading is possible."""


@lru_cache(maxsize=16_384)
def e164_of(digits: str, region: str) -> str | None:
    """The only number that these digits can be.

    With a plus, only the length must be possible in that country, as plans get new ranges before they are published.
    Without a plus, the number must be valid: in the region, or with the code of another country written out.

    Args:
        digits: ASCII digits, with or without a plus sign before them.
        region: ISO 3166 code of the country for numbers without a country code.

    Returns:
        E.164; None: the digits can be no number.

    Raises:
        Ambiguous: the digits can be more than one number.

    >>> e164_of("55500123", "EE"), e164_of("37126123456", "EE"), e164_of("26123456", "EE")
    ('+37255500123', '+37126123456', None)
    """
    if len(digits) > DIGITS_MOST:
        return None
    if digits.startswith("+"):
        number = _parsed(digits, None)
        return _e164(number) if number is not None and _has_length(number) else None
    here = _valid(digits, region)
    if digits.startswith("00"):
        there = _parsed(f"+{digits[2:]}", None)
        if here is not None or there is None or not _has_length(there):
            return _e164(here) if here is not None else None
        return _e164(there)
    there = _valid(f"+{digits}", None) if len(digits) >= _FOREIGN_LEAST else None
    if there is not None and phonenumbers.number_type(there) not in _ORDINARY:
        there = None
    if here is None or there is None or _e164(here) == _e164(there):
        found = here or there
        return _e164(found) if found is not None else None
    if _as_dialled_here(here) == digits:
        return _e164(here)
    if _is_mobile_without_plus(there, here, digits):
        return _e164(there)
    raise Ambiguous(digits)


def is_short(digits: str, region: str) -> bool:
    """Whether these digits are an internal number, or a short number of the region such as 112.

    >>> is_short("201", "EE"), is_short("116111", "EE"), is_short("37126", "EE")
    (True, True, False)
    """
    if not 2 <= len(digits) <= DIGITS_MOST or not digits.isdecimal():
        return False
    if len(digits) <= _SHORT_MOST:
        return True
    number = PhoneNumber(phonenumbers.country_code_for_region(region), int(digits))
    return not digits.startswith("0") and phonenumbers.is_valid_short_number_for_region(number, region)


def country_of(e164: str) -> str | None:
    """The country of a number, ISO 3166; None: it belongs to no single country."""
    number = _parsed(e164, None)
    return phonenumbers.region_code_for_number(number) if number is not None else None


def _parsed(digits: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None


def _valid(digits: str, region: str | None) -> PhoneNumber | None:
    number = _parsed(digits, region)
    return number if number is not None and phonenumbers.is_valid_number(number) else None


def _has_length(number: PhoneNumber) -> bool:
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def _is_mobile_without_plus(there: PhoneNumber, here: PhoneNumber, digits: str) -> bool:
    """Whether digits are a domestic mobile with its country code rather than a landline without its trunk prefix.

    In Germany, for example, 4915112345678 is a mobile, and no number of the area 0491.
    """
    return (
        there.country_code == here.country_code
        and phonenumbers.number_type(there) == PhoneNumberType.MOBILE
        and phonenumbers.number_type(here) == PhoneNumberType.FIXED_LINE
        and phonenumbers.national_significant_number(here) == digits
    )


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _as_dialled_here(number: PhoneNumber) -> str:
    written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return "".join(letter for letter in written if letter.isdecimal())


def is_valid(e164: str) -> bool:
    """Whether the numbering plan of its country has such numbers."""
    return _valid(e164, None) is not None


def dialled_country(region: str) -> int:
    """The country code of a country (ISO 3166), such as 358."""
    return int(phonenumbers.country_code_for_region(region))


def is_country_code(digits: str) -> bool:
    """Whether these digits are a whole country code, such as 358.

    >>> is_country_code("358"), is_country_code("35")
    (True, False)
    """
    return int(digits) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE and not digits.startswith("0")


def has_trunk_prefix(digits: str, first: str, whole: str, region: str) -> bool:
    """Whether a number of a country is written with its trunk prefix, in a first group longer than that prefix.

    >>> has_trunk_prefix("0812345678", "08", "+46812345678", "SE")
    True
    """
    prefix = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""
    return (
        prefix != ""
        and first.startswith(prefix)
        and first != prefix
        and whole == f"+{dialled_country(region)}{digits[len(prefix) :]}"
    )


def region_of_code(code: int) -> str:
    """The country of a country code, ISO 3166; the main one if there are several; empty: there is none.

    >>> region_of_code(358), region_of_code(1), region_of_code(999)
    ('FI', 'US', '')
    """
    region = phonenumbers.region_code_for_country_code(code)
    return region if is_country(region) else ""


def is_country(region: str) -> bool:
    """Whether a text is the ISO 3166 code of a country with a numbering plan."""
    return region in phonenumbers.SUPPORTED_REGIONS
