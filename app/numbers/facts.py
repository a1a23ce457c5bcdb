"""What the numbering plan says about a number: its kind, its country and its time zones."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType
from phonenumbers.timezone import time_zones_for_number

from app.domain.numbers import NumberKind

_KINDS: Mapping[int, NumberKind] = {
    PhoneNumberType.FIXED_LINE: NumberKind.FIXED,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.FIXED_OR_MOBILE,
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberKind.SHARED_COST,
    PhoneNumberType.VOIP: NumberKind.VOIP,
    PhoneNumberType.PERSONAL_NUMBER: NumberKind.PERSONAL,
    PhoneNumberType.PAGER: NumberKind.PAGER,
    PhoneNumberType.UAN: NumberKind.COMPANY,
    PhoneNumberType.VOICEMAIL: NumberKind.VOICEMAIL,
}
_UNKNOWN_ZONE = "Etc/Unknown"
_TELLING = 2
"""A prefix with more zones than this determines them no better than the country does."""


@dataclass(slots=True, frozen=True)
class NumberPlan:
    """Kind, country and time zones of a number."""

    kind: NumberKind
    country: str | None = None
    """ISO 3166; None: the number belongs to no single country."""
    zones: tuple[str, ...] = ()
    """IANA names of all time zones in which the called party may be."""


def plan_of(number: str, region: str) -> NumberPlan:
    """Kind, country and time zones of a number, by the plan of its country.

    Args:
        number: a number in E.164, or a short number as it is dialled.
        region: ISO 3166 code of the country whose short numbers are meant, for a number without a country code.

    >>> plan_of("+37255500123", "EE")
    NumberPlan(kind=<NumberKind.MOBILE: 'mobile'>, country='EE', zones=('Europe/Tallinn',))
    >>> plan_of("112", "EE").kind, plan_of("+372112", "EE").kind, plan_of("+3729001234", "EE").kind
    (<NumberKind.EMERGENCY: 'emergency'>, <NumberKind.EMERGENCY: 'emergency'>, <NumberKind.PREMIUM: 'premium'>)
    """
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        short = number.isdigit() and phonenumbers.is_emergency_number(number, region)
        return NumberPlan(NumberKind.EMERGENCY if short else NumberKind.INVALID)
    if not number.startswith("+") or not phonenumbers.is_valid_number(parsed):
        return NumberPlan(_short_kind(parsed, region if not number.startswith("+") else None))
    kind = _KINDS.get(phonenumbers.number_type(parsed), NumberKind.INVALID)
    country = phonenumbers.region_code_for_number(parsed)
    return NumberPlan(kind, country if country != "001" else None, _zones(parsed, country))


def is_emergency(number: str, region: str) -> bool:
    """Whether exactly these digits are an emergency number in a country (ISO 3166)."""
    return number.isdecimal() and phonenumbers.is_emergency_number(number, region)


def emergency_numbers(region: str) -> tuple[str, ...]:
    """All emergency numbers of a country (ISO 3166).

    >>> emergency_numbers("EE")
    ('110', '112')
    """
    return tuple(number for digits in range(100, 10_000) if is_emergency(number := str(digits), region))


def zones_of(country: str) -> tuple[str, ...]:
    """IANA names of a country's time zones (ISO 3166); the first is mostly that of its capital.

    >>> zones_of("EE")
    ('Europe/Tallinn',)
    """
    return _zones_by_country().get(country, ())


def zone(name: str) -> ZoneInfo | None:
    """The time zone of this IANA name; None: there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def only_zone(country: str) -> str:
    """The time zone of a country (ISO 3166) that has exactly one; empty for any other country.

    >>> only_zone("EE"), only_zone("US")
    ('Europe/Tallinn', '')
    """
    zones = _zones_by_country().get(country, ())
    return zones[0] if len(zones) == 1 else ""


def _short_kind(parsed: PhoneNumber, region: str | None) -> NumberKind:
    """The kind of a number that is no valid subscriber number: emergency, short or invalid.

    With a country code before it, it may still lead to a short number: `region` is None, and all countries of the code
    are checked.
    """
    code = parsed.country_code or 0
    regions = [region] if region is not None else phonenumbers.region_codes_for_country_code(code)
    digits = phonenumbers.national_significant_number(parsed)
    if any(phonenumbers.connects_to_emergency_number(digits, one) for one in regions):
        return NumberKind.EMERGENCY
    if any(phonenumbers.is_possible_short_number_for_region(parsed, one) for one in regions):
        return NumberKind.SHORT
    return NumberKind.INVALID


def _zones(parsed: PhoneNumber, country: str | None) -> tuple[str, ...]:
    """The time zones of a number: those of its prefix, or all of its country.

    The list for prefixes may name a zone of another country with the same offset. So a country's own zones are taken
    if it has only one, and if the prefix does not determine the zone.
    """
    own = _zones_by_country().get(country or "", ())
    by_prefix = tuple(name for name in time_zones_for_number(parsed) if name != _UNKNOWN_ZONE)
    return own if own and (len(own) == 1 or not 1 <= len(by_prefix) <= _TELLING) else by_prefix


@cache
def _zones_by_country() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            found[country] = (*found.get(country, ()), name)
    return found
