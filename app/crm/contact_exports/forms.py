"""The forms in which contacts are exported: rows of a table, and cards (vCard 4.0, RFC 6350). No I/O."""

import re
from collections.abc import Collection, Sequence
from typing import Final

from app.crm.contact_exports.queries import Exported
from app.lists.contacts.cards import OWN, OWN_ROLES, RAW, TYPES
from app.lists.contacts.roles import REACHED_MOST, ContactRole, layout

_LINE_BYTES: Final = 75
_ESCAPE: Final = re.compile(r"\r\n|[\\,;\n\r]")
_PARAMETER: Final = {"^": "^^", '"': "^'", "\n": "^n"}


def header(phones: int, emails: int, fields: Collection[str]) -> list[str]:
    """The names of a table's columns: the roles that an import gives them.

    Args:
        phones: the most numbers of a contact.
        emails: the most addresses of a contact.
        fields: the codes of custom fields.
    """
    return list(layout(phones, emails, fields))


def cells(one: Exported, phones: int, emails: int, fields: Collection[str]) -> list[str]:
    """A contact's cells below that header."""
    said = _said(one)
    scalar = [said.get(role, "") for role in layout(0, 0, ())]
    pairs = [cell for e164, raw, label, _ in one.phones[:phones] for cell in (label, raw or e164)]
    pairs += [""] * (2 * phones - len(pairs))
    addresses = [cell for address, label, _ in one.emails[:emails] for cell in (label, address)]
    addresses += [""] * (2 * emails - len(addresses))
    return [*scalar, *pairs, *addresses, *(one.values.get(code, "") for code in fields)]


def widest(phones: int, emails: int) -> tuple[int, int]:
    """How many numbers and addresses a table has columns for."""
    return min(phones, REACHED_MOST), min(emails, REACHED_MOST)


def card(one: Exported, fields: Collection[str]) -> str:
    """A contact as a card; what vCard has no word for is in properties of our own."""
    row, said = one.row, _said(one)
    company = row["kind"] == "company"
    names = [row["surname"], row["given_name"], row["patronymic"]]
    shown = row["company_name"] if company else " ".join(filter(None, names)) or row["company_name"]
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"KIND:{'org' if company else 'individual'}", f"FN:{_text(shown)}"]
    lines.append("N:" + ";".join(map(_text, names)) + ";;")
    if row["company_name"]:
        lines.append(f"ORG:{_text(row['company_name'])}")
    for name, role in (
        ("TITLE", ContactRole.JOB_TITLE),
        ("LANG", ContactRole.LANGUAGE),
        ("NOTE", ContactRole.NOTE),
    ):
        if said.get(role):
            lines.append(f"{name}:{_text(said[role])}")
    group = 0
    for e164, raw, label, preferred in one.phones:
        typed = f";{RAW}={_quoted(raw)}" if raw and raw != e164 else ""
        value = f"VALUE=uri{typed}" if e164.startswith("+") else f"VALUE=text{typed}"
        number = f"tel:{e164}" if e164.startswith("+") else _text(e164)
        group += 1
        lines += _reached(f"TEL;{value}", number, label, group=group, preferred=preferred)
    for address, label, preferred in one.emails:
        group += 1
        lines += _reached("EMAIL", _text(address), label, group=group, preferred=preferred)
    if one.tags:
        lines.append("CATEGORIES:" + ",".join(map(_text, one.tags)))
    lines += [
        f"{OWN}{role.upper().replace('_', '-')}:{_text(said[role])}" for role in OWN_ROLES if said.get(role)
    ]
    lines += [
        f"X-KESKUS-FIELD;CODE={code}:{_text(one.values[code])}" for code in fields if code in one.values
    ]
    lines.append("END:VCARD")
    return "".join(map(_folded, lines))


def _said(one: Exported) -> dict[str, str]:
    """The texts of a contact, by role."""
    said = {str(name): str(value) for name, value in one.row.items() if value not in {None, ""}}
    said[ContactRole.ID] = said.pop("id")
    said[ContactRole.TAGS] = "".join(f"{tag}\n" for tag in one.tags)
    for role, rows in ((ContactRole.PREFERRED_PHONE, one.phones), (ContactRole.PREFERRED_EMAIL, one.emails)):
        place = next((place for place, row in enumerate(rows, start=1) if row[-1]), 1)
        said[role] = str(place) if place > 1 else ""
    return said


def _reached(name: str, value: str, label: str, *, group: int, preferred: bool) -> Sequence[str]:
    first = ";PREF=1" if preferred else ""
    if not label:
        return [f"{name}{first}:{value}"]
    if label in TYPES:
        return [f"{name};TYPE={TYPES[label]}{first}:{value}"]
    return [f"item{group}.{name}{first}:{value}", f"item{group}.X-ABLabel:{_text(label)}"]


def _text(said: str) -> str:
    return _ESCAPE.sub(lambda found: r"\n" if found[0][0] in "\r\n" else "\\" + found[0], said)


def _quoted(said: str) -> str:
    """A parameter's value, its own signs written after RFC 6868."""
    return '"' + "".join(_PARAMETER.get(one, one) for one in said) + '"'


def _folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, none of which cuts a letter in two."""
    if len(line) * 4 <= _LINE_BYTES or len(line.encode()) <= _LINE_BYTES:
        return line + "\r\n"
    pieces, piece, size = list[str](), list[str](), 0
    for letter in line:
        length = len(letter.encode())
        if size + length > _LINE_BYTES:
            pieces.append("".join(piece))
            piece, size = [], 1  # the blank that begins the next piece
        piece.append(letter)
        size += length
    pieces.append("".join(piece))
    return "\r\n ".join(pieces) + "\r\n"
