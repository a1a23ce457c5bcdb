"""Refusals of texts that cannot be read with certainty as a number: one class for each `NumberFault`."""

from typing import ClassVar, Final

from app.domain.errors import Refusal, Texts
from app.numbers.faults import DIGITS_READ, TEXT_MOST, NumberFault


class NumberUnreadable(Refusal, ValueError):
    """The text cannot be read with certainty as the number that is required."""

    status = 422
    fault: ClassVar[NumberFault]
    text: str
    """The text that could not be read; if it is long, its beginning."""
    region: str
    """ISO 3166 code of the country for numbers without a country code; empty: none."""


class NumberBlank(NumberUnreadable):
    """The text is blank."""

    fault = NumberFault.BLANK
    code = fault.value
    texts = Texts(
        en="there is no telephone number",
        et="telefoninumbrit ei ole",
        ru="нет номера телефона",
    )


class NotANumber(NumberUnreadable):
    """The text is not a telephone number."""

    fault = NumberFault.NO_NUMBER
    code = fault.value
    texts = Texts(
        en="{text} is no telephone number",
        et="{text} ei ole telefoninumber",
        ru="{text}: это не номер телефона",
    )


class NumberTooLong(NumberUnreadable):
    """The text has more characters or digits than the service reads."""

    fault = NumberFault.TOO_LONG
    code = fault.value
    texts = Texts(
        en=f"no telephone number has more than {TEXT_MOST} characters or {DIGITS_READ} digits",
        et=f"telefoninumbris ei ole üle {TEXT_MOST} märgi ega üle {DIGITS_READ} numbrikoha",
        ru=f"в номере телефона не больше {TEXT_MOST} знаков и не больше {DIGITS_READ} цифр",
    )


class NumberDigitsLost(NumberUnreadable):
    """A spreadsheet has shortened the number."""

    fault = NumberFault.DIGITS_LOST
    code = fault.value
    texts = Texts(
        en="a spreadsheet has shortened the number {text}: its digits are lost",
        et="tabeliprogramm on numbrit {text} lühendanud: selle numbrikohad on kadunud",
        ru="табличная программа сократила номер {text}: его цифры потеряны",
    )


class NumberWithLetters(NumberUnreadable):
    """Letters or signs are mixed with the digits."""

    fault = NumberFault.LETTERS
    code = fault.value
    texts = Texts(
        en="{text} is mixed with letters or signs: write the number alone",
        et="{text} sisaldab tähti või märke: kirjuta ainult number",
        ru="{text} содержит буквы или знаки: напишите только номер",
    )


class NumberLengthWrong(NumberUnreadable):
    """The number is too short or too long for its country code."""

    fault = NumberFault.LENGTH
    code = fault.value
    texts = Texts(
        en="{text} is too short or too long for its country code",
        et="{text} on oma riigikoodi kohta liiga lühike või liiga pikk",
        ru="{text}: слишком короткий или слишком длинный для своего кода страны",
    )


class NumberOfNoCountry(NumberUnreadable):
    """The digits are not a number of the country assumed for numbers without a country code."""

    fault = NumberFault.COUNTRY
    code = fault.value
    texts = Texts(
        en="{text} is no number of {region}: write + and the country code before it",
        et="{text} ei ole riigi {region} number: kirjuta selle ette + ja riigikood",
        ru="{text}: это не номер страны {region}; напишите перед ним + и код страны",
    )


class NumberInPart(NumberUnreadable):
    """The digits are only a part of a number."""

    fault = NumberFault.PART
    code = fault.value
    texts = Texts(
        en="{text} is too short for a number: write it whole",
        et="{text} on numbri kohta liiga lühike: kirjuta number tervikuna",
        ru="{text}: слишком коротко для номера; напишите его целиком",
    )


class NumberAmbiguous(NumberUnreadable):
    """The text can be read in more than one way."""

    fault = NumberFault.AMBIGUOUS
    code = fault.value
    texts = Texts(
        en="{text} can be read in more than one way: write each number whole",
        et="{text} on mitmeti loetav: kirjuta iga number tervikuna",
        ru="{text} можно прочесть по-разному: напишите каждый номер целиком",
    )


class NumberOfOtherKind(NumberUnreadable):
    """A word beside the digits says that they are something else, such as a fax or an invoice."""

    fault = NumberFault.OTHER_KIND
    code = fault.value
    texts = Texts(
        en="{text} is said to be something else than a telephone",
        et="{text} on märgitud millekski muuks kui telefoniks",
        ru="{text}: указано, что это не телефон",
    )


class NumberIsDate(NumberUnreadable):
    """The text is a date."""

    fault = NumberFault.DATE
    code = fault.value
    texts = Texts(en="{text} is a date", et="{text} on kuupäev", ru="{text}: это дата")


class NumberIsHours(NumberUnreadable):
    """The text is a range of hours."""

    fault = NumberFault.HOURS
    code = fault.value
    texts = Texts(en="{text} are hours", et="{text} on kellaajad", ru="{text}: это часы")


class NumberIsPersonalCode(NumberUnreadable):
    """The digits may be a personal code."""

    fault = NumberFault.PERSONAL_CODE
    code = fault.value
    texts = Texts(
        en="{text} may be a personal code: write + before it if it is a telephone",
        et="{text} võib olla isikukood: kui see on telefon, kirjuta selle ette +",
        ru="{text}: возможно, это личный код; если это телефон, напишите перед ним +",
    )


class NumbersSeveral(NumberUnreadable):
    """The text has several numbers where one is required."""

    fault = NumberFault.SEVERAL
    code = fault.value
    texts = Texts(
        en="{text} has several numbers: write one",
        et="{text} sisaldab mitut numbrit: kirjuta üks",
        ru="{text}: здесь несколько номеров; напишите один",
    )


UNREADABLE: Final[tuple[type[NumberUnreadable], ...]] = tuple(NumberUnreadable.__subclasses__())
"""The refusals of every route that takes numbers as typed."""
_BY_FAULT: Final = {one.fault: one for one in UNREADABLE}


def unreadable(fault: NumberFault, text: str, region: str) -> NumberUnreadable:
    """The refusal of a text.

    Args:
        fault: why it cannot be read.
        text: the text that could not be read.
        region: the country for numbers without a country code.
    """
    return _BY_FAULT[fault](text=text, region=region)
