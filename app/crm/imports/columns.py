"""What a column of a list is: guessed by its header in Estonian, Russian or English, else by what is in it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from zoneinfo import available_timezones

from app.crm.names import fold
from app.crm.numbers import to_e164

CONTENT_SHARE: Final = 0.7
"""The share of a column's cells that have to look like something for the column to be it."""


class ColumnRole(StrEnum):
    """What a column says of a lead."""

    PHONE = "phone"
    """A number; several columns may be, and are tried in their order."""
    EXTERNAL_ID = "external_id"
    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    NAME = "name"
    """The whole name."""
    COMPANY = "company"
    TIME_ZONE = "time_zone"
    PRIORITY = "priority"
    VARIABLE = "variable"
    """Anything else: kept under its header for the operator to see."""
    IGNORE = "ignore"


_ONCE: Final = frozenset(ColumnRole) - {ColumnRole.PHONE, ColumnRole.VARIABLE, ColumnRole.IGNORE}
_EXACT: Final = {
    ColumnRole.SURNAME: "perekonnanimi|perenimi|surname|last name|lastname|family name|фамилия",
    ColumnRole.GIVEN_NAME: "eesnimi|given name|first name|firstname|forename|имя",
    ColumnRole.PATRONYMIC: "isanimi|patronymic|middle name|отчество",
    ColumnRole.NAME: "nimi|täisnimi|kliendi nimi|klient|kontakt|kontaktisik|name|full name|customer|customer name"
    "|contact|contact name|фио|ф и о|фамилия имя отчество|фамилия имя|клиент|контакт|контактное лицо|имя клиента",
    ColumnRole.COMPANY: "firma|ettevõte|ettevõtte nimi|firmanimi|firma nimi|asutus|company|company name|organisation"
    "|organization|employer|компания|фирма|организация|предприятие|название|название компании|название организации",
    ColumnRole.EXTERNAL_ID: "id|kood|kliendikood|kliendi kood|kliendi id|kliendi nr|klienditunnus|tunnus|external id"
    "|externalid|customer id|customer no|customer number|client id|lead id|contact id|code|ид|код|код клиента"
    "|id клиента|номер клиента|внешний id|внешний код",
    ColumnRole.TIME_ZONE: "ajavöönd|ajatsoon|time zone|timezone|tz|часовой пояс|таймзона|временная зона",
    ColumnRole.PRIORITY: "prioriteet|tähtsus|priority|приоритет|важность",
    ColumnRole.PHONE: "number|numbrid|nr|номер|msisdn",
}
_NAMES: Final = {name: role for role, names in _EXACT.items() for name in names.split("|")}
_PHONE_BEGINS: Final = (
    "telef",
    "tel",
    "mobi",
    "mob",
    "gsm",
    "lauatelefon",
    "phone",
    "cell",
    "cellphone",
    "telephone",
    "телеф",
    "тел",
    "моб",
    "сотов",
)
_NO_PHONE: Final = frozenset({"телеграм", "telegram", "telemarketing"})


def guess_columns(
    header: Sequence[str] | None, rows: Sequence[Sequence[str]], region: str
) -> list[ColumnRole]:
    """A role for each column.

    Args:
        header: the first row, if it names the columns.
        rows: some of the others.
        region: country of numbers without a country code.
    """
    width = max((len(row) for row in (header or (), *rows)), default=0)
    cells = [
        [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        for place in range(width)
    ]
    roles = [
        role_of_header(header[place]) if header is not None and place < len(header) else None
        for place in range(width)
    ]
    for place, role in enumerate(roles):
        if role in _ONCE and role in roles[:place]:
            roles[place] = ColumnRole.VARIABLE
    has_phone = ColumnRole.PHONE in roles
    guessed: list[ColumnRole] = []
    for role, column in zip(roles, cells, strict=True):
        guessed.append(
            role or _by_content(column, region, zoned=ColumnRole.TIME_ZONE in roles, sure=has_phone)
        )
    return guessed


def role_of_header(name: str) -> ColumnRole | None:
    """What a header says its column is; None when it says nothing known.

    >>> role_of_header("Mobiiltelefon 2"), role_of_header("ФАМИЛИЯ"), role_of_header("Arve nr")
    (<ColumnRole.PHONE: 'phone'>, <ColumnRole.SURNAME: 'surname'>, None)
    """
    words = [word for word in fold(name).split() if not word.isdigit()]
    exact = _NAMES.get(" ".join(words))
    if exact is not None:
        return exact
    if any(word.startswith(_PHONE_BEGINS) and word not in _NO_PHONE for word in words):
        return ColumnRole.PHONE
    return None


def has_header(rows: Sequence[Sequence[str]], region: str) -> bool:
    """Whether the first row names the columns: it says a known name and has no number of a telephone."""
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    if any(to_e164(cell, region) for cell in first):
        return False
    return any(role_of_header(cell) is not None for cell in first) or (
        len(rows) > 1 and all(cell and not any(letter.isdigit() for letter in cell) for cell in first)
    )


def _by_content(column: Sequence[str], region: str, *, zoned: bool, sure: bool) -> ColumnRole:
    if not column:
        return ColumnRole.VARIABLE
    numbers = sum(
        to_e164(cell, region) is not None and (not sure or cell.lstrip().startswith("+")) for cell in column
    )
    if numbers >= CONTENT_SHARE * len(column):
        return ColumnRole.PHONE
    if not zoned and all("/" in cell for cell in column):
        known = available_timezones()
        if all(cell in known for cell in column):
            return ColumnRole.TIME_ZONE
    return ColumnRole.VARIABLE
