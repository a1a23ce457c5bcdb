"""Removes control characters and invisible marks from text of strangers (names, numbers, reasons), at the PBX's edge.

A mark of direction (U+202E and others) makes a name read as another one, or reverses the rest of a line. Other such
characters are invisible, so that two different names look alike. No name needs them.
"""

import re
from typing import Final

CONTROLS: Final = bytes(set(range(32)) - set(b"\t\r\n")) + b"\x7f"
"""ASCII control characters but tab and line ends. They are never part of a UTF-8 letter, so bytes can be searched."""
_MARKS: Final = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff0-\\ufffb\\U000110bd\\U000110cd\\U00013430-\\U0001343f"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e007f]"
)
"""Unicode's categories Cc and Cf and the line and paragraph separators, except tab and line ends."""


def decoded(data: bytes | bytearray) -> str:
    """Decode UTF-8 and remove controls and marks; tab and line ends stay, and invalid bytes become U+FFFD."""
    text = bytes(data).translate(None, CONTROLS).decode("utf-8", "replace")
    return text if text.isascii() else _MARKS.sub("", text)


def without_marks(text: str) -> str:
    """Remove controls and marks from a text; tab and line ends stay.

    >>> without_marks("Mari\\u202egnp.exe")
    'Marignp.exe'
    """
    return _MARKS.sub("", text)
