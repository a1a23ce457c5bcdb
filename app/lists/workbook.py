"""Workbooks (XLSX), read a row at a time as they are unpacked.

Memory does not depend on the size that a sheet claims: a cell far away from the others costs no more than a row.
"""

import posixpath
import re
from array import array
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from app.domain.errors import Refusal
from app.lists.archive import Archive, local
from app.lists.file_errors import (
    FileTooLarge,
    FileTooLargeUnpacked,
    FileUnreadable,
    WorkbookTooManySheets,
    WorkbookTooManyTexts,
    WorkbookWithoutCells,
)
from app.lists.numbers_shown import GENERAL, Shown, as_shown, shown_by
from app.lists.row_errors import RowCellFar
from app.lists.rows import CELL_MOST, CELLS_MOST, Row, make_row

SHEETS_MOST: Final = 100
TEXTS_MOST: Final = 192 << 20
"""The most bytes of all shared texts of a workbook."""
TEXTS_COUNT: Final = 8_000_000
COUNTED_MOST: Final = 8 << 20
"""The most bytes of a sheet whose rows are parsed to be counted; in a longer sheet only row tags are counted."""
_ROW: Final = re.compile(rb"<(?:[\w.\-]{1,40}:)?row[\s/>]")
"""The beginning of a row's tag, whatever prefix its namespace has."""
_TAG_MOST: Final = 64
"""The most bytes of a tag that may be cut in two between pieces: more than `_ROW` needs."""
_FAR: Final = RowCellFar(most=CELLS_MOST)
_LETTER: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A letter that XML cannot hold, as workbooks write it."""
_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a workbook's own


class Sheet(NamedTuple):
    """A sheet of a workbook."""

    name: str
    hidden: bool
    part: str
    """The name of its part in the archive."""


class SheetSeen(NamedTuple):
    """A sheet as users see it when they choose one."""

    name: str
    rows: int
    """Its rows that are not blank, the header included; in a long sheet, roughly."""
    hidden: bool


class Workbook:
    """An open workbook."""

    def __init__(self, path: Path) -> None:
        """Open a workbook.

        Raises:
            FileTooLarge: it has too many sheets, or is too large unpacked.
            FileUnreadable: it is broken, or has no sheet with cells.
        """
        self._archive = Archive(path)
        self._dated_1904 = False
        self.sheets = self._find_sheets()
        self._texts: _Texts | None = None
        self._styles: list[Shown] | None = None

    def __enter__(self) -> "Workbook":
        """Use the workbook; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._archive.__exit__()

    def rows(self, sheet: Sheet, *, whole: bool = False) -> Iterator[Row]:
        """A sheet's rows that are not blank; `whole` is that of `make_row`.

        Raises:
            FileTooLarge, FileUnreadable: it cannot be read to its end; the rows before that have been yielded.
        """
        if self._texts is None:
            self._texts = self._shared_texts()
        if self._styles is None:
            self._styles = self._cell_styles()
        parser = _SheetParser(self._texts, self._styles, _EPOCHS[self._dated_1904])
        for progress in self._archive.parsed(sheet.part, parser.start, parser.end, parser.text):
            for number, cells, fault in parser.take():
                row = make_row(number, cells, progress, fault, whole=whole)
                if row is not None:
                    yield row

    def count(self, sheet: Sheet) -> int:
        """How many rows of a sheet are not blank: roughly, in a long sheet; up to the break, in a broken one."""
        before, found = b"", 0
        if self._archive.size(sheet.part) <= COUNTED_MOST:
            try:
                for _ in self.rows(sheet):
                    found += 1
            except FileTooLarge:
                raise
            except FileUnreadable:
                pass
            return found
        for piece in self._archive.pieces(sheet.part):
            text = before + piece
            found += len(_ROW.findall(text))
            tag = text.rfind(b"<")
            before = b"" if tag < 0 or _ROW.match(text, tag) else text[tag : tag + _TAG_MOST]
        return found

    def _find_sheets(self) -> list[Sheet]:
        base, targets = self._targets()
        found: list[Sheet] = []

        def start(name: str, said: dict[str, str]) -> None:
            if local(name) == "workbookPr":
                self._dated_1904 = said.get("date1904", "") in {"1", "true"}
            elif local(name) == "sheet":
                key = next((value for key, value in said.items() if local(key) == "id"), "")
                target = targets.get(key)
                if target is not None and self._archive.has(target):
                    hidden = said.get("state", "visible") != "visible"
                    found.append(Sheet(said.get("name", f"{len(found) + 1}"), hidden, target))
                    if len(found) > SHEETS_MOST:
                        raise WorkbookTooManySheets(most=SHEETS_MOST)

        _all(self._archive.parsed(base, start, _nothing, _nothing))
        if not found:
            raise WorkbookWithoutCells
        return found

    def _targets(self) -> tuple[str, dict[str, str]]:
        """The workbook's part in the archive, and the parts of its sheets by their keys."""
        roots: list[str] = []

        def root(name: str, said: dict[str, str]) -> None:
            if local(name) == "Relationship" and said.get("Type", "").endswith("/officeDocument"):
                roots.append(said.get("Target", "").lstrip("/"))

        if self._archive.has("_rels/.rels"):
            _all(self._archive.parsed("_rels/.rels", root, _nothing, _nothing))
        base = next((one for one in roots if self._archive.has(one)), "xl/workbook.xml")
        folder, name = posixpath.split(base)
        self._folder = folder
        targets: dict[str, str] = {}

        def start(tag: str, said: dict[str, str]) -> None:
            if local(tag) == "Relationship" and said.get("Type", "").endswith("/worksheet"):
                targets[said.get("Id", "")] = self._part(said.get("Target", ""))

        _all(self._archive.parsed(f"{folder}/_rels/{name}.rels", start, _nothing, _nothing))
        return base, targets

    def _part(self, target: str) -> str:
        if target.startswith("/"):
            return target.lstrip("/")
        return posixpath.normpath(posixpath.join(self._folder, target))

    def _shared_texts(self) -> "_Texts":
        texts = _Texts()
        part = self._part("sharedStrings.xml")
        if self._archive.has(part):
            _all(self._archive.parsed(part, texts.start, texts.end, texts.text))
        return texts

    def _cell_styles(self) -> list[Shown]:
        codes: dict[int, str] = {}
        styles: list[Shown] = []
        within = False

        def start(tag: str, said: dict[str, str]) -> None:
            nonlocal within
            name = local(tag)
            if name == "numFmt":
                codes[_whole(said.get("numFmtId", ""))] = said.get("formatCode", "")
            elif name == "cellXfs":
                within = True
            elif name == "xf" and within:
                number = _whole(said.get("numFmtId", ""))
                styles.append(shown_by(codes.get(number), number))

        def end(tag: str) -> None:
            nonlocal within
            within = within and local(tag) != "cellXfs"

        part = self._part("styles.xml")
        if self._archive.has(part):
            _all(self._archive.parsed(part, start, end, _nothing))
        return styles


class _Texts:
    """The shared texts of a workbook, stored compactly in one piece of memory."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._ends = array("Q")
        self._within = self._spoken = False
        self._length = 0

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            self._length = 0
        elif name == "rPh":
            self._spoken = True
        elif name == "t":
            self._within = not self._spoken

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "t":
            self._within = False
        elif name == "rPh":
            self._spoken = False
        elif name == "si":
            self._ends.append(len(self._kept))
            if len(self._ends) > TEXTS_COUNT:
                raise WorkbookTooManyTexts(most=TEXTS_COUNT)

    def text(self, said: str) -> None:
        if self._within and self._length <= CELL_MOST:
            self._length += len(said)
            self._kept += said[: CELL_MOST + 1].encode()
            if len(self._kept) > TEXTS_MOST:
                raise FileTooLargeUnpacked(most_mib=TEXTS_MOST >> 20)

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._ends):
            return ""
        begins = self._ends[place - 1] if place else 0
        return self._kept[begins : self._ends[place]].decode()


class _SheetParser:
    """Makes rows of the XML events of a sheet."""

    def __init__(self, texts: _Texts, styles: list[Shown], epoch: datetime) -> None:
        self._texts, self._styles, self._epoch = texts, styles, epoch
        self._done: list[tuple[int, list[str], Refusal | None]] = []
        self._number = 0
        self._cells: list[str] = []
        self._fault: Refusal | None = None
        self._place = -1
        self._kind = self._style = ""
        self._said: list[str] = []
        self._length = 0
        self._within = self._spoken = False

    def take(self) -> list[tuple[int, list[str], Refusal | None]]:
        """The rows completed since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, said: dict[str, str]) -> None:
        name = local(tag)
        if name == "c":
            place = said.get("r")
            self._place = _column(place) if place else self._place + 1
            self._kind, self._style = said.get("t", "n"), said.get("s", "")
            self._said, self._length = [], 0
        elif name == "v" or (name == "t" and not self._spoken):
            self._within = True
        elif name == "row":
            self._number = _whole(said.get("r", "")) or self._number + 1
            self._cells, self._fault, self._place = [], None, -1
        elif name == "rPh":
            self._spoken = True

    def text(self, said: str) -> None:
        if self._within and self._length <= CELL_MOST:
            self._said.append(said)
            self._length += len(said)

    def end(self, tag: str) -> None:
        name = local(tag)
        if name in {"v", "t"}:
            self._within = False
        elif name == "c":
            if self._said:
                self._put(_with_letters(self._value("".join(self._said))))
        elif name == "row":
            if self._cells or self._fault:
                self._done.append((self._number, self._cells, self._fault))
        elif name == "rPh":
            self._spoken = False

    def _put(self, value: str) -> None:
        if self._place >= CELLS_MOST:
            self._fault = self._fault or (_FAR if value.strip() else None)
            return
        cells = self._cells
        if self._place < len(cells):
            cells[self._place] = value
            return
        cells.extend([""] * (self._place - len(cells)))
        cells.append(value)

    def _value(self, said: str) -> str:
        match self._kind:
            case "s":
                return self._texts[_whole(said)]
            case "b":
                return "yes" if said.strip() == "1" else "no"
            case "n" | "":
                style = _whole(self._style)
                how = self._styles[style] if style < len(self._styles) else GENERAL
                return as_shown(said, how, self._epoch)
            case _:
                return said


def _with_letters(said: str) -> str:
    """A text with the letters that are written as `_x000D_`.

    >>> _with_letters("a_x000D_b"), _with_letters("_x005F_x000D_")
    ('a\\rb', '_x000D_')
    """
    return _LETTER.sub(lambda found: chr(int(found[1], 16)), said) if "_x" in said else said


def _column(place: str) -> int:
    """The column of a cell's name, from 0: `B12` is 1."""
    column = 0
    for letter in place[:4]:
        if not letter.isalpha() or not letter.isascii():
            break
        column = column * 26 + ord(letter.upper()) - 64
    return max(0, column - 1)


def _whole(said: str) -> int:
    """A whole number that is not negative; 0 for anything else."""
    return int(said) if len(said) < 12 and said.isascii() and said.strip().isdigit() else 0


def _nothing(*_: object) -> None:
    pass


def _all(steps: Iterator[float]) -> None:
    for _ in steps:
        pass
