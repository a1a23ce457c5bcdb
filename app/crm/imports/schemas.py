"""Imports of leads from files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import RequestModel, Shown
from app.crm.imports.errors import DelimiterUnfit, EncodingUnknown
from app.crm.imports.tables import ImportJobRow
from app.domain.jobs import JobState
from app.lists.columns import ColumnRole
from app.lists.encoding import encoding_named
from app.lists.jobs import FileRow
from app.lists.reading import Reading, Wish, is_delimiter
from app.lists.row_errors import restored

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


def seconds_left(row: FileRow, now: datetime) -> float | None:
    """Seconds until an import ends, estimated; None unless it is running."""
    if row.state != JobState.RUNNING.value or row.began_at is None or row.progress <= 0:
        return None
    return max(0.0, round((now - row.began_at).total_seconds() * (1 - row.progress) / row.progress, 1))


class RowFault(Shown):
    """One reason why a row, or a part of it, is rejected; or what there is to remark on an import."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "what": "abc is no telephone number",
                    "code": "number.no_number",
                    "params": {"text": "abc", "region": "EE"},
                }
            ]
        }
    )

    what: str
    """The reason in English; `/api/v1/problem-codes` has the texts of other languages."""
    code: str
    """The reason's code, such as `row.no_number`. A code never changes its meaning."""
    params: dict[str, str | int | float | list[str]]
    """Values of the parameters that the text of the code names."""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "RowFault | None":
        """A reason in the form in which it is kept; None for none."""
        return cls.all_of([kept])[0] if kept is not None else None

    @classmethod
    def all_of(cls, kept: Sequence[Mapping[str, Any] | str]) -> "list[RowFault]":
        """Reasons in the form in which they are kept, without those that an earlier version kept in words alone."""
        return [
            cls(what=str(restored(one)), code=one["code"], params=one["params"])
            for one in kept
            if not isinstance(one, str)
        ]


class ImportOut(Shown):
    """A file of leads on its way into a campaign."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    id: int
    """The import's id."""
    campaign: int
    """The campaign's id."""
    user: int | None
    """The user who uploaded the file; null: the command line."""
    name: str
    """The file's name."""
    size: int
    """The file's size in bytes."""
    state: JobState
    """The import's state."""
    dry_run: bool
    """True: it only counts, and adds no leads."""
    encoding: str
    """The encoding of the text; empty for a workbook."""
    delimiter: str
    """The delimiter between cells; empty for a workbook and for contact cards."""
    sheet: str
    """The sheet of the workbook that is read; empty for other files."""
    header: list[str] | None
    """The row that names the columns; null: there is none."""
    header_row: int | None
    """The line of the header row in the file; rows before it are a title, and are not imported."""
    columns: list[ColumnRole]
    """The role of each column."""
    progress: float
    """How much of the file has been read, 0..1."""
    eta_s: float | None
    """Seconds until the import ends, estimated; null unless it is running."""
    rows: int
    """Rows read so far."""
    added: int
    """Leads added; in a dry run, leads that would be added."""
    duplicates: int
    """Rows that repeat a row of the file or a lead of the campaign."""
    rejected: int
    """Rows that were rejected."""
    removed: int
    """Leads that an undo removed again."""
    note: str
    """What went wrong, or another remark, in English; empty for none."""
    fault: RowFault | None
    """The same with a code; null for none."""
    created_at: datetime
    """When the file was uploaded."""
    began_at: datetime | None
    """When it began to run; null: not yet."""
    ended_at: datetime | None
    """When the import ended; null: not yet."""

    @classmethod
    def of(cls, row: ImportJobRow, now: datetime) -> "ImportOut":
        """The import as the API shows it."""
        how = Reading.from_json(row.reading)
        told = row.model_dump(exclude={"reading", "look"}) | {
            "campaign": row.campaign_id,
            "user": row.user_id,
            "encoding": how.encoding,
            "delimiter": how.delimiter,
            "sheet": how.sheet,
            "header": list(how.header) if how.header is not None else None,
            "header_row": how.header_at or None,
            "columns": list(how.columns),
            "eta_s": seconds_left(row, now),
            "fault": RowFault.of(row.fault),
        }
        return cls.model_validate(told)


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


class SheetOut(Shown):
    """A sheet of a workbook."""

    name: str
    """The sheet's name."""
    rows: int
    """How many rows are not blank, the header included; an estimate for a long sheet."""
    hidden: bool
    """The workbook does not show it."""
    chosen: bool
    """True: this sheet is read; the others are not."""


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
        sheets = [SheetOut(**one, chosen=one["name"] == told.sheet) for one in row.look.get("sheets", [])]
        preview = [
            PreviewRow.model_validate(
                one | {field: RowFault.all_of(one.get(field, ())) for field in ("faults", "unread")}
            )
            for one in row.look.get("rows", [])
        ]
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


EncodingSaid = Annotated[
    str, StringConstraints(max_length=30, pattern=r"^[A-Za-z0-9_\-]+$"), AfterValidator(_encoding)
]
DelimiterSaid = Annotated[str, StringConstraints(min_length=1, max_length=1), AfterValidator(_delimiter)]


class ReadAs(RequestModel):
    """How to read a file where the guess was wrong. A field that is left out keeps its value."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"encoding": "cp1251", "columns": ["external_id", "name", "phone", "variable"]}]
        }
    )

    encoding: EncodingSaid | None = None
    """The encoding of a text file, by any of its names: `utf-8`, `cp1251`, `windows-1257`. Not for a workbook."""
    delimiter: DelimiterSaid | None = None
    """The character between two columns of a text file. Not for a workbook."""
    sheet: Annotated[str, StringConstraints(max_length=200)] | None = None
    """The name of another sheet of a workbook."""
    header: bool | None = None
    """Whether the first row names the columns."""
    columns: Annotated[list[ColumnRole], Field(max_length=200)] | None = None
    """The role of each column, from the first to the last."""

    def wish(self) -> Wish:
        """The form that the service takes."""
        columns = None if self.columns is None else tuple(self.columns)
        return Wish(
            encoding=self.encoding,
            delimiter=self.delimiter,
            sheet=self.sheet,
            header=self.header,
            columns=columns,
        )


class ImportStart(RequestModel):
    """How an import is to run."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = False
    """True: only count what would be added."""
