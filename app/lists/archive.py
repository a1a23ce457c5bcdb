"""The parts of a packed document: unpacked piece by piece within a limit, and parsed as XML without entities."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from app.lists.file_errors import FileTooLarge, FileTooLargeUnpacked, WorkbookBroken

UNPACKED_MOST: Final = 1 << 30
"""The most bytes of all parts of one file together, unpacked, each time it is read."""
TAG_MOST: Final = 1 << 20
"""The most bytes of one tag: the parser keeps a tag whole, and scans it again with each piece."""
_PIECE: Final = 1 << 16


class Archive:
    """A packed document."""

    def __init__(self, path: Path) -> None:
        """Open a document.

        Raises:
            FileUnreadable: it is broken.
        """
        self._left = UNPACKED_MOST
        try:
            self._file = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
            raise WorkbookBroken from error
        self._names = {name.lstrip("/").lower(): name for name in self._file.namelist()}

    def __enter__(self) -> "Archive":
        """Use the document; it is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._file.close()

    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._names)

    def has(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name.lower() in self._names

    def size(self, name: str) -> int:
        """The unpacked size of a part in bytes, as the file states it; the statement may be false."""
        return max(1, self._file.getinfo(self._names[name.lower()]).file_size)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, a piece at a time.

        Raises:
            FileTooLarge: the parts have more than `UNPACKED_MOST` bytes, unpacked.
            FileUnreadable: the part is broken, or missing.
        """
        try:
            with self._open(name) as part:
                while piece := part.read(_PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise FileTooLargeUnpacked(most_mib=UNPACKED_MOST >> 20)
                    yield piece
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            raise WorkbookBroken from error
        except zipfile.zlib.error as error:  # type: ignore[attr-defined]
            raise WorkbookBroken from error

    def parsed(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        text: Callable[[str], None],
    ) -> Iterator[float]:
        """Parse a part as XML; yield after each piece how much of the part has been read, 0..1.

        Raises:
            FileTooLarge: as in `pieces`, or a tag has more than `TAG_MOST` bytes.
            FileUnreadable: as in `pieces`, or the XML is broken or has a document type, which could declare entities.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse
        size, done = self.size(name) if self.has(name) else 1, 0
        try:
            for piece in self.pieces(name):
                parser.Parse(piece)
                done += len(piece)
                if done - parser.CurrentByteIndex > TAG_MOST + _PIECE:
                    raise FileTooLarge
                yield min(1.0, done / size)
            parser.Parse(b"", True)  # noqa: FBT003 - expat's own: it is the end
        except expat.ExpatError as error:
            raise WorkbookBroken from error
        yield 1.0

    def _open(self, name: str) -> IO[bytes]:
        if not self.has(name):
            raise WorkbookBroken
        return self._file.open(self._names[name.lower()])


def local(name: str) -> str:
    """The name of an XML element or attribute without its namespace prefix.

    >>> local("x:row"), local("row")
    ('row', 'row')
    """
    return name[name.find(":") + 1 :]


def _refuse(*_: object) -> None:
    raise WorkbookBroken
