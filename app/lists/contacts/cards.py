"""Address books (vCard 2.1, 3.0 and 4.0) as contacts: each card is a row, laid out as an exported table is.

Sources: RFC 6350 (4.0), RFC 2426 (3.0). Labels that a program gives itself come as Apple's `X-ABLabel` of a group. What
vCard has no word for is in properties of our own, `X-KESKUS-...`.
"""

import quopri
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from app.domain.errors import Refusal
from app.lists.contacts.roles import FIELD, REACHED_MOST, ContactRole, layout
from app.lists.encoding import codec_of, encoding_named
from app.lists.row_errors import TooManyReached
from app.lists.rows import CELL_MOST, Row, make_row, marked
from app.lists.text_rows import Lines
from app.lists.vcards import OPEN, unfolded

OWN: Final = "X-KESKUS-"
"""Begins the names of properties of our own."""
OWN_ROLES: Final = (
    ContactRole.ID,
    ContactRole.REGISTRY_CODE,
    ContactRole.EMPLOYER_ID,
    ContactRole.EMPLOYER,
    ContactRole.EMPLOYER_CODE,
    ContactRole.EXTERNAL_ID,
    ContactRole.OWNER,
)
"""Roles with a property of our own."""
KINDS: Final = {"org": "company", "organization": "company", "individual": "person"}
_SCALAR: Final = {
    "TITLE": ContactRole.JOB_TITLE,
    "LANG": ContactRole.LANGUAGE,
    "NOTE": ContactRole.NOTE,
    **{OWN + role.upper().replace("_", "-"): role for role in OWN_ROLES},
}
_LABELS: Final = {
    "CELL": "mobile",
    "MOBILE": "mobile",
    "HOME": "home",
    "WORK": "work",
    "FAX": "fax",
    "PAGER": "pager",
    "CAR": "car",
    "OTHER": "other",
}
TYPES: Final = {label: kind.lower() for kind, label in _LABELS.items() if kind != "MOBILE"}
"""The type of a number or an address for a label."""
RAW: Final = "X-KESKUS-RAW"
"""The parameter with a number as it was typed; letters that may not stand there are written after RFC 6868."""
_QUOTED: Final = re.compile(r"\^['n^]")
_APPLE: Final = re.compile(r"_\$!<(.*)>!\$_")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PARTS: Final = re.compile(r"(?:[^;\\]|\\.)*", re.DOTALL)
_LISTED: Final = re.compile(r"(?:[^,\\]|\\.)*", re.DOTALL)
_PARAMETER: Final = re.compile(r';([A-Za-z0-9\-]+)(?:=("[^"]*"|[^;:"]*))?((?:,(?:"[^"]*"|[^;:,"]*))*)')
_NAME: Final = re.compile(r"(?:([A-Za-z0-9\-]+)\.)?([A-Za-z0-9\-]+)")
_TOO_MANY: Final = TooManyReached(most=REACHED_MOST)


class _Property(NamedTuple):
    group: str
    name: str
    parameters: Mapping[str, Sequence[str]]
    value: str


@dataclass(slots=True)
class _Card:
    scalar: dict[str, str] = field(default_factory=dict)
    reached: dict[str, list[_Property]] = field(default_factory=lambda: {"TEL": [], "EMAIL": []})
    labels: dict[str, str] = field(default_factory=dict)
    """Labels by group."""
    tags: list[str] = field(default_factory=list)
    opened: bool = False


def card_header(fields: Collection[str]) -> tuple[str, ...]:
    """The roles of a card's cells; `fields` are the codes of custom fields."""
    return layout(REACHED_MOST, REACHED_MOST, fields)


def contact_card_rows(path: Path, encoding: str, header: Sequence[str]) -> Iterator[Row]:
    """The cards of a file as rows with these cells; a row's number is the line where its card ends."""
    size = max(1, path.stat().st_size)
    with path.open(encoding=codec_of(path, encoding), errors="replace", newline="") as file:
        done, number, card = 0, 0, _Card()
        for number, line, length in unfolded(Lines(file), 2 * CELL_MOST):
            done += length
            said = read_property(line)
            if said is None:
                continue
            progress = min(1.0, done / size)
            if said.name == "BEGIN":
                if card.opened and (row := _row(number - 1, card, header, progress, OPEN)) is not None:
                    yield row
                card = _Card(opened=True)
            elif said.name == "END":
                if (row := _row(number, card, header, progress)) is not None:
                    yield row
                card = _Card()
            else:
                _take(card, said)
        if card.opened and (row := _row(number, card, header, 1.0, OPEN)) is not None:
            yield row


def read_property(line: str) -> _Property | None:
    """A property of an unfolded line; None: the line is none.

    >>> read_property("item1.TEL;TYPE=cell;PREF=1:+37255500123")
    _Property(group='item1', name='TEL', parameters={'TYPE': ['cell'], 'PREF': ['1']}, value='+37255500123')
    """
    named = _NAME.match(line)
    if named is None:
        return None
    parameters: dict[str, list[str]] = {}
    place = named.end()
    while (found := _PARAMETER.match(line, place)) is not None:
        # In vCard 2.1 a parameter may be a bare type: `TEL;CELL:...`.
        name, values = (found[1].upper(), found[2] + found[3]) if found[2] is not None else ("TYPE", found[1])
        parameters.setdefault(name, []).extend(
            one.strip('"') for one in re.findall(r'"[^"]*"|[^,"]+', values)
        )
        place = found.end()
    if line[place : place + 1] != ":":
        return None
    value = line[place + 1 :]
    types = [one.upper() for one in (*parameters.get("ENCODING", ()), *parameters.get("TYPE", ()))]
    if "QUOTED-PRINTABLE" in types:
        charset = encoding_named(next(iter(parameters.get("CHARSET", ())), "utf-8")) or "utf-8"
        value = quopri.decodestring(value.encode("latin-1", "replace")).decode(charset, "replace")
    return _Property((named[1] or "").lower(), named[2].upper(), parameters, value)


def plain(value: str) -> str:
    r"""A text without vCard's escapes.

    >>> plain(r"a\, b\nc")
    'a, b\nc'
    """
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def parts_of(value: str, *, listed: bool = False) -> list[str]:
    r"""The parts of a value with semicolons between; with commas, where it is `listed`.

    >>> parts_of(r"Kask;Kal\;le;;"), parts_of(r"a,b\,c", listed=True)
    (['Kask', 'Kal;le', '', ''], ['a', 'b,c'])
    """
    found, place = [], 0
    pattern = _LISTED if listed else _PARTS
    while True:
        part = pattern.match(value, place)
        assert part is not None  # it may be empty
        found.append(plain(part[0]))
        if part.end() >= len(value):
            return found
        place = part.end() + 1


def _take(card: _Card, said: _Property) -> None:  # noqa: C901, PLR0912 - one property after another
    match said.name:
        case "N":
            names = [*parts_of(said.value), "", "", ""]
            for role, name in zip(
                (ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.PATRONYMIC), names, strict=False
            ):
                card.scalar.setdefault(role, name)
        case "FN":
            card.scalar.setdefault(ContactRole.NAME, plain(said.value))
        case "ORG":
            card.scalar.setdefault(ContactRole.COMPANY_NAME, " ".join(filter(None, parts_of(said.value))))
        case "KIND" | "X-ADDRESSBOOKSERVER-KIND":
            card.scalar.setdefault(ContactRole.KIND, KINDS.get(said.value.strip().lower(), ""))
        case "X-ABSHOWAS":
            card.scalar.setdefault(
                ContactRole.KIND, "company" if said.value.strip().upper() == "COMPANY" else ""
            )
        case "TEL" | "EMAIL":
            if len(card.reached[said.name]) <= REACHED_MOST and said.value.strip():
                card.reached[said.name].append(said)
        case "X-ABLABEL":
            label = plain(said.value)
            apple = _APPLE.fullmatch(label)
            card.labels[said.group] = apple[1].lower() if apple else label
        case "CATEGORIES":
            card.tags += parts_of(said.value, listed=True)[:REACHED_MOST]
        case "X-KESKUS-FIELD":
            for code in said.parameters.get("CODE", ()):
                card.scalar.setdefault(FIELD + code.lower(), plain(said.value))
        case name if name in _SCALAR:
            card.scalar.setdefault(_SCALAR[name], plain(said.value))


def _row(
    number: int, card: _Card, header: Sequence[str], progress: float, fault: Refusal | None = None
) -> Row | None:
    name = card.scalar.pop(ContactRole.NAME, "")
    names = (ContactRole.SURNAME, ContactRole.GIVEN_NAME, ContactRole.PATRONYMIC)
    if name and not any(map(card.scalar.get, (*names, ContactRole.COMPANY_NAME))):
        company = card.scalar.get(ContactRole.KIND) == "company"
        card.scalar[ContactRole.COMPANY_NAME if company else ContactRole.SURNAME] = name
    if card.tags:
        card.scalar[ContactRole.TAGS] = "\n".join([*card.tags, ""])
    cells = [card.scalar.get(role, "") for role in header]
    for kind, value, label, preferred in (
        ("TEL", ContactRole.PHONE, ContactRole.PHONE_LABEL, ContactRole.PREFERRED_PHONE),
        ("EMAIL", ContactRole.EMAIL, ContactRole.EMAIL_LABEL, ContactRole.PREFERRED_EMAIL),
    ):
        reached = card.reached[kind]
        if len(reached) > REACHED_MOST:
            fault = fault or _TOO_MANY
        places = [place for place, role in enumerate(header) if role == value]
        labels = [place for place, role in enumerate(header) if role == label]
        for place, at, one in zip(places, labels, reached, strict=False):
            cells[place], cells[at] = _reached(one), _label(one, card.labels)
        first = next((place for place, one in enumerate(reached, start=1) if _is_first(one)), 0)
        cells[header.index(preferred)] = str(first) if first else ""
    # No cell of a card has a mark of text: one that looks like it is the text itself.
    return make_row(number, [marked(cell) for cell in cells], progress, fault, whole=True)


def _reached(one: _Property) -> str:
    """A number or an address; a number's URI as a number, or as it was typed where the card says so."""
    if raw := "".join(one.parameters.get(RAW, ())):
        return _QUOTED.sub(lambda found: {"^'": '"', "^n": " ", "^^": "^"}[found[0]], raw)
    value = plain(one.value).strip()
    scheme, _, rest = value.partition(":")
    if scheme.lower() == "mailto":
        return rest
    if scheme.lower() != "tel":
        return value
    number, *parameters = rest.split(";")
    extension = next((said[4:] for said in parameters if said.lower().startswith("ext=")), "")
    return f"{number} ext {extension}" if extension else number


def _label(one: _Property, labels: Mapping[str, str]) -> str:
    if one.group and one.group in labels:
        return labels[one.group]
    types = [kind.upper() for kind in one.parameters.get("TYPE", ())]
    return " ".join(dict.fromkeys(_LABELS[kind] for kind in types if kind in _LABELS))


def _is_first(one: _Property) -> bool:
    types = {kind.upper() for kind in one.parameters.get("TYPE", ())}
    return "PREF" in types or "1" in one.parameters.get("PREF", ())
