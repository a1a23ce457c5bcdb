"""Finds a person in files that were imported, and deletes those files: leads and consents that came of them stay.

A line cannot be taken out of a workbook and leave the file as it was brought, so a file goes whole, with its rejected
rows and its preview. A file that is being read makes the erasure wait.
"""

import asyncio
import codecs
import json
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from anyascii import anyascii
from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.consent_lists.tables import ConsentListRow
from app.crm.contact_imports.tables import ContactImportRow
from app.crm.imports.tables import ImportJobRow
from app.crm.privacy.errors import FilesUnderWay
from app.crm.privacy.person import Person
from app.domain.jobs import JobState
from app.domain.names import fold
from app.lists.archive import Archive
from app.lists.file_errors import FileUnreadable
from app.records.base import table_of
from app.records.engine import reading, writing

UNDER_WAY: Final = (JobState.READING, JobState.QUEUED, JobState.RUNNING, JobState.UNDOING)
_ENCODINGS: Final = ("utf-8", "cp1257", "cp1251")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_BLOCK: Final = 1 << 16
"""Bytes that are looked at in one go: the event loop waits as long."""
_OVERLAP: Final = 2_000
"""Characters that are looked at twice, so that nothing is missed where two blocks meet."""
_NATIONAL: Final = 7
"""The last digits of a number, which files write with and without its country."""
_INFLECTED: Final = 4
"""A word that begins with a surname of so many letters is taken for the surname in another case."""
_PAGE: Final = 200


class Desk(NamedTuple):
    """Files of one kind, with the table of their jobs."""

    table: Table
    folder: str
    """Within the folder of lists of leads; empty: that folder itself."""
    column: str
    """Of the table: what is shown of the file's content."""
    nothing: Any
    """Its value when nothing is shown."""


DESKS: Final = (
    Desk(table_of(ImportJobRow), "", "look", {}),
    Desk(table_of(ConsentListRow), "numbers", "rejections", []),
    Desk(table_of(ContactImportRow), "contacts", "look", {}),
)
"""All files that are taken in and kept."""


class Needles:
    """What a person is found by in a text."""

    def __init__(self, person: Person) -> None:
        self._digits = tuple({one.lstrip("+")[-_NATIONAL:] for one in person.numbers if len(one) > _NATIONAL})
        self._addresses = tuple(_spelled(one) for one in person.emails)
        names = [_spelled(fold(name)).split() for name in (person.name, *person.earlier_names)]
        self._names = [words for words in names if len(words) > 1]
        self._words = frozenset(word for words in names for word in words)
        self._surnames = tuple({_spelled(fold(one)) for one in person.surnames} - {""})

    def found_in(self, text: str) -> bool:
        """Whether a text has a number, an address, or all words of the name in one of its lines. A name of one word
        says too little.
        """
        digits = re.sub(r"[^\d\n;,\t|]", "", text)
        if any(one in digits for one in self._digits):
            return True
        spelled = _spelled(text)
        if any(one in spelled for one in self._addresses):
            return True
        near = [words for words in self._names if all(word in spelled for word in words)]
        return bool(near) and any(
            all(word in line for word in words) for line in spelled.splitlines() for words in near
        )

    def asked_in(self, question: str) -> bool:
        """Whether a short question is about the person.

        It has what `found_in` looks for, or the surname in whatever case, or nothing but parts of the name.
        """
        words = re.findall(r"\w+", _spelled(question))
        if words and self._words.issuperset(words):
            return True
        inflected = any(
            word == one or (len(one) >= _INFLECTED and word.startswith(one))
            for word in words
            for one in self._surnames
        )
        return inflected or self.found_in(question)


def _spelled(text: str) -> str:
    """A text in small letters without accents, and in the Latin alphabet: names are written in several ways."""
    return anyascii(text).casefold()


async def erase_files(engine: AsyncEngine, folder: Path, person: Person) -> int:
    """Delete all files that have the person; returns how many.

    Args:
        engine: the database.
        folder: of lists of leads.
        person: whose.

    Raises:
        FilesUnderWay: a file is being read; nothing is deleted.
        OSError: the disk fails.
    """
    needles, gone = Needles(person), 0
    for table, place, column, nothing in DESKS:
        async with reading(engine) as session:
            states = [state.value for state in UNDER_WAY]
            if await session.scalar(select(table.c.id).where(table.c.state.in_(states)).limit(1)):
                raise FilesUnderWay
        gone += await asyncio.to_thread(_delete, folder / place, needles)
        after = 0
        while True:
            async with reading(engine) as session:
                query = select(table.c.id, table.c[column]).where(table.c.id > after)
                rows = (await session.execute(query.order_by(table.c.id).limit(_PAGE))).all()
            if not rows:
                break
            after = rows[-1][0]
            found = await asyncio.to_thread(_found, rows, needles)
            if found:
                async with writing(engine) as session:
                    await session.execute(
                        update(table).where(table.c.id.in_(found)).values({column: nothing})
                    )
    return gone


def _found(rows: Any, needles: Needles) -> list[int]:
    return [id_ for id_, said in rows if said and needles.found_in(json.dumps(said, ensure_ascii=False))]


def _delete(folder: Path, needles: Needles) -> int:
    """Delete the files of each job of which one has the person; blocks."""
    if not folder.is_dir():
        return 0
    by_job: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if path.is_file():
            by_job.setdefault(path.name.partition("-")[0], []).append(path)
    gone = 0
    for paths in by_job.values():
        if any(_mentions(path, needles) for path in paths):
            for path in paths:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _mentions(path: Path, needles: Needles) -> bool:
    """Whether a file has the person. One that cannot be read is taken to have them: no import can read it either."""
    try:
        return any(needles.found_in(text) for text in _texts(path))
    except FileUnreadable:
        return True


def _texts(path: Path) -> Iterator[str]:
    """The text of a file, block by block, in each encoding that it may have."""
    if zipfile.is_zipfile(path):
        with Archive(path) as archive:
            for name in archive.names():
                yield from _blocks(archive.pieces(name), "utf-8", tags=True)
        return
    with path.open("rb") as file:
        wide = file.read(2) in _WIDE
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        with path.open("rb") as file:
            yield from _blocks(iter(partial(file.read, _BLOCK), b""), encoding, tags=False)


def _blocks(pieces: Iterator[bytes], encoding: str, *, tags: bool) -> Iterator[str]:
    decode, before = codecs.getincrementaldecoder(encoding)("ignore").decode, ""
    for piece in pieces:
        text = before + decode(piece)
        yield re.sub(r"<[^>]*>", " ", text) if tags else text
        before = text[-_OVERLAP:]
