"""Phone numbers: one spelling for each, and the one typed beside it."""

import re

import phonenumbers

HOME = "EE"
"""The country whose numbers may be written without a country code (ISO 3166)."""

_WRITTEN = re.compile(r"[\d+()\s./\-\u2010-\u2015]+")


def to_e164(raw: str, region: str = HOME) -> str | None:
    """A number in E.164.

    With a country code its length must be possible there; without one it must be a valid number of the
    region, so that a short or internal number is not taken for a subscriber's.

    Args:
        raw: as typed, imported, or given by the PBX.
        region: ISO 3166 code of the country for numbers without a country code.

    Returns:
        `+` and digits; None for short, internal, hidden and broken numbers.

    >>> to_e164("5550 0123"), to_e164("00372 5550 0123"), to_e164("112"), to_e164("anonymous")
    ('+37255500123', '+37255500123', None, None)
    """
    if not _WRITTEN.fullmatch(raw):
        return None
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    international = raw.lstrip(" (").startswith("+")
    known = phonenumbers.is_possible_number(number) if international else phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if known else None


def number_key(raw: str, region: str = HOME) -> str:
    """What a number is stored and looked up by: E.164, else its digits, else its text.

    Returns:
        Empty for blank text only.

    >>> number_key("+372 5550 0123"), number_key(" 10-12 "), number_key("anonymous")
    ('+37255500123', '1012', 'anonymous')
    """
    e164 = to_e164(raw, region)
    if e164 is not None:
        return e164
    digits = re.sub(r"[^\d*#]", "", raw) if _WRITTEN.fullmatch(raw) else ""
    return digits or raw.strip()[:40]


def number_prefixes(typed: str, region: str = HOME) -> tuple[str, ...]:
    """How numbers may begin that somebody has begun to type; empty when it is not a number.

    >>> number_prefixes("5550"), number_prefixes("00372"), number_prefixes("Mari")
    (('5550', '+3725550'), ('+372',), ())
    """
    if not _WRITTEN.fullmatch(typed):
        return ()
    digits = re.sub(r"\D", "", typed)
    if not digits:
        return ()
    if typed.lstrip(" (").startswith("+"):
        return (f"+{digits}",)
    if digits.startswith("00"):
        return (f"+{digits[2:]}",)
    code = phonenumbers.country_code_for_region(region)
    return (digits, f"+{code}{digits}")
