"""Imports of leads from files."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import RequestModel, Shown
from app.crm.imports.errors import DelimiterUnfit, EncodingUnknown
from app.crm.imports.tables import ImportJobRow
from app.domain.jobs import JobState
from app.lists.columns import ColumnRole
from app.lists.encoding import encoding_named
from app.lists.reading import Reading, Wish, is_delimiter

_IMPORT: dict[str, JsonValue] = {
    "id": 4,
    "campaign": 3,
    "user": 2,
    "name": "kliendid.csv",
    "size": 52_428_800,
    "state": "running",
    "dry_run": False,
    "encoding": "cp1257",
    "delimiter": ";",
    "sheet": "",
    "header": ["Kood", "Nimi", "Telefon"],
    "header_row": 1,
    "columns": ["external_id", "name", "phone"],
    "progress": 0.41,
    "eta_s": 88.0,
    "rows": 410_000,
    "added": 401_200,
    "duplicates": 5_100,
    "rejected": 3_700,
    "removed": 0,
    "note": "",
    "created_at": "2026-03-02T09:00:00Z",
    "began_at": "2026-03-02T09:01:00Z",
    "ended_at": None,
}


class ImportOut(Shown):
    """A file of leads on its way into a campaign."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    id: int
    """Its id."""
    campaign: int
    """The campaign's id."""
    user: int | None
    """The user who brought it; null: the command line."""
    name: str
    """The file's name."""
    size: int
    """The file's size in bytes."""
    state: JobState
    """Where it is."""
    dry_run: bool
    """It only counts: nothing is added."""
    encoding: str
    """Empty for a workbook."""
    delimiter: str
    """Empty for a workbook and for cards."""
    sheet: str
    """The one of a workbook that is read."""
    header: list[str] | None
    """The row that names the columns, if one does."""
    header_row: int | None
    """Where it is in the file; what stands before it is a title, and no lead."""
    columns: list[ColumnRole]
    """What each column is."""
    progress: float
    """How much of the file has been read, 0..1."""
    eta_s: float | None
    """About how long it will still take; null unless it is running."""
    rows: int
    """Dealt with so far."""
    added: int
    """Leads added, or that would be."""
    duplicates: int
    """In the file before, or in the campaign."""
    rejected: int
    """Rows that did not come in."""
    removed: int
    """Taken away again by an undo."""
    note: str
    """What went wrong, or is to be known; empty for nothing."""
    created_at: datetime
    """When it was brought."""
    began_at: datetime | None
    """When it began to run; null: not yet."""
    ended_at: datetime | None
    """When it was over; null: not yet."""

    @classmethod
    def of(cls, row: ImportJobRow, now: datetime) -> "ImportOut":
        """A row as it is told."""
        how = Reading.from_json(row.reading)
        eta_s = None
        if row.state == JobState.RUNNING.value and row.began_at is not None and row.progress > 0:
            eta_s = round((now - row.began_at).total_seconds() * (1 - row.progress) / row.progress, 1)
        told = row.model_dump(exclude={"reading", "look"}) | {
            "campaign": row.campaign_id,
            "user": row.user_id,
            "encoding": how.encoding,
            "delimiter": how.delimiter,
            "sheet": how.sheet,
            "header": list(how.header) if how.header is not None else None,
            "header_row": how.header_at or None,
            "columns": list(how.columns),
            "eta_s": max(0.0, eta_s) if eta_s is not None else None,
        }
        return cls.model_validate(told)


class ImportsPage(Shown):
    """A page of a campaign's imports, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_IMPORT], "next": None}]})

    items: list[ImportOut]
    """The imports of this page."""
    next: str | None
    """Give it as `cursor`; None on the last page."""


class PreviewRow(Shown):
    """One row of a file, as it would come in."""

    row: int
    """Its line in the file."""
    cells: list[str]
    """What its cells hold, from the first column on."""
    numbers: list[str]
    """E.164; none when it is rejected."""
    name: str
    """The name, as it would come in; empty for none."""
    external_id: str | None
    """Its id in another system; null for none."""
    why: str
    """Why it is rejected; empty when it is not."""
    unread: list[str]
    """What of its numbers could not be read, where another number could: it is kept beside the lead."""


class SheetOut(Shown):
    """A sheet of a workbook."""

    name: str
    """Its name."""
    rows: int
    """That are not blank, the header among them; about, in a long sheet."""
    hidden: bool
    """The workbook does not show it."""
    chosen: bool
    """This one is read; what lies on the others is not."""


class WholeImportOut(ImportOut):
    """An import with the first rows of its file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_IMPORT,
                    "preview": [
                        {
                            "row": 2,
                            "cells": ["crm-1007", "Kask Kalle", "5550 0123"],
                            "numbers": ["+37255500123"],
                            "name": "Kask Kalle",
                            "external_id": "crm-1007",
                            "why": "",
                            "unread": [],
                        }
                    ],
                    "sheets": [],
                }
            ]
        }
    )

    preview: list[PreviewRow]
    """None while it is in state reading."""
    sheets: list[SheetOut]
    """All of a workbook."""

    @classmethod
    def of(cls, row: ImportJobRow, now: datetime) -> "WholeImportOut":
        """A row as it is told."""
        told = ImportOut.of(row, now)
        sheets = [SheetOut(**one, chosen=one["name"] == told.sheet) for one in row.look.get("sheets", [])]
        # An earlier version did not tell what of a row's numbers could not be read.
        preview = [PreviewRow.model_validate({"unread": [], **one}) for one in row.look.get("rows", [])]
        return cls(**told.model_dump(), preview=preview, sheets=sheets)


def _encoding(said: str) -> str:
    known = encoding_named(said)
    if known is None:
        raise EncodingUnknown
    return known


def _delimiter(said: str) -> str:
    if not is_delimiter(said):
        raise DelimiterUnfit
    return said


class ReadAs(RequestModel):
    """How a file is to be read, where the guess was wrong. What is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"encoding": "cp1251", "columns": ["external_id", "name", "phone", "variable"]}]
        }
    )

    encoding: (
        Annotated[
            str,
            StringConstraints(max_length=30, pattern=r"^[A-Za-z0-9_\-]+$"),
            AfterValidator(_encoding),
        ]
        | None
    ) = None
    """Of text, by any of its names: `utf-8`, `cp1251`, `windows-1257`. Of no workbook."""
    delimiter: (
        Annotated[str, StringConstraints(min_length=1, max_length=1), AfterValidator(_delimiter)] | None
    ) = None
    """The character between two columns of text. Of no workbook."""
    sheet: Annotated[str, StringConstraints(max_length=200)] | None = None
    """Another one of a workbook, by its name."""
    header: bool | None = None
    """Whether the first row names the columns."""
    columns: Annotated[list[ColumnRole], Field(max_length=200)] | None = None
    """What each column is, from the first to the last."""

    def wish(self) -> Wish:
        """As the desk is told."""
        columns = None if self.columns is None else tuple(self.columns)
        return Wish(self.encoding, self.delimiter, self.sheet, self.header, columns)


class ImportStart(RequestModel):
    """How an import is to run."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = False
    """Only count what would be added."""
