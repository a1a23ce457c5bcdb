"""What a text file is written in.

A mark at its beginning says it; UTF-16 without one has its zeros in every second byte; what reads as UTF-8 is UTF-8.
For the rest each code page is tried, and the one wins that makes words of the languages spoken here: Estonian, Latvian,
Lithuanian, Finnish, Swedish, German, Polish, Russian, Ukrainian. General detectors take Estonian and Latvian in cp1257
for code pages of other places: see the decision page on leads.
"""

import codecs
from pathlib import Path
from typing import BinaryIO, Final

CHUNK: Final = 1 << 20
SAMPLE: Final = 256 << 10
"""Bytes with letters outside ASCII that are enough to tell code pages apart."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CODE_PAGES: Final = (
    "cp1252",
    "cp1257",
    "iso8859-15",
    "iso8859-13",
    "cp1250",
    "cp775",
    "cp1251",
    "koi8-u",
    "cp866",
    "iso8859-5",
    "mac-cyrillic",
)
"""In the order of preference: among equals the first is taken."""
_LATIN: Final = frozenset("õäöüšžåéèßāčēģīķļņūąęėįųłńóśźżćôñ")
_CYRILLIC: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ")
_COMMON: Final = frozenset("оеаинтсрвлкм")
_SIGNS: Final = frozenset("€№«»„“”’–—°§\N{NO-BREAK SPACE}")


def detect(path: Path) -> str:
    """A file's encoding, by Python's name for it; the whole file is read, a piece at a time.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(CHUNK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if (wide := _without_mark(head)) is not None:
            return wide
        is_utf8, sample = _read_on(file, head)
    return "utf-8" if is_utf8 else code_page(sample)


def _read_on(file: BinaryIO, piece: bytes) -> tuple[bool, bytes]:
    """Whether the file is UTF-8 to its end, and some of its lines with letters outside ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    sample = bytearray()
    while True:
        if is_utf8:
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError:
                is_utf8 = False
        if len(sample) < SAMPLE and not piece.isascii():
            sample += b"\n".join(line for line in piece.splitlines() if not line.isascii())[:SAMPLE]
        if not piece or (not is_utf8 and len(sample) >= SAMPLE):
            return is_utf8, bytes(sample)
        piece = file.read(CHUNK)


def code_page(sample: bytes) -> str:
    """The code page in which a text makes the most sense."""
    return max(CODE_PAGES, key=lambda name: _sense(sample, name))  # the first among equals


def _without_mark(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs < 2:
        return None
    first, second = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if max(first, second) < pairs * 0.05:
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def _sense(sample: bytes, name: str) -> float:
    """Each letter of our languages counts for the code page; what no word has counts against it."""
    text = sample.decode(name, errors="replace")
    score = 0.0
    before = " "
    for letter in text:
        if not letter.isascii():
            score += _worth(letter, before)
        before = letter
    return score


def _worth(letter: str, before: str) -> float:
    small = letter.lower()
    if small in _CYRILLIC:
        if before.isascii() and before.isalpha():
            return -2.0  # no word mixes alphabets
        inside = before.isalpha()
        if inside and letter.isupper() and before.islower():
            return 0.2
        return 1.0 if small in _COMMON else 0.8
    if small in _LATIN:
        if before.lower() in _CYRILLIC:
            return -2.0
        return -0.5 if letter.isupper() and before.islower() else 1.0
    return 0.0 if letter in _SIGNS else -2.0
