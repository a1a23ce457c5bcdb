"""Address books (vCard): each card is a row, with all its telephones in one cell."""

import quopri
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.lists.columns import ColumnRole
from app.lists.encoding import codec_of, encoding_named
from app.lists.row_errors import CardUnended
from app.lists.rows import CELL_MOST, Row, make_row
from app.lists.text_rows import Lines

HEADER: Final = ("FAMILY", "GIVEN", "ADDITIONAL", "FN", "ORG", "TEL", "EMAIL", "TITLE", "NOTE")
COLUMNS: Final = (
    ColumnRole.SURNAME,
    ColumnRole.GIVEN_NAME,
    ColumnRole.PATRONYMIC,
    ColumnRole.NAME,
    ColumnRole.COMPANY,
    ColumnRole.PHONE,
    ColumnRole.VARIABLE,
    ColumnRole.VARIABLE,
    ColumnRole.VARIABLE,
)
BETWEEN: Final = " ; "
"""Separates several telephones or addresses of one card."""
_ESCAPED: Final = re.compile(r"\\(.)")
_URI: Final = re.compile(r"^\s*tel:", re.IGNORECASE)
OPEN: Final = CardUnended()
_PARTS: Final = re.compile(r"(?<!\\);")


def card_rows(path: Path, encoding: str) -> Iterator[Row]:
    """The cards of a file as rows; a row's number is the line where its card ends."""
    size = max(1, path.stat().st_size)
    with path.open(encoding=codec_of(path, encoding), errors="replace", newline="") as file:
        done = number = 0
        card: dict[str, list[str]] = {}
        for number, line, length in unfolded(Lines(file), CELL_MOST):
            done += length
            name, said = _property(line)
            if name == "BEGIN":
                if (
                    card
                    and (row := make_row(number - 1, _cells(card), min(1.0, done / size), OPEN)) is not None
                ):
                    yield row
                card = {}
            elif name == "END":
                row = make_row(number, _cells(card), min(1.0, done / size))
                card = {}
                if row is not None:
                    yield row
            elif name in {"N", "FN", "ORG", "TEL", "EMAIL", "TITLE", "NOTE"} and len(card.get(name, ())) < 50:
                card.setdefault(name, []).append(said[:CELL_MOST])
        if card and (row := make_row(number, _cells(card), 1.0, OPEN)) is not None:
            yield row


def unfolded(lines: Lines, most: int) -> Iterator[tuple[int, str, int]]:
    """Each property as one line, with the number of its last line and its number of characters in the file.

    Args:
        lines: of the file.
        most: how many characters of a property are enough.
    """
    number, said, length = 0, "", 0
    for line in lines:
        text = line.text.rstrip("\r\n")
        goes_on = said.endswith("=") and "QUOTED-PRINTABLE" in said[:200].upper()
        if said and (goes_on or text[:1] in {" ", "\t"}):
            if len(said) < most:
                said = said[:-1] + text if goes_on else said + text[1:]
            number, length = line.number, length + len(line.text)
            continue
        if said:
            yield number, said, length
        number, said, length = line.number, text, len(line.text)
    if said:
        yield number, said, length


def _property(line: str) -> tuple[str, str]:
    """A property's name and value; a fax gets the word `fax` before its number."""
    head, _, said = line.partition(":")
    name, *parameters = head.upper().split(";")
    if any("QUOTED-PRINTABLE" in one for one in parameters):
        charset = next((one[8:] for one in parameters if one.startswith("CHARSET=")), "utf-8")
        said = quopri.decodestring(said.encode("latin-1", "replace")).decode(
            encoding_named(charset) or "utf-8", "replace"
        )
    name = name.rpartition(".")[2]
    kinds = set(re.split(r"[^A-Z]+", ";".join(parameters)))
    if name == "TEL" and kinds & {"FAX", "PAGER"} and not kinds & {"CELL", "VOICE"}:
        return name, f"fax {_URI.sub('', said).strip()}"
    return name, said.strip()


def _cells(card: dict[str, list[str]]) -> list[str]:
    parts = [_plain(part) for part in _PARTS.split((card.get("N") or [""])[0])] + [""] * 3
    surname, given, additional = parts[:3]
    whole = "" if surname or given else _plain((card.get("FN") or [""])[0])
    company = " ".join(_plain(part) for part in _PARTS.split((card.get("ORG") or [""])[0]) if part)
    phones = BETWEEN.join(_phone(one) for one in card.get("TEL", ()))
    rest = (BETWEEN.join(_plain(one) for one in card.get(name, ())) for name in ("EMAIL", "TITLE", "NOTE"))
    return [surname, given, additional, whole, company, phones, *rest]


def _phone(said: str) -> str:
    number, *parameters = said.removeprefix("tel:").removeprefix("TEL:").split(";")
    extension = next((one[4:] for one in parameters if one.lower().startswith("ext=")), "")
    return f"{number} ext {extension}" if extension else _plain(number)


def _plain(said: str) -> str:
    return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], said).strip()
