"""Detects the encoding of a text file.

A byte-order mark gives it. UTF-16 without one has zeros in every second byte. Text that decodes as UTF-8 is UTF-8, even
if a line or two in another encoding were pasted in. For the rest each code page is tried, and the one wins that makes
words of the languages spoken here: Estonian, Latvian, Lithuanian, Finnish, Swedish, German, Polish, Russian, Ukrainian.
General detectors take Estonian and Latvian in cp1257 for other code pages: see the decision page on leads.
"""

import codecs
from pathlib import Path
from typing import BinaryIO, Final

from app.lists.file_errors import FileNoText

CHUNK: Final = 1 << 20
SAMPLE: Final = 256 << 10
"""How many bytes of lines with letters outside ASCII are enough to tell code pages apart."""

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
"""The code pages tried, in the order of preference: among equals the first is taken."""
_LATIN: Final = frozenset("õäöüšžåéèßāčēģīķļņūąęėįųłńóśźżćôñ")
_CYRILLIC: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ")
_COMMON: Final = frozenset("оеаинтсрвлкм")
_SIGNS: Final = frozenset("€№«»„“”’–—°§\N{NO-BREAK SPACE}")


ENCODINGS: Final = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii"),
    *(
        f"cp{number}"
        for number in (437, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869)
    ),
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in range(1, 17) if number != 12),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "mac-latin2", "mac-greek", "mac-turkish"),
    *("gb18030", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "cp932", "cp949", "tis-620"),
)
"""The encodings that a user may choose for a list. Python knows more, but not all of them are of text."""
_KNOWN: Final = {codecs.lookup(name).name: name for name in ENCODINGS}
_WIDE: Final = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
NULS_MOST: Final = 0.001
"""The share of NUL bytes above which a file is no text; a few are faults of single rows."""


def encoding_named(name: str) -> str | None:
    """An encoding of `ENCODINGS` by any of its names; None: it is not among them.

    >>> encoding_named("Windows-1251"), encoding_named("latin-1"), encoding_named("idna")
    ('cp1251', 'iso8859-1', None)
    """
    try:
        return _KNOWN.get(codecs.lookup(name).name)
    except (LookupError, ValueError, UnicodeError):
        return None


def codec_of(path: Path, encoding: str) -> str:
    """The codec that reads a file of this encoding: UTF-16 and UTF-32 without a byte-order mark are little-endian."""
    marks = _WIDE.get(encoding)
    if marks is None:
        return encoding
    with path.open("rb") as file:
        return encoding if file.read(4).startswith(marks) else f"{encoding}-le"


def detect(path: Path) -> str:
    """A file's encoding, one of `ENCODINGS`; the file is read a piece at a time.

    Raises:
        FileUnreadable: it is no text.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(CHUNK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if (wide := _without_mark(head)) is not None:
            return wide
        if head.count(0) > max(8, NULS_MOST * len(head)):
            raise FileNoText
        is_utf8, sample = _read_on(file, head)
    return "utf-8" if is_utf8 else code_page(sample)


def _read_on(file: BinaryIO, piece: bytes) -> tuple[bool, bytes]:
    """Whether the file is UTF-8, except for a few lines, and a sample of its lines with letters outside ASCII."""
    good = bad = 0
    sample = bytearray()
    rest = b""
    while piece:
        piece = rest + piece
        end = max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1 or max(0, len(piece) - 4)
        piece, rest = piece[:end], piece[end:]
        if len(rest) > CHUNK:
            piece, rest = piece + rest[:-4], rest[-4:]
        if not piece.isascii():
            for line in piece.splitlines():
                if line.isascii():
                    continue
                if _is_utf8(line):
                    good += 1
                else:
                    bad += 1
                if len(sample) < SAMPLE:
                    sample += line[:SAMPLE] + b"\n"
        if bad > good and len(sample) >= SAMPLE:
            break
        piece = file.read(CHUNK)
    if not rest.isascii():
        good, bad = (good + 1, bad) if _is_utf8(rest) else (good, bad + 1)
        sample += rest[:SAMPLE]
    return bad == 0 or good >= bad, bytes(sample)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def code_page(sample: bytes) -> str:
    """The code page in which a text looks most like the languages spoken here."""
    return max(CODE_PAGES, key=lambda name: _sense(sample, name))  # the first among equals


def _without_mark(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs < 2:
        return None
    first, second = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if max(first, second) < pairs * 0.05 or min(first, second) > max(first, second) * 0.05:
        return None
    wide = "utf-16-le" if second > first else "utf-16-be"
    text = head[: pairs * 2].decode(wide, errors="replace")
    ours = sum(letter < "\u0530" or "\u1e00" <= letter < "\u2200" for letter in text)
    return wide if ours > 0.8 * len(text) else None


def _sense(sample: bytes, name: str) -> float:
    """How well a code page fits: letters of these languages count for it, characters of no word count against it."""
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
