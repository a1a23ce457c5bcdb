"""Imports of leads from files."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas.common import Said
from app.crm.imports.columns import ColumnRole
from app.crm.imports.drafts import Rejected
from app.crm.imports.reading import Reading
from app.crm.imports.rows import Row
from app.records.queries.lead_lists import LeadDraft
from app.records.tables import ImportJobRow, JobState

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
    "header": ["Kood", "Nimi", "Telefon"],
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


class ImportOut(BaseModel):
    """A file of leads on its way into a campaign."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    id: int
    campaign: int
    user: int | None
    name: str
    size: int
    """Bytes."""
    state: JobState
    dry_run: bool
    encoding: str
    """Empty for a workbook."""
    delimiter: str
    header: list[str] | None
    """The first row, when it names the columns."""
    columns: list[ColumnRole]
    """What each column is."""
    progress: float
    """How much of the file has been read, 0..1."""
    eta_s: float | None
    """About how long it will still take; null unless it is running."""
    rows: int
    """Dealt with so far."""
    added: int
    duplicates: int
    """In the file before, or in the campaign."""
    rejected: int
    removed: int
    """Taken away again by an undo."""
    note: str
    created_at: datetime
    began_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: ImportJobRow, now: datetime) -> "ImportOut":
        """A row as it is told."""
        how = Reading.from_json(row.reading)
        eta_s = None
        if row.state == JobState.RUNNING.value and row.began_at is not None and row.progress > 0:
            eta_s = round((now - row.began_at).total_seconds() * (1 - row.progress) / row.progress, 1)
        told = row.model_dump(exclude={"reading"}) | {
            "campaign": row.campaign_id,
            "user": row.user_id,
            "encoding": how.encoding,
            "delimiter": how.delimiter,
            "header": list(how.header) if how.header is not None else None,
            "columns": list(how.columns),
            "eta_s": max(0.0, eta_s) if eta_s is not None else None,
        }
        return cls.model_validate(told)


class PreviewRow(BaseModel):
    """One row of a file, as it would come in."""

    row: int
    """Its line in the file."""
    cells: list[str]
    numbers: list[str]
    """E.164; none when it is rejected."""
    name: str
    external_id: str | None
    why: str
    """Why it is rejected; empty when it is not."""

    @classmethod
    def of(cls, row: Row, made: LeadDraft | Rejected) -> "PreviewRow":
        """A row as it is told."""
        if isinstance(made, Rejected):
            return cls(row=row.number, cells=row.cells, numbers=[], name="", external_id=None, why=made.why)
        parts = (made.surname, made.given_name, made.patronymic)
        return cls(
            row=row.number,
            cells=row.cells,
            numbers=[e164 for e164, _ in made.numbers],
            name=" ".join(part for part in parts if part) or made.company_name,
            external_id=made.external_id,
            why="",
        )


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
                        }
                    ],
                }
            ]
        }
    )

    preview: list[PreviewRow]


class ReadAs(Said):
    """How a file is to be read, where the guess was wrong. What is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"encoding": "cp1251", "columns": ["external_id", "name", "phone", "variable"]}]
        }
    )

    encoding: Annotated[str, StringConstraints(max_length=30, pattern=r"^[A-Za-z0-9_\-]+$")] | None = None
    """Python's name for it, such as `utf-8`, `cp1251`, `cp1257`."""
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    header: bool | None = None
    """Whether the first row names the columns."""
    columns: Annotated[list[ColumnRole], Field(max_length=200)] | None = None
    """What each column is, from the first to the last."""


class ImportStart(Said):
    """How an import is to run."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = False
    """Only count what would be added."""
