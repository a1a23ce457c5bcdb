"""The text of a cell or a field, cleaned and split into runs of digits, words and separators.

Spreadsheets, messengers and people put much around a number that is no part of it: direction marks, quotes, digits of
other scripts. This module removes or normalises it. It does not know what a telephone number is.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final, NamedTuple

_QUOTES: Final = frozenset(
    "\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033\u02bc\u02b9"
)
_DASHES: Final = frozenset("\u2212\u2043\u02d7\u00ac")
_DOTS: Final = frozenset("\u00b7\u2024\u2219\u22c5")
_SLASHES: Final = frozenset("\u2044\u2215\u29f8")
_LINES: Final = frozenset("\n\r\v\f\x85\u2028\u2029")
_ASCII: Final = str.maketrans("[]{}<>'\"`", "()()()   ")
_NOTHING: Final = frozenset(map(chr, range(0xFE00, 0xFE10))) | {"\u20e3", "\u034f"}
"""Variation selectors, the keycap frame and the joiner, which are invisible by themselves."""
_BLANK: Final = frozenset("\t\u115f\u1160\u2800\u3164\uffa0")
_TELEPHONES: Final = frozenset("\u260e\u260f\u2706\U0001f4de\U0001f4f1\U0001f4f2\U0001f57f\U0001f581")
"""Pictures of telephones, which messengers put right before a number."""
_CUT: Final = re.compile(r"(?<=\d)\.{2,}")
"""Dots in place of missing digits."""
_SCHEME: Final = re.compile(r"^\s*(?:tel|callto|sip|sips|phone|whatsapp)\s*:\s*(?:/{2})?", re.IGNORECASE)
_PLUS: Final = re.compile(r"\+[ +]*(?:\(?00(?= ?[1-9]))? *(?=[\d(])")
_EXTENSION_OF_URI: Final = re.compile(r"; *ext *= *", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r"(?P<digits>\+?\(?\d(?:[ ().\-]*\d)*)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<parts>:::|[\n,;|\\&•/])"
    r"|(?P<other>[^\s()])"
)


class Kind(StrEnum):
    """The kinds of token."""

    DIGITS = "digits"
    """A run of digits with spaces, dots, dashes and brackets between, perhaps with a plus before."""
    WORD = "word"
    PARTS = "parts"
    """A separator of numbers: a comma, the end of a line, a slash."""
    OTHER = "other"


class Token(NamedTuple):
    """A piece of text."""

    kind: Kind
    text: str
    start: int
    """Its first character's index in the clean text."""
    end: int


def clean(text: str) -> str:
    """Text in the form that is read: no invisible characters, ASCII digits and signs, line ends as `\\n`.

    >>> clean("\\u202a+372\\u00a05550\\u20110002\\u202c"), clean('="55500203"'), clean("\\uff0b\\uff13")
    ('+372 5550-0002', '55500203', '+3')
    """
    said = text
    if not (text.isascii() and text.isprintable()):
        said = "".join(map(_plain, unicodedata.normalize("NFC", text.replace("\r\n", "\n"))))
    said = said.translate(_ASCII).strip(" ")
    said = _SCHEME.sub("", said.removeprefix("=").lstrip(" "))
    said = _CUT.sub("\N{HORIZONTAL ELLIPSIS}", _PLUS.sub("+", said))
    return _EXTENSION_OF_URI.sub(" ext ", said)


def tokens(text: str) -> list[Token]:
    """The pieces of a clean text, in order."""
    return [
        Token(Kind(match.lastgroup or ""), match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]


def _plain(letter: str) -> str:
    if letter.isascii() and letter.isprintable():
        return letter
    if letter in _LINES:
        return "\n"
    category = unicodedata.category(letter)
    if letter in _BLANK or letter in _TELEPHONES or category == "Zs":
        return " "
    if category in ("Cf", "Cc") or letter in _NOTHING:
        return ""
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    if category == "Pd" or letter in _DASHES:
        return "-"
    for letters, plain in ((_DOTS, "."), (_SLASHES, "/"), (_QUOTES, " ")):
        if letter in letters:
            return plain
    wide = unicodedata.normalize("NFKC", letter)
    return wide if len(wide) == 1 and wide.isascii() and not wide.isdigit() else letter
