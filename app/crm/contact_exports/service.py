"""Makes files of contacts: CSV and cards piece by piece as they are sent, a workbook whole before it is sent.

Each piece is read by itself and made in a thread: neither the event loop nor a transaction waits for a file, and memory
does not depend on how many contacts there are.
"""

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.crm.contact_exports import queries
from app.crm.contact_exports.errors import ContactExportsBusy, ContactsTooMany
from app.crm.contact_exports.forms import card, cells, header, widest
from app.crm.contact_exports.queries import Exported
from app.crm.contact_search.service import Wanted, every
from app.crm.custom_fields.service import list_fields
from app.domain.actors import Actor
from app.events.recorder import announce
from app.lists.rows import guarded, marked
from app.lists.sheets import ExportFormat, Writer, opened
from app.records.engine import reading, writing

WORKBOOK_MOST: Final = 200_000
"""The most contacts of a workbook, which is made whole before anything of it is sent."""
AT_ONCE: Final = 2
"""The most workbooks that are made at one time."""
_BATCH: Final = 200
"""How many contacts are read and written at a time."""


class ContactFormat(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"
    VCARD = "vcard"


@dataclass(slots=True, frozen=True)
class Columns:
    """What a table has columns for."""

    phones: int
    emails: int
    fields: Sequence[str]
    """Codes of the custom fields in use."""


class ContactExports:
    """Makes files of contacts, a few at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._under_way = 0

    async def begin(self, form: ContactFormat, who: Actor, *, all_: bool) -> Columns:
        """Record that somebody begins to take contacts out, and find out what a table of them needs.

        Args:
            form: the kind of file.
            who: takes them out.
            all_: they are all contacts there are.
        """
        async with writing(self._engine, who) as session:
            announce(session, "contact", "", "export_begun", after={"format": form.value, "all": all_})
        async with reading(self._engine) as session:
            most = widest(*await queries.most_of_one(session))
            fields = [one.code for one in await list_fields(session) if one.active]
        return Columns(*most, fields)

    async def given(self, form: ContactFormat, who: Actor, *, all_: bool) -> None:
        """Record that a file that was begun has been given whole. The arguments are those of `begin`."""
        async with writing(self._engine, who) as session:
            announce(session, "contact", "", "exported", after={"format": form.value, "all": all_})

    async def pieces(
        self,
        wanted: Wanted,
        region: str,
        form: ContactFormat,
        columns: Columns,
        given: Callable[[], Awaitable[None]] | None = None,
    ) -> AsyncGenerator[bytes]:
        """The pieces of a file of text; somebody has begun it.

        Args:
            wanted: which contacts.
            region: ISO 3166 code of the country for numbers without a country code.
            form: the kind of file.
            columns: as `begin` found them.
            given: called once the last piece has been taken.
        """
        if form is ContactFormat.CSV:
            names = header(columns.phones, columns.emails, columns.fields)
            yield b"\xef\xbb\xbf" + _lines([names])
        async for some in self._contacts(wanted, region):
            yield await asyncio.to_thread(_piece, some, form, columns)
        if given is not None:
            await given()

    async def workbook(self, wanted: Wanted, region: str, columns: Columns) -> Path:
        """A workbook; whoever asked deletes it. The arguments are those of `pieces`.

        Raises:
            ContactExportsBusy: `AT_ONCE` workbooks are being made.
            ContactsTooMany: there are more than `WORKBOOK_MOST`.
        """
        with self._making():
            async with opened("contacts", ExportFormat.XLSX) as (path, book):
                await asyncio.to_thread(book.add, [header(columns.phones, columns.emails, columns.fields)])
                count = 0
                async for some in self._contacts(wanted, region):
                    count += len(some)
                    if count > WORKBOOK_MOST:
                        raise ContactsTooMany(most=WORKBOOK_MOST)
                    await asyncio.to_thread(_add, book, some, columns)
                return path

    async def _contacts(self, wanted: Wanted, region: str) -> AsyncIterator[list[Exported]]:
        async for ids in every(self._engine, wanted, region):
            for start in range(0, len(ids), _BATCH):
                async with reading(self._engine) as session:
                    some = await queries.load(session, ids[start : start + _BATCH])
                if some:
                    yield some

    @contextmanager
    def _making(self) -> Iterator[None]:
        if self._under_way >= AT_ONCE:
            raise ContactExportsBusy(most=AT_ONCE, retry_after_s=5)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1


def _piece(some: Sequence[Exported], form: ContactFormat, columns: Columns) -> bytes:
    if form is ContactFormat.CSV:
        return _lines([cells(one, columns.phones, columns.emails, columns.fields) for one in some])
    return "".join(card(one, columns.fields) for one in some).encode()


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows of CSV, with semicolons, as spreadsheets here expect; no cell is a formula."""
    made = io.StringIO()
    csv.writer(made, delimiter=";").writerows([[guarded(cell) for cell in row] for row in rows])
    return made.getvalue().encode()


def _add(book: Writer, some: Sequence[Exported], columns: Columns) -> None:
    rows = (cells(one, columns.phones, columns.emails, columns.fields) for one in some)
    book.add([list(map(marked, row)) for row in rows])
