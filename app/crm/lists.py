"""Lists of numbers as files: one number a line, or CSV with a column of numbers, read as they come."""

import codecs
import csv
from collections.abc import AsyncIterator
from dataclasses import dataclass

LINE_MAX = 10_000
"""Characters of one line; no list of numbers has longer ones."""
_NAMES = ("number", "phone", "telefon", "tel", "mobile", "mobiil", "номер", "телефон", "e164", "msisdn")
_DELIMITERS = ";\t,|"
_MARK_BYTES = 2


class ListError(ValueError):
    """What came is no list of numbers."""


@dataclass(slots=True, frozen=True)
class ListLine:
    """One line that says something."""

    line: int
    """From 1."""
    number: str
    """As it is written."""


async def read_list(content: AsyncIterator[bytes]) -> AsyncIterator[ListLine]:
    """Lines of a list. UTF-8 unless it begins with the mark of UTF-16; letters besides numbers may be of any code.

    The first line names the columns when one of its cells is a name for numbers; else the first column has them.

    Raises:
        ListError: a line is longer than `LINE_MAX`, or there are NUL characters: it is no text.
    """
    delimiter: str | None = None
    column, count = 0, 0
    async for text in _lines(content):
        count += 1
        if "\x00" in text:
            raise ListError(f"line {count} has NUL characters: this is no text")
        if not text.strip():
            continue
        begins = delimiter is None
        if delimiter is None:
            delimiter = max(_DELIMITERS, key=text.count)
        cells = next(csv.reader([text], delimiter=delimiter))
        if begins:
            named = [place for place, cell in enumerate(cells) if cell.strip().casefold().startswith(_NAMES)]
            if named:
                column = named[0]
                continue
        yield ListLine(count, cells[column].strip() if column < len(cells) else "")


async def _lines(content: AsyncIterator[bytes]) -> AsyncIterator[str]:
    decoder: codecs.IncrementalDecoder | None = None
    head, rest = b"", ""
    async for chunk in content:
        head += chunk
        if decoder is None:
            if len(head) < _MARK_BYTES:
                continue
            decoder = _decoder(head)
        *lines, rest = (rest + decoder.decode(head)).split("\n")
        head = b""
        for line in lines:
            yield line.removesuffix("\r")
        if len(rest) > LINE_MAX:
            raise ListError(f"a line has more than {LINE_MAX} characters: this is no list of numbers")
    rest += (decoder or _decoder(head)).decode(head, final=True)
    for line in rest.split("\n"):
        yield line.removesuffix("\r")


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return codecs.getincrementaldecoder("utf-16" if utf16 else "utf-8-sig")("replace")
