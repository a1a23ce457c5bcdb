"""The role of each column in a list of contacts, by its header: our own export, Google's, Outlook's, or any table."""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

from app.domain.names import fold
from app.lists.headers import READ_MOST, ColumnRole


class ContactRole(StrEnum):
    """Which part of a contact a column holds. A custom field's column has the role `field:` with its code."""

    ID = "contact_id"
    """The contact's id in the database that the file was exported from."""
    KIND = "kind"
    """`person` or `company`; without it, a row with a company's name and no person's is a company."""
    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    PATRONYMIC = "patronymic"
    NAME = "name"
    """The whole name of a person."""
    COMPANY_NAME = "company_name"
    """The company's name; of a person, the employer in words."""
    REGISTRY_CODE = "registry_code"
    EMPLOYER_ID = "employer_id"
    """The id that the employer's own row has under `contact_id`."""
    EMPLOYER = "employer"
    """The name of the company, a contact, that the person works for."""
    EMPLOYER_CODE = "employer_code"
    """The registry code of that company."""
    JOB_TITLE = "job_title"
    EXTERNAL_ID = "external_id"
    LANGUAGE = "language"
    OWNER = "owner"
    """The user name of whoever looks after the contact."""
    TAGS = "tags"
    """Names of tags, on lines of their own or with semicolons between."""
    NOTE = "note"
    PREFERRED_PHONE = "preferred_phone"
    """Which of the row's numbers is the preferred one, from 1."""
    PREFERRED_EMAIL = "preferred_email"
    PHONE = "phone"
    """A number, or several; any number of columns may have this role, and the next four."""
    PHONE_LABEL = "phone_label"
    """The label of the number beside it: of the next one, if the first of these columns stands before a number."""
    EMAIL = "email"
    EMAIL_LABEL = "email_label"
    IGNORE = "ignore"


FIELD: Final = "field:"
ROLE_PATTERN: Final = rf"^({'|'.join(ContactRole)}|{FIELD}[a-z][a-z0-9_]{{0,39}})$"
MANY: Final = frozenset(
    {
        ContactRole.PHONE,
        ContactRole.PHONE_LABEL,
        ContactRole.EMAIL,
        ContactRole.EMAIL_LABEL,
        ContactRole.IGNORE,
    }
)
"""Roles that several columns may have."""
_NAMED: Final = frozenset(
    {ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.NAME, ContactRole.COMPANY_NAME}
)
"""Roles that give a contact its name."""
_LEADS: Final[Mapping[ColumnRole, ContactRole]] = {
    ColumnRole.SURNAME: ContactRole.SURNAME,
    ColumnRole.GIVEN_NAME: ContactRole.GIVEN_NAME,
    ColumnRole.PATRONYMIC: ContactRole.PATRONYMIC,
    ColumnRole.NAME: ContactRole.NAME,
    ColumnRole.COMPANY: ContactRole.COMPANY_NAME,
    ColumnRole.EXTERNAL_ID: ContactRole.EXTERNAL_ID,
    ColumnRole.PHONE: ContactRole.PHONE,
}
_SPELLED: Final = {
    ContactRole.SURNAME: "family",
    ContactRole.GIVEN_NAME: "given",
    ContactRole.PATRONYMIC: "additional name",
    ContactRole.NAME: "tellija|ostja|buyer|заказчик|покупатель|pasūtītājs|užsakovas|tilaaja",
    ContactRole.JOB_TITLE: "organization title|position|amet|ametikoht|ametinimetus|должность|amats"
    "|pareigos|työnimike|tehtävä",
    ContactRole.REGISTRY_CODE: "registrikood|reg kood|registry number|registration number|company code|vat number"
    "|регистрационный код|рег код|регистрационный номер|инн|reģistrācijas numurs|įmonės kodas|y tunnus",
    ContactRole.EMPLOYER: "tööandja|работодатель|darba devējs|darbdavys|työnantaja",
    ContactRole.LANGUAGE: "keel|suhtluskeel|язык|valoda|kalba|kieli|lang",
    ContactRole.OWNER: "haldur|kliendihaldur|vastutaja|account manager|responsible|ответственный|менеджер",
    ContactRole.TAGS: "labels|group membership|categories|category|sildid|märksõnad|метки|теги|группы",
    ContactRole.NOTE: "notes|märkus|märkused|kommentaar|comment|comments|примечание|примечания|комментарий"
    "|заметка|заметки|piezīmes|pastabos|huomautus|muistiinpano",
}
_NAMES: Final = {
    **{fold(role.value.replace("_", " ")): role for role in ContactRole},
    **{fold(name): role for role, names in _SPELLED.items() for name in names.split("|")},
}
_EMAIL: Final = re.compile(
    r"(?:^| )(?:e ?mail\w*|mail|e ?post\w*|meil\w*|e ?posti|e ?pasts|el paštas|эл почта|почта|имейл)(?:$| )"
)
_LABEL: Final = re.compile(r"(?:^| )(?:type|label|tüüp|liik|silt|тип|вид|метка)(?:$| )")
_PHONE: Final = re.compile(r"(?:^| )(?:phone|fax|telefon\w*|телефон\w*)(?:$| )")
_OTHERS: Final = re.compile(
    r"(?:^| )(?:display name|phonetic|nickname|file as|prefix|suffix|initials)(?:$| )"
)
_WORDS: Final = (
    ("mobile", re.compile(r"mobil\w*|mobiil\w*|mob|cell|сот\w*|моб\w*")),
    ("home", re.compile(r"home|kodu\w*|дом\w*")),
    ("work", re.compile(r"business|work|company|töö\w*|раб\w*")),
    ("assistant", re.compile(r"assistants?")),
    ("car", re.compile(r"car")),
    ("other", re.compile(r"other")),
    ("fax", re.compile(r"fax|faks\w*|факс")),
)


REACHED_MOST: Final = 50
"""The most numbers, and the most addresses, of one row."""


def layout(phones: int, emails: int, fields: Collection[str]) -> tuple[str, ...]:
    """The roles of the columns of an exported table, in their order.

    Args:
        phones: how many numbers.
        emails: how many addresses.
        fields: the codes of custom fields.
    """
    return (
        *(role for role in ContactRole if role not in MANY and role is not ContactRole.NAME),
        *(ContactRole.PHONE_LABEL, ContactRole.PHONE) * phones,
        *(ContactRole.EMAIL_LABEL, ContactRole.EMAIL) * emails,
        *(FIELD + code for code in fields),
    )


def guess_roles(
    header: Sequence[str] | None,
    columns: Sequence[ColumnRole],
    rows: Sequence[Sequence[str]],
    fields: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    """A role for each column.

    Args:
        header: the row that names the columns, if one does.
        columns: the roles that they would have in a list of leads, by header and cells.
        rows: cells of some of the rows after the header.
        fields: titles of the custom fields, by code.
    """
    titles = {fold(title): code for code, names in fields.items() for title in (code, *names)}
    rejected = list((header or ())[:2]) == ["row", "why"]
    guessed: list[str] = []
    for place, lead in enumerate(columns):
        name = header[place] if header is not None and place < len(header) else ""
        role = _role(name, lead, titles)
        if role == ContactRole.IGNORE and not name and _are_addresses(rows, place):
            role = ContactRole.EMAIL
        again = role in guessed and role not in MANY
        guessed.append(ContactRole.IGNORE if again or (rejected and place < 2) else role)
    if header is None and not _NAMED & {*guessed}:
        for place, role in enumerate(guessed):
            if role == ContactRole.IGNORE and _are_words(rows, place):
                guessed[place] = ContactRole.NAME
                break
    return tuple(guessed)


def label_of(header: str) -> str:
    """The label of a number or an address that the header of its column says; empty: it says none.

    >>> label_of("Business Phone 2"), label_of("Home Fax"), label_of("Telefon")
    ('work', 'home fax', '')
    """
    words = fold(header[:READ_MOST]).split()
    return " ".join(label for label, known in _WORDS if any(known.fullmatch(word) for word in words))


def _role(header: str, lead: ColumnRole, titles: Mapping[str, str]) -> str:
    if re.fullmatch(ROLE_PATTERN, header):
        return header
    name = " ".join(word for word in fold(header[:READ_MOST]).split() if not word.isdigit())
    if name in _NAMES:
        return _NAMES[name]
    if (code := titles.get(fold(header))) is not None:
        return FIELD + code
    if _OTHERS.search(name):
        return ContactRole.IGNORE
    if _EMAIL.search(name):
        if _LABEL.search(name):
            return ContactRole.EMAIL_LABEL if " - " in header or "label" in name else ContactRole.IGNORE
        return ContactRole.EMAIL
    if _LABEL.search(name):
        return ContactRole.PHONE_LABEL if _PHONE.search(name) else ContactRole.IGNORE
    if lead in _LEADS:
        return _LEADS[lead]
    return ContactRole.PHONE if _PHONE.search(name) else ContactRole.IGNORE


def _are_words(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column's cells are words without digits, as names are."""
    cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
    return bool(cells) and all(re.fullmatch(r"[^\W\d_][^\d@/_]*", cell.strip()) for cell in cells)


def _are_addresses(rows: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
    return bool(cells) and all(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", cell.strip()) for cell in cells)
