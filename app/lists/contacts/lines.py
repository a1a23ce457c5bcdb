"""Makes a contact of a row, or says why the row makes none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from app.domain.errors import Refusal
from app.domain.names import fold
from app.lists.beside import numbers_of
from app.lists.contacts.roles import FIELD, REACHED_MOST, ContactRole, label_of
from app.lists.drafts import Rejected, split_name
from app.lists.reading import Reading
from app.lists.row_errors import (
    NoAddress,
    NoKind,
    NoLanguage,
    RowEmpty,
    RowIsTotal,
    RowNoText,
    RowTextTooLong,
    RowUnfit,
    TagTooLong,
    TooManyReached,
    TooManyTagsSaid,
    stored,
)
from app.lists.rows import Row
from app.numbers.errors import NumberUnreadable
from app.numbers.reader import contact_key, written

LINE_MOST: Final = 200
NOTE_MOST: Final = 20_000
FIELD_MOST: Final = 1_000
TAGS_MOST: Final = 50
TAG_MOST: Final = 100
_MOST: Final = {ContactRole.NOTE: NOTE_MOST, ContactRole.REGISTRY_CODE: 40, ContactRole.LANGUAGE: 10}
_TEXTS: Final = frozenset(
    {
        ContactRole.SURNAME,
        ContactRole.GIVEN_NAME,
        ContactRole.PATRONYMIC,
        ContactRole.COMPANY_NAME,
        ContactRole.REGISTRY_CODE,
        ContactRole.EMPLOYER,
        ContactRole.EMPLOYER_CODE,
        ContactRole.JOB_TITLE,
        ContactRole.EXTERNAL_ID,
        ContactRole.LANGUAGE,
        ContactRole.OWNER,
        ContactRole.NOTE,
    }
)
_TOTALS: Final = frozenset(
    map(fold, ("kokku", "summa", "total", "итого", "всего", "kopā", "iš viso", "yhteensä"))
)
"""What stands before the sums below a table."""
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z\-]{1,10}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END: Final = re.compile(r"[\t\r\n]")
_SEVERAL: Final = " ::: "
"""Between several values of one cell of Google's."""
_FIRST: Final = "* "
"""Before the label of Google's preferred value, and before its own groups."""


class PhoneSaid(NamedTuple):
    """A number of a row."""

    e164: str
    raw: str
    label: str


class EmailSaid(NamedTuple):
    """An address of a row."""

    address: str
    label: str


@dataclass(slots=True, frozen=True)
class ContactLine:
    """What a row says of a contact; what it leaves blank it does not say."""

    said: dict[str, str] = field(default_factory=dict)
    """Texts by role: names, codes, the note, the employer; `kind`, where it is said."""
    phones: tuple[PhoneSaid, ...] = ()
    emails: tuple[EmailSaid, ...] = ()
    preferred_phone: int = 0
    """Which number is the preferred one, from 1; 0: not said."""
    preferred_email: int = 0
    tags: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    """Values of custom fields by code, as typed."""
    unread: tuple[Mapping[str, Any], ...] = ()
    """Why parts of its numbers could not be read, where another number could."""
    aside: tuple[str, ...] = ()
    """Cells of telephones of which no number could be read: a new contact has them in its note."""

    @property
    def is_company(self) -> bool:
        """Whether the row is a company's: it says so, or names a company and nobody."""
        if kind := self.said.get(ContactRole.KIND):
            return kind == "company"
        person = (ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.PATRONYMIC)
        return bool(self.said.get(ContactRole.COMPANY_NAME)) and not any(map(self.said.get, person))

    @property
    def name(self) -> str:
        """How the contact would be shown."""
        person = (ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.PATRONYMIC)
        names = " ".join(self.said[one] for one in person if one in self.said)
        company = self.said.get(ContactRole.COMPANY_NAME, "")
        return company if self.is_company else names or company

    def as_json(self) -> dict[str, Any]:
        """The form in which the reading process sends it."""
        return {
            "said": self.said,
            "phones": self.phones,
            "emails": self.emails,
            "preferred_phone": self.preferred_phone,
            "preferred_email": self.preferred_email,
            "tags": self.tags,
            "fields": self.fields,
            "unread": self.unread,
            "aside": self.aside,
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> "ContactLine":
        """The line from the form of `as_json`."""
        return cls(
            **{
                **said,
                "phones": tuple(PhoneSaid(*one) for one in said["phones"]),
                "emails": tuple(EmailSaid(*one) for one in said["emails"]),
                "tags": tuple(said["tags"]),
                "unread": tuple(said["unread"]),
                "aside": tuple(said["aside"]),
            }
        )


class _Unread(ValueError):  # noqa: N818 - never leaves this module
    """A cell of telephones that has several parts that cannot be read."""

    def __init__(self, faults: tuple[Refusal, ...]) -> None:
        super().__init__()
        self.faults = faults


def to_line(row: Row, reading: Reading, region: str) -> ContactLine | Rejected:
    """The contact that a row makes, or the row with the reason why it makes none.

    Args:
        row: a row of the file.
        reading: how the file is read; it has roles.
        region: country of numbers without a country code.
    """
    if row.fault:
        return Rejected(row, (row.fault,))
    try:
        return _line(row, reading, region)
    except RowUnfit as error:
        return Rejected(row, (error,))
    except _Unread as error:
        return Rejected(row, error.faults)


def _line(row: Row, reading: Reading, region: str) -> ContactLine:  # noqa: C901, PLR0912 - one role after another
    roles = reading.roles or ()
    said: dict[str, str] = {}
    numbers = _Telephones(row, reading, region=region)
    emails: dict[str, EmailSaid] = {}
    fields: dict[str, str] = {}
    tags: dict[str, None] = {}
    first: dict[str, int] = {ContactRole.PHONE: 0, ContactRole.EMAIL: 0}
    for place, cell in enumerate(row.cells):
        role = roles[place] if place < len(roles) else ContactRole.IGNORE
        if role == ContactRole.IGNORE or not cell.strip():
            continue
        # What a program puts before a number is no part of it; whoever reads numbers passes it over.
        if (role != ContactRole.PHONE and _CONTROL.search(cell)) or "\N{REPLACEMENT CHARACTER}" in cell:
            raise RowNoText
        if role.startswith(FIELD):
            fields[role.removeprefix(FIELD)] = _bounded(cell, FIELD_MOST, role.removeprefix(FIELD))
        elif role == ContactRole.PHONE:
            first[role] = numbers.add(place, first[role])
        elif role == ContactRole.EMAIL:
            label, is_first = _label(row, reading, place, ContactRole.EMAIL_LABEL)
            for address in _addresses(cell):
                emails.setdefault(address.casefold(), EmailSaid(address, label))
                first[role] = first[role] or (list(emails).index(address.casefold()) + 1) * is_first
        elif role == ContactRole.TAGS:
            tags.update(dict.fromkeys(_tags(cell)))
        elif role == ContactRole.PREFERRED_PHONE:
            first[ContactRole.PHONE] = _whole(cell)
        elif role == ContactRole.PREFERRED_EMAIL:
            first[ContactRole.EMAIL] = _whole(cell)
        elif role == ContactRole.KIND:
            said[role] = _kind(cell)
        elif role == ContactRole.NAME:
            said[role] = _one_line(cell, ContactRole.NAME)
        elif role in {ContactRole.ID, ContactRole.EMPLOYER_ID}:
            said[role] = _one_line(cell, role)
        elif role in _TEXTS:
            said[role] = _text(cell, role)
    if numbers.unread and not numbers.phones:
        raise _Unread(tuple(numbers.unread))
    whole = said.pop(ContactRole.NAME, "")
    if whole and not said.keys() & {ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.PATRONYMIC}:
        names = zip(
            (ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.PATRONYMIC),
            split_name(whole),
            strict=True,
        )
        company = said.get(ContactRole.KIND) == "company" or said.get(ContactRole.COMPANY_NAME) == whole
        said |= {ContactRole.COMPANY_NAME: whole} if company else {role: name for role, name in names if name}
    if len(numbers.phones) > REACHED_MOST or len(emails) > REACHED_MOST:
        raise TooManyReached(most=REACHED_MOST)
    if len(tags) > TAGS_MOST:
        raise TooManyTagsSaid(most=TAGS_MOST)
    if not (said.keys() - {ContactRole.KIND} or numbers.phones or emails):
        raise RowEmpty
    if not (numbers.phones or emails) and fold(next(filter(str.strip, row.cells), "")) in _TOTALS:
        raise RowIsTotal
    preferred = [
        place if place <= count else 0
        for place, count in (
            (first[ContactRole.PHONE], len(numbers.phones)),
            (first[ContactRole.EMAIL], len(emails)),
        )
    ]
    return ContactLine(
        said=said,
        phones=tuple(numbers.phones.values()),
        emails=tuple(emails.values()),
        preferred_phone=preferred[0],
        preferred_email=preferred[1],
        tags=tuple(tags),
        fields=fields,
        unread=tuple(map(stored, numbers.unread)),
        aside=tuple(numbers.aside),
    )


@dataclass(slots=True)
class _Telephones:
    """The numbers of a row, cell after cell."""

    row: Row
    reading: Reading
    region: str
    phones: dict[str, PhoneSaid] = field(default_factory=dict)
    unread: list[Refusal] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def add(self, place: int, preferred: int) -> int:
        """Read a cell; return which number of the row is preferred, from 1, by the first label that says so, or 0."""
        label, is_first = _label(self.row, self.reading, place, ContactRole.PHONE_LABEL)
        found, faults = _numbers(self.row, self.reading, place, self.region)
        self.unread += faults
        if not found:
            self.aside.append(self.row.cells[place].strip())
        for e164, raw in found:
            self.phones.setdefault(e164, PhoneSaid(e164, raw, label))
            preferred = preferred or (list(self.phones).index(e164) + 1) * is_first
        return preferred


def _label(row: Row, reading: Reading, place: int, role: ContactRole) -> tuple[str, bool]:
    """The label of the value in a cell, and whether Google marks it as the preferred one."""
    roles, header = reading.roles or (), reading.header or ()
    value = ContactRole.PHONE if role is ContactRole.PHONE_LABEL else ContactRole.EMAIL
    follows = role in roles and roles.index(value) < roles.index(role)
    at = place + 1 if follows else place - 1
    if not 0 <= at < len(roles) or roles[at] != role:
        return label_of(header[place]) if place < len(header) else "", False
    label = _one_line(row.cells[at], role) if at < len(row.cells) else ""
    google = at < len(header) and " - " in header[at]
    is_first = google and label.startswith(_FIRST.strip())
    return (label.removeprefix("*").strip() if is_first else label), is_first


def _numbers(
    row: Row, reading: Reading, place: int, region: str
) -> tuple[list[tuple[str, str]], Sequence[Refusal]]:
    """The numbers of a cell as keys and as typed, and why parts of it are none.

    Where only a part can be read, the first number has the whole cell as what was typed: nothing of it is lost.
    """
    cell = row.cells[place].strip()
    read = numbers_of(row.cells, place, reading.header, region)
    whole = len(read.numbers) == 1 or bool(read.unread)
    if read.numbers:
        keys = [one.e164 for one in read.numbers]
        raws = [written(cell) if whole else written(read.numbers[0].raw)]
        raws += [written(one.raw) for one in read.numbers[1:]]
        return list(zip(keys, raws, strict=True)), [one.refusal for one in read.unread]
    try:
        return [(contact_key(cell, region), written(cell))], ()
    except NumberUnreadable as error:
        return [], [one.refusal for one in read.unread] or [error]


def _addresses(cell: str) -> list[str]:
    found = [one.strip() for one in re.split(r" ::: |[;,\s]+", cell) if one.strip()]
    for one in found:
        if len(one) > 254 or not _ADDRESS.fullmatch(one):
            raise NoAddress(text=one[:60])
    return found


def _tags(cell: str) -> list[str]:
    """Names of tags; Google's own groups, such as `* myContacts`, are none."""
    if "\n" in cell:
        found = cell.split("\n")
    elif _SEVERAL in cell or cell.startswith(_FIRST):
        found = [one for one in cell.split(_SEVERAL) if not one.strip().startswith("*")]
    else:
        found = re.split(r"[;,]", cell)
    tags = [one.strip() for one in found if one.strip()]
    if long := next((one for one in tags if len(one) > TAG_MOST), ""):
        raise TagTooLong(tag=long[:60], most=TAG_MOST)
    return tags


def _kind(cell: str) -> str:
    kind = cell.strip().lower()
    if kind not in {"person", "company"}:
        raise NoKind(text=cell[:40])
    return kind


def _whole(cell: str) -> int:
    return int(cell) if cell.strip().isdecimal() and len(cell) < 4 else 0


def _text(cell: str, role: str) -> str:
    if role == ContactRole.NOTE:
        return _bounded(cell, NOTE_MOST, role)
    text = _one_line(cell, role)
    if role == ContactRole.LANGUAGE and not _LANGUAGE.fullmatch(text):
        raise NoLanguage(text=text[:40])
    return text


def _one_line(cell: str, role: str) -> str:
    return _bounded(_LINE_END.sub(" ", cell).strip(), _MOST.get(ContactRole(role), LINE_MOST), role)


def _bounded(text: str, most: int, role: str) -> str:
    if len(text) > most:
        raise RowTextTooLong(column=role.replace("_", " "), most=most)
    return text
