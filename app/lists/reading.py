"""How a file is read: kind, encoding, delimiter, sheet, header and columns. All is guessed; users may correct it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from app.lists.columns import ColumnRole, guess_columns, has_header
from app.lists.contacts.cards import card_header, contact_card_rows
from app.lists.contacts.roles import ContactRole, guess_roles
from app.lists.encoding import codec_of, detect
from app.lists.errors import CardsUndelimited, ColumnsMiscounted, NoSheets, SheetUnknown, WorkbookUnencoded
from app.lists.file_errors import FileNoList, FileWithoutRows, RowsHidden
from app.lists.headers import PhoneWord, phone_word, role_of_header
from app.lists.kinds import Kind, kind_of
from app.lists.ods import OdsBook
from app.lists.rows import Row
from app.lists.text_rows import Line, Lines, delimiter_said, records, text_rows
from app.lists.vcards import COLUMNS as CARD_COLUMNS
from app.lists.vcards import HEADER as CARD_HEADER
from app.lists.vcards import card_rows
from app.lists.workbook import SheetSeen, Workbook
from app.numbers.reader import read_numbers

LOOKED_AT: Final = 200
"""How many rows a guess is made from."""
NAME_MOST: Final = 100
"""The most characters of a column's name."""
TITLES_MOST: Final = 20
"""The most rows before the header."""
SAMPLE: Final = 500_000
"""How many characters a delimiter is guessed from."""
SHOWN: Final = 10
DELIMITERS: Final = (";", ",", "\t", "|")
REJECTED_HEADER: Final = ("row", "why")
"""The headers of the first columns in the service's own files of rejected rows."""

OWN_HEADER: Final = (ContactRole.ID.value, ContactRole.KIND.value)
"""The headers of the first columns in the service's own files of contacts."""
OWN_BEGINS: Final = DELIMITERS[0].join(OWN_HEADER)


@dataclass(slots=True, frozen=True)
class Reading:
    """How a file is read."""

    encoding: str
    """One of `app.lists.encoding.ENCODINGS`; empty for a workbook."""
    delimiter: str
    """One character; empty for a workbook and for cards."""
    header: tuple[str, ...] | None
    """The row that names the columns, if one does."""
    columns: tuple[ColumnRole, ...]
    """The role of each column."""
    header_at: int = 0
    """The header's row, as `Row.number` counts; rows before it are titles. 0: the first row that is not blank."""
    sheet: str = ""
    """The sheet that is read; empty for other files than workbooks."""
    roles: tuple[str, ...] | None = None
    """For a list of contacts, the role of each column: see `app.lists.contacts.roles`; None: it is another list."""

    @property
    def whole(self) -> bool:
        """Whether texts keep their blanks and lines, as a contact's do."""
        return self.roles is not None

    @property
    def is_cards(self) -> bool:
        """Whether the file is an address book (vCard), whose columns are always the same."""
        return bool(self.encoding) and not self.delimiter

    @property
    def is_rejected(self) -> bool:
        """Whether the file is one of the service's own files of rejected rows."""
        return self.header is not None and self.header[:2] == REJECTED_HEADER

    def as_json(self) -> dict[str, Any]:
        """The form in which the database and the reading process have it."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header": list(self.header) if self.header is not None else None,
            "columns": [role.value for role in self.columns],
            "header_at": self.header_at,
            "sheet": self.sheet,
        } | ({"roles": list(self.roles)} if self.roles is not None else {})

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Reading":
        """The reading from the form of `as_json`."""
        header = said["header"]
        return cls(
            encoding=said["encoding"],
            delimiter=said["delimiter"],
            header=tuple(header) if header is not None else None,
            columns=tuple(ColumnRole(role) for role in said["columns"]),
            header_at=said.get("header_at", 0),
            sheet=said.get("sheet", ""),
            roles=tuple(said["roles"]) if "roles" in said else None,
        )


UNREAD: Final = Reading(encoding="", delimiter="", header=None, columns=())
"""The reading of a file that has not been examined yet."""


@dataclass(slots=True, frozen=True)
class Wish:
    """A user's choices of how a file is read. None: guessed, or as before."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: bool | None = None
    columns: tuple[ColumnRole, ...] | None = None
    roles: tuple[str, ...] | None = None
    """For a list of contacts, in place of `columns`."""

    def as_json(self) -> dict[str, Any]:
        """The form in which the reading process gets it."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Wish":
        """The wish from the form of `as_json`."""
        columns, roles = said["columns"], said.get("roles")
        told = {"columns": None if columns is None else tuple(map(ColumnRole, columns))}
        return cls(**{**said, **told, "roles": None if roles is None else tuple(roles)})

    @property
    def begins_anew(self) -> bool:
        """Whether the choices lead to other rows, so that header and columns have to be guessed again."""
        return not (self.encoding is None and self.delimiter is None and self.sheet is None)


@dataclass(slots=True, frozen=True)
class Looked:
    """A file that has been examined."""

    reading: Reading
    rows: Sequence[Row]
    """The first rows after the header."""
    sheets: Sequence[SheetSeen] = field(default=())
    """All sheets of a workbook; empty for other files."""


@lru_cache(maxsize=8)
def names_of(header: tuple[str, ...]) -> tuple[str, ...]:
    """The name under which each column's cells are stored: its header, made unique.

    >>> names_of(("Märkus", "Märkus", ""))
    ('Märkus', 'Märkus 2', 'column 3')
    """
    names: dict[str, None] = {}
    for place, said in enumerate(header):
        name = first = said[:NAME_MOST] or f"column {place + 1}"
        count = 1
        while name in names:
            count += 1
            name = f"{first} {count}"
        names[name] = None
    return tuple(names)


def rows_of(path: Path, reading: Reading) -> Iterator[Row]:
    """The rows of a file without titles, header and blank rows; the file is read a piece at a time.

    Raises:
        FileUnreadable: the file cannot be read to its end; the rows before that have been yielded.
    """
    rows = _all_rows(path, reading)
    if reading.header is None or reading.is_cards:
        return rows
    return _after(rows, reading.header_at)


def look(
    path: Path,
    region: str,
    wish: Wish | None = None,
    before: Reading | None = None,
    *,
    fields: Mapping[str, Sequence[str]] | None = None,
) -> Looked:
    """Detect how a file is read, and read its first rows.

    Args:
        path: the file.
        region: country of numbers without a country code.
        wish: the user's choices; the rest is guessed.
        before: how it was read until now.
        fields: for a list of contacts, the titles of custom fields by code; None: it is another list.

    Raises:
        FileUnreadable: it is of no kind that can be read, or has no rows.
        ReadingUnfit: it cannot be read as the user chose.
    """
    wish = wish or Wish()
    looked = _look(path, region, wish, before, fields)
    if fields is None:
        return looked
    reading = looked.reading
    roles = wish.roles or (before.roles if before is not None and not wish.begins_anew else None)
    if roles is None or (wish.roles is None and len(roles) != len(reading.columns)):
        roles = guess_roles(reading.header, reading.columns, [row.cells for row in looked.rows], fields)
    if len(roles) != len(reading.columns):
        raise ColumnsMiscounted(columns=len(reading.columns), given=len(roles))
    reading = replace(reading, roles=roles)
    return replace(looked, reading=reading, rows=list(islice(rows_of(path, reading), LOOKED_AT)))


def _look(
    path: Path, region: str, wish: Wish, before: Reading | None, fields: Mapping[str, Sequence[str]] | None
) -> Looked:
    kind = kind_of(path)
    if kind in {Kind.XLSX, Kind.ODS}:
        looked = _look_at_sheets(path, kind, region, wish, before)
    else:
        if wish.sheet is not None:
            raise NoSheets
        looked = _look_at_text(path, kind, region, wish, before, fields=fields)
    reading = looked.reading
    if wish.header is not None and kind is not Kind.VCARD and wish.header != (reading.header is not None):
        first = next(_all_rows(path, reading))
        reading = replace(
            reading,
            header=tuple(first.cells) if wish.header else None,
            header_at=first.number if wish.header else 0,
        )
    if wish.columns is not None:
        if len(wish.columns) != len(reading.columns):
            raise ColumnsMiscounted(columns=len(reading.columns), given=len(wish.columns))
        reading = replace(reading, columns=wish.columns)
    if reading != looked.reading:
        looked = replace(looked, reading=reading, rows=list(islice(rows_of(path, reading), LOOKED_AT)))
    return looked


def guess(path: Path, region: str) -> tuple[Reading, list[Row]]:
    """Guess how a file is read, and read its first rows; see `look`."""
    looked = look(path, region)
    return looked.reading, list(looked.rows)


def _look_at_text(
    path: Path,
    kind: Kind,
    region: str,
    wish: Wish,
    before: Reading | None,
    *,
    fields: Mapping[str, Sequence[str]] | None,
) -> Looked:
    encoding = wish.encoding or (before.encoding if before else "") or detect(path)
    if kind is Kind.VCARD:
        if wish.delimiter is not None:
            raise CardsUndelimited
        if fields is not None:
            header = card_header(fields)
            of_contacts = Reading(
                encoding=encoding, delimiter="", header=header, columns=_unnamed(header), roles=header
            )
            return Looked(of_contacts, _some(of_contacts, path))
        cards = Reading(encoding=encoding, delimiter="", header=CARD_HEADER, columns=CARD_COLUMNS)
        return Looked(cards, _some(cards, path))
    delimiter = wish.delimiter or (before.delimiter if before else "") or _delimiter(path, encoding)
    if before is not None and not wish.begins_anew:
        return Looked(before, _some(before, path))
    return Looked(
        *_guess_columns(
            Reading(encoding=encoding, delimiter=delimiter, header=None, columns=()), path, region
        )
    )


def _look_at_sheets(path: Path, kind: Kind, region: str, wish: Wish, before: Reading | None) -> Looked:
    if wish.encoding is not None or wish.delimiter is not None:
        raise WorkbookUnencoded
    with _open_book(path, kind) as book:
        sheets = [SheetSeen(sheet.name, book.count(sheet), sheet.hidden) for sheet in book.sheets]
        if wish.sheet is not None and wish.sheet not in {one.name for one in sheets}:
            raise SheetUnknown(sheet=wish.sheet[:60])
        wanted = wish.sheet if wish.sheet is not None else before.sheet if before else ""
        if before is not None and wish.sheet in {None, before.sheet}:
            return Looked(before, _some(before, path), sheets)
        if wanted:
            return Looked(
                *_guess_columns(
                    Reading(encoding="", delimiter="", header=None, columns=(), sheet=wanted), path, region
                ),
                sheets,
            )
    filled = [one for one in sheets if one.rows and not one.hidden]
    if not filled:
        elsewhere = ", ".join(one.name[:60] for one in sheets if one.rows)
        if elsewhere:
            raise RowsHidden(sheets=elsewhere)
        raise FileWithoutRows
    for one in filled:
        guessed = _guess_columns(
            Reading(encoding="", delimiter="", header=None, columns=(), sheet=one.name), path, region
        )
        if ColumnRole.PHONE in guessed[0].columns:
            return Looked(*guessed, sheets)
    return Looked(
        *_guess_columns(
            Reading(encoding="", delimiter="", header=None, columns=(), sheet=filled[0].name), path, region
        ),
        sheets,
    )


def _guess_columns(reading: Reading, path: Path, region: str) -> tuple[Reading, list[Row]]:
    """Guess header and columns; return the reading with them, and the first rows.

    Raises:
        FileUnreadable: there are no rows, or none can be read.
    """
    rows = list(islice(_all_rows(path, reading), LOOKED_AT))
    if not rows:
        raise FileWithoutRows
    sound = [row for row in rows if not row.fault]
    if not sound:
        raise FileNoList(row=rows[0].number)
    place = _header_place([row.cells for row in sound[: TITLES_MOST + LOOKED_AT]], region)
    header = tuple(sound[place].cells) if place is not None else None
    after = sound[place + 1 :] if place is not None else sound
    columns = list(guess_columns(header, [row.cells for row in after], region))
    if header is not None and header[:2] == REJECTED_HEADER:
        columns = [
            *[ColumnRole.IGNORE] * 2,
            *guess_columns(header[2:], [row.cells[2:] for row in after], region),
        ]
    made = replace(
        reading,
        header=header,
        columns=tuple(columns),
        header_at=sound[place].number if place is not None else 0,
    )
    return made, [row for row in rows if not made.header_at or row.number > made.header_at]


def _header_place(rows: Sequence[Sequence[str]], region: str) -> int | None:
    """The index of the row that names the columns, if one does; rows before it are titles."""
    wide = max(_filled(cells) for cells in rows) > 1
    if (below := _below_telephones(rows, region)) is not None:
        return below
    for place, cells in enumerate(rows[:TITLES_MOST]):
        if tuple(cells[:2]) in {REJECTED_HEADER, OWN_HEADER}:
            return place
        if any(read_numbers(cell, region).numbers for cell in cells):
            break
        if (
            (not wide or _filled(cells) > 1)  # a title has one cell
            and any(role_of_header(cell) is not None for cell in cells)
            and has_header(rows[place:], region)
        ):
            return place
    return 0 if (not wide or _filled(rows[0]) > 1) and has_header(rows, region) else None


def _below_telephones(rows: Sequence[Sequence[str]], region: str) -> int | None:
    """The index of a header below a title with a telephone, such as the list's author's; None: there is none.

    Such a header surely names telephones and something else, and no row before it has a number in its telephone
    columns.
    """
    numbered: set[int] = set()
    for place, cells in enumerate(rows[:TITLES_MOST]):
        found = {at for at, cell in enumerate(cells) if cell and read_numbers(cell, region).numbers}
        phones = {at for at, cell in enumerate(cells) if phone_word(cell) is PhoneWord.SURE}
        others = [cell for cell in cells if role_of_header(cell) not in {None, ColumnRole.PHONE}]
        if numbered and phones and others and not found:
            return None if phones & numbered or not has_header(rows[place:], region) else place
        numbered |= found
        if len(numbered) > 1:
            break
    return None


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _some(reading: Reading, path: Path) -> list[Row]:
    return list(islice(rows_of(path, reading), LOOKED_AT))


def _all_rows(path: Path, reading: Reading) -> Iterator[Row]:
    """All rows of a file that are not blank, titles and header included."""
    if reading.encoding and reading.delimiter:
        return text_rows(path, reading.encoding, reading.delimiter, whole=reading.whole)
    if reading.encoding and reading.roles is not None:
        return contact_card_rows(path, reading.encoding, reading.header or ())
    if reading.encoding:
        return card_rows(path, reading.encoding)
    return _sheet_rows(path, reading.sheet, whole=reading.whole)


def _unnamed(header: Sequence[str]) -> tuple[ColumnRole, ...]:
    return (ColumnRole.IGNORE,) * len(header)


def _sheet_rows(path: Path, name: str, *, whole: bool) -> Iterator[Row]:
    with _open_book(path, kind_of(path)) as book:
        sheet = next((one for one in book.sheets if one.name == name), book.sheets[0])
        yield from book.rows(sheet, whole=whole)


@contextmanager
def _open_book(path: Path, kind: Kind) -> Iterator[Workbook | OdsBook]:
    with OdsBook(path) if kind is Kind.ODS else Workbook(path) as book:
        yield book


def _after(rows: Iterator[Row], header_at: int) -> Iterator[Row]:
    for row in rows:
        if not header_at or row.number >= header_at:
            break
    return rows


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter with which the most rows have the same number of cells; more cells count for it."""
    with path.open(encoding=codec_of(path, encoding), errors="replace", newline="") as file:
        lines: list[Line] = []
        length = 0
        for line in islice(Lines(file), LOOKED_AT):
            length += len(line.text)
            if line.text.strip() and (not lines or length < SAMPLE):
                lines.append(line)
    if lines and (said := delimiter_said(lines[0].text)) and is_delimiter(said):
        return said
    if lines and lines[0].text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").startswith(OWN_BEGINS):
        return DELIMITERS[0]
    best, most = DELIMITERS[0], 0.0
    for delimiter in DELIMITERS:
        again = Lines.of(lines)
        widths = Counter(len(cells) for _, cells, fault in records(again, delimiter) if not fault)
        if not widths:
            continue
        width, rows = max(widths.items(), key=_rows_and_width)
        score = rows / widths.total() * min(width, 20) if width > 1 else 0.0
        if score > most:
            best, most = delimiter, score
    return best


def is_delimiter(said: str) -> bool:
    """Whether a character may separate cells: printable or a tab; no letter, digit, quotation mark, plus or backslash.

    >>> is_delimiter(";"), is_delimiter("\\t"), is_delimiter('"'), is_delimiter("\\0"), is_delimiter("+")
    (True, True, False, False, False)
    """
    return len(said) == 1 and (
        said == "\t" or (said.isprintable() and not said.isalnum() and said not in {'"', "'", "+", "\\"})
    )


def _rows_and_width(found: tuple[int, int]) -> tuple[int, int]:
    width, rows = found
    return rows, width
