"""Imports of leads from files."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown
from app.crm.imports.file_schemas import PreviewedOut, ReadFileAs, RowFault, SheetOut, rows_of, sheets_of
from app.crm.imports.tables import ImportJobRow
from app.lists.columns import ColumnRole
from app.lists.reading import Reading, Wish

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
    "fault": None,
    "created_at": "2026-03-02T09:00:00Z",
    "began_at": "2026-03-02T09:01:00Z",
    "ended_at": None,
}


class ImportOut(PreviewedOut):
    """A file of leads on its way into a campaign."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    campaign: int
    """The campaign's id."""
    columns: list[ColumnRole]
    """The role of each column."""
    added: int
    """Leads added; in a dry run, leads that would be added."""
    duplicates: int
    """Rows that repeat a row of the file or a lead of the campaign."""
    removed: int
    """Leads that an undo removed again."""

    @classmethod
    def of(cls, row: ImportJobRow, now: datetime) -> "ImportOut":
        """The import as the API shows it."""
        columns = list(Reading.from_json(row.reading).columns)
        return cls.model_validate(cls.values(row, now) | {"campaign": row.campaign_id, "columns": columns})


class ImportsPage(Shown):
    """A page of a campaign's imports, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_IMPORT], "next": None}]})

    items: list[ImportOut]
    """The imports of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class PreviewRow(Shown):
    """One row of a file, as it would become a lead."""

    row: int
    """The row's line in the file."""
    cells: list[str]
    """The texts of the row's cells, from the first column on."""
    numbers: list[str]
    """The lead's numbers, E.164; empty when the row is rejected."""
    name: str
    """The lead's name; empty for none."""
    external_id: str | None
    """The lead's id in another system; null for none."""
    why: str
    """Why the row is rejected, in English; empty when it is not."""
    faults: list[RowFault]
    """The same with codes: one or several reasons."""
    unread: list[RowFault]
    """Why parts of its numbers could not be read, where another number could: they are kept with the lead."""


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
                            "faults": [],
                            "unread": [],
                        }
                    ],
                    "sheets": [],
                }
            ]
        }
    )

    preview: list[PreviewRow]
    """The first rows of the file; null while the state is `reading`."""
    sheets: list[SheetOut]
    """All sheets of a workbook; empty for other files."""

    @classmethod
    def of(cls, row: ImportJobRow, now: datetime) -> "WholeImportOut":
        """The import as the API shows it."""
        told = ImportOut.of(row, now)
        preview = [PreviewRow.model_validate(one) for one in rows_of(row)]
        return cls(**told.model_dump(), preview=preview, sheets=sheets_of(row))


class ReadAs(ReadFileAs):
    """How to read a file where the guess was wrong. A field that is left out keeps its value."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"encoding": "cp1251", "columns": ["external_id", "name", "phone", "variable"]}]
        }
    )

    columns: Annotated[list[ColumnRole], Field(max_length=200)] | None = None
    """The role of each column, from the first to the last."""

    def wish(self) -> Wish:
        """The form that the service takes."""
        columns = None if self.columns is None else tuple(self.columns)
        return replace(super().wish(), columns=columns)


class ImportStart(RequestModel):
    """How an import is to run."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = False
    """True: only count what would be added."""
