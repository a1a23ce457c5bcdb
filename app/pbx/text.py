"""Text that strangers wrote (names, numbers, reasons), made fit to be shown where it comes in or goes out.

A mark of direction (U+202E and others) lets a name read as another one, or turns the rest of a line around; others of
these letters are invisible, so that two unlike names look alike. No name needs them.
"""

import re
from typing import Final

CONTROLS: Final = bytes(set(range(32)) - set(b"\t\r\n")) + b"\x7f"
"""Never part of a letter in UTF-8, so they can be taken out of bytes."""
_MARKS: Final = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb\\U000110bd\\U000110cd\\U00013430-\\U0001343f"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e007f]"
)
"""Unicode's categories Cc and Cf and the two separators of lines, but for tab and line ends."""


def decoded(data: bytes | bytearray) -> str:
    """Read UTF-8 without controls and marks; tab and line ends stay, and bytes that are none become U+FFFD."""
    text = bytes(data).translate(None, CONTROLS).decode("utf-8", "replace")
    return text if text.isascii() else _MARKS.sub("", text)


def without_marks(text: str) -> str:
    """Take controls and marks out of a text; tab and line ends stay.

    >>> without_marks("Mari\\u202egnp.exe")
    'Marignp.exe'
    """
    return _MARKS.sub("", text)
