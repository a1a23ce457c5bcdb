"""The meaning of a column's header, by whole words in Estonian, Russian, English, Latvian, Lithuanian and Finnish."""

import re
from enum import StrEnum
from typing import Final

from app.domain.names import fold


class ColumnRole(StrEnum):
    """Which part of a lead a column holds."""

    PHONE = "phone"
    """A number. Several columns may have this role; their numbers are tried in the columns' order."""
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


class PhoneWord(StrEnum):
    """How surely a header names telephones."""

    SURE = "sure"
    PERHAPS = "perhaps"
    """A number of something, or a contact: the column's cells decide."""
    NOT = "not"
    """The header names something else, such as an order, or the kind of a telephone."""


_EXACT: Final = {
    ColumnRole.SURNAME: "perekonnanimi|perenimi|surname|last name|lastname|family name|фамилия|uzvārds|pavardė"
    "|sukunimi|nachname|familienname",
    ColumnRole.GIVEN_NAME: "eesnimi|given name|first name|vorname|firstname|forename|имя|vārds|vardas|etunimi",
    ColumnRole.PATRONYMIC: "isanimi|patronymic|middle name|отчество",
    ColumnRole.NAME: "nimi|täisnimi|kliendi nimi|klient|kontakt|kontaktisik|name|full name|customer|customer name"
    "|contact|contact name|фио|ф и о|фамилия имя отчество|фамилия имя|клиент|контакт|контактное лицо|имя клиента"
    "|vārds uzvārds|vārds un uzvārds|klients|klienta vārds|kontaktpersona|vardas pavardė|vardas ir pavardė|klientas"
    "|kontaktinis asmuo|asiakas|asiakkaan nimi|koko nimi|yhteyshenkilö",
    ColumnRole.COMPANY: "firma|ettevõte|ettevõtte nimi|firmanimi|firma nimi|asutus|company|company name|organisation"
    "|organization|organization name|employer|компания|фирма|организация|предприятие|название|название компании"
    "|название организации|uzņēmums|uzņēmuma nosaukums|įmonė|įmonės pavadinimas|yritys|yrityksen nimi",
    ColumnRole.EXTERNAL_ID: "id|kood|kliendikood|kliendi kood|kliendi id|kliendi nr|klienditunnus|tunnus|external id"
    "|externalid|customer id|customer no|customer number|client id|lead id|contact id|code|ид|код|код клиента"
    "|id клиента|номер клиента|внешний id|внешний код|klienta kods|klienta id|kliento kodas|kliento id"
    "|asiakasnumero|asiakastunnus",
    ColumnRole.TIME_ZONE: "ajavöönd|ajatsoon|time zone|timezone|tz|часовой пояс|таймзона|временная зона|laika josla"
    "|laiko juosta|aikavyöhyke",
    ColumnRole.PRIORITY: "prioriteet|tähtsus|priority|приоритет|важность|prioritāte|prioritetas|prioriteetti",
}
READ_MOST: Final = 200
"""How much of a header is read, in characters: no name of a column is longer."""
_NAMES: Final = {name: role for role, names in _EXACT.items() for name in names.split("|")}
_PHONE: Final = re.compile(
    r"\w*telefon(?:i|id|e|s|a|as|ai|o|u|ot)?|\w*telefon[io]?n(?:umber|umbrid|r)|telnr|telno|tel|telef"
    r"|(?:tele|cell|mobile|home|work|smart)?phones?(?:number|no|nr)?|cell|cellular|gsm|msisdn|e164|handy|handynummer|rufnummer|landline|festnetz"
    r"|mob|mobnr|mobtel|mobiil|mobiili|mobiilinumber|mobiilinr|mobile|mobil|whatsapp|viber"
    r"|\w*телефон(?:а|ы|ов|у)?|тел|моб|мобильный|мобил|сот|сотовый"
    r"|tālr|tālrunis|tālruņa|tālruņi|mobilais|mobīlais|mobilus|mobilusis"
    r"|puh|\w*puhelin|\w*puhelimen|\w*puhelinnumero|matkapuh|kännykkä|kännykän"
)
_PERHAPS: Final = re.compile(
    r"number|numbrid|nr|no|номер|numurs|numuri|numeris|numero|kontakt|kontaktid|contacts?|контакты?"
)
_NOT: Final = re.compile(
    # The kind of a telephone, and other properties of one.
    r"type|types|tüüp|tüübi|liik|тип|вид|label|silt|метка|mudel|model|модель|imei|serial|operaator|operator|оператор|provider"
    r"|fax|faks|faksi|факс|telefax|telefaks|fakss|faksas|telemarketing|telegram|телеграм|suunakood|prefix|kood|code|код"
    r"|kods|kodas|koodi|arve|arved|bill|счет|sum|summa|amount|сумма|price|hind|цена"
    # Other things that have numbers.
    r"|tellimus|tellimuse|order|orders|заказ|заказа|invoice|leping|lepingu|contract|договор|договора|isikukood"
    r"|registrikood|viitenumber|konto|iban|account|kuupäev|date|дата|datums|data|päivämäärä|ticket|id|ref|reference"
    r"|pasūtījums|pasūtījuma|rēķins|rēķina|līgums|līguma|sąskaita|sutartis|sutarties|užsakymas|užsakymo|lasku|tilaus"
    r"|tilausnumero|sopimus|asiakasnumero|inn|инн"
)


def role_of_header(name: str) -> ColumnRole | None:
    """The role of a column by its header; None: the header says nothing known.

    >>> role_of_header("Mobiiltelefon 2"), role_of_header("ФАМИЛИЯ"), role_of_header("Tellimuse nr")
    (<ColumnRole.PHONE: 'phone'>, <ColumnRole.SURNAME: 'surname'>, None)
    """
    known = _NAMES.get(" ".join(_words(name)))
    if known is not None:
        return known
    word = phone_word(name)
    alone = word is PhoneWord.PERHAPS and len(_words(name)) == 1
    return ColumnRole.PHONE if alone or word is PhoneWord.SURE else None


def phone_word(name: str) -> PhoneWord | None:
    """How surely a header names telephones; None: it says nothing about them.

    >>> phone_word("Kontakttelefon"), phone_word("Phone 1 - Type"), phone_word("Tellija")
    (<PhoneWord.SURE: 'sure'>, <PhoneWord.NOT: 'not'>, None)
    """
    words = _words(name)
    if any(_NOT.fullmatch(word) for word in words):
        return PhoneWord.NOT
    if any(_PHONE.fullmatch(word) for word in words):
        return PhoneWord.SURE
    return PhoneWord.PERHAPS if any(_PERHAPS.fullmatch(word) for word in words) else None


def _words(name: str) -> list[str]:
    return [word for word in fold(name[:READ_MOST]).split() if not word.isdigit()]
