"""The rows of a text file, read a line at a time in bounded memory.

A quotation mark that is never closed spoils only its own row: the following lines are read as if it were not there.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from app.domain.errors import Refusal
from app.lists.encoding import codec_of
from app.lists.file_errors import FileTooManyLines
from app.lists.row_errors import RowTooLong, RowUnclosed
from app.lists.rows import ROW_MOST, Row, make_row

OPEN: Final = RowUnclosed()
LONG: Final = RowTooLong(most=ROW_MOST)
LINES_MOST: Final = 10_000_000
"""The most lines of one file."""
_PIECE: Final = 1 << 16


class Line(NamedTuple):
    """One line as it is in the file."""

    number: int
    text: str
    """The line with its line end; only its beginning, if it is too long."""
    long: bool = False


class _Open(Exception):  # noqa: N818 - never leaves this module
    pass


def text_rows(path: Path, encoding: str, delimiter: str, *, whole: bool = False) -> Iterator[Row]:
    """The rows of a text file. Bytes that the encoding cannot decode become U+FFFD.

    Args:
        path: the file.
        encoding: one of `app.lists.encoding.ENCODINGS`.
        delimiter: one character.
        whole: texts keep their blanks and lines: see `make_row`.
    """
    size = max(1, path.stat().st_size)
    with (
        path.open("rb") as raw,
        io.TextIOWrapper(raw, codec_of(path, encoding), errors="replace", newline="") as file,
    ):
        for number, cells, fault in records(Lines(file), delimiter):
            row = make_row(number, cells, min(1.0, raw.tell() / size), fault, whole=whole)
            if row is not None:
                yield row


class Lines:
    """The lines of a file; some can be put back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[Line] = deque()
        self._number = 0

    @classmethod
    def of(cls, lines: list[Line]) -> "Lines":
        """Lines that have been read already, to be read again."""
        made = cls(io.StringIO())
        made.put_back(lines)
        return made

    def __iter__(self) -> Iterator[Line]:
        """All remaining lines."""
        while (line := self.next()) is not None:
            yield line

    def next(self) -> Line | None:
        """The next line; None: the file has ended."""
        if self._back:
            return self._back.popleft()
        text = self._file.readline(ROW_MOST + 1)
        if not text:
            return None
        self._number += 1
        if self._number > LINES_MOST:
            raise FileTooManyLines(most=LINES_MOST)
        if len(text) <= ROW_MOST or text[-1] in "\r\n":
            return Line(self._number, text)
        rest = text
        while rest and rest[-1] not in "\r\n":
            rest = self._file.readline(_PIECE)
        return Line(self._number, text[:ROW_MOST], long=True)

    def put_back(self, lines: list[Line]) -> None:
        """Put lines back, to be read again next."""
        self._back.extendleft(reversed(lines))


def records(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[str], Refusal | None]]:
    """For each record: the number of its last line, its cells, and why it cannot be read; None: it can."""
    for line in lines:
        if line.number == 1 and delimiter_said(line.text):
            continue
        if line.long:
            yield line.number, line.text.split(delimiter), LONG
        elif '"' not in line.text:
            yield line.number, line.text.rstrip("\r\n").split(delimiter), None
        else:
            yield _quoted(line, lines, delimiter)


def delimiter_said(line: str) -> str:
    """The delimiter that a first line such as `sep=;` names; empty: it names none.

    >>> delimiter_said("sep=;"), delimiter_said("sepia;1")
    (';', '')
    """
    said = line.strip().strip('"').removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if said.lower() == "sep=" and line.rstrip("\r\n").endswith("\t"):
        return "\t"
    return said[4] if len(said) == 5 and said.lower().startswith("sep=") else ""


def _quoted(first: Line, lines: Lines, delimiter: str) -> tuple[int, list[str], Refusal | None]:
    taken = [first]

    def feed() -> Iterator[str]:
        yield first.text
        length = len(first.text)
        while (line := lines.next()) is not None:
            taken.append(line)
            length += len(line.text)
            if line.long or length > ROW_MOST:
                raise _Open
            yield line.text

    try:
        cells = next(csv.reader(feed(), delimiter=delimiter, strict=True))
    except (csv.Error, _Open):
        lines.put_back(taken[1:])
        return (first.number, *_alone(first.text, delimiter))
    return taken[-1].number, cells, None


def _alone(text: str, delimiter: str) -> tuple[list[str], Refusal | None]:
    """The cells of a single line with quotation marks in odd places, and the fault if a mark stays open."""
    open_ = False

    def feed() -> Iterator[str]:
        nonlocal open_
        yield text.rstrip("\r\n")
        open_ = True

    cells = next(csv.reader(feed(), delimiter=delimiter))
    if not open_:
        return cells, None
    return [cell.strip('"') for cell in text.rstrip("\r\n").split(delimiter)], OPEN
