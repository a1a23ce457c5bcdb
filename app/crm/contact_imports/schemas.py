"""Imports of contacts, as the API shows them."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import RequestModel, Shown
from app.crm.contact_imports.service import SAME_BY
from app.crm.contact_imports.tables import ContactImportRow, Existing, Same
from app.crm.contacts.tables import ContactKind
from app.crm.imports.file_schemas import PreviewedOut, ReadFileAs, RowFault, SheetOut, rows_of, sheets_of
from app.lists.contacts.roles import ROLE_PATTERN
from app.lists.reading import Reading, Wish

_IMPORT: dict[str, JsonValue] = {
    "id": 4,
    "user": 2,
    "name": "contacts.csv",
    "size": 52_428_800,
    "state": "running",
    "dry_run": False,
    "same_by": ["external_id", "registry_code", "phone"],
    "existing": "update",
    "link_companies": True,
    "encoding": "utf-8",
    "delimiter": ",",
    "sheet": "",
    "header": ["First Name", "Last Name", "Phone 1 - Label", "Phone 1 - Value"],
    "header_row": 1,
    "columns": ["given_name", "surname", "phone_label", "phone"],
    "progress": 0.41,
    "eta_s": 88.0,
    "rows": 410_000,
    "added": 401_200,
    "updated": 4_000,
    "unchanged": 1_100,
    "companies": 250,
    "rejected": 3_700,
    "removed": 0,
    "note": "",
    "fault": None,
    "created_at": "2026-03-02T09:00:00Z",
    "began_at": "2026-03-02T09:01:00Z",
    "ended_at": None,
}


class ContactImportOut(PreviewedOut):
    """A file of contacts on its way in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    same_by: list[Same]
    """By what a row and a contact are the same: the first that finds a contact decides."""
    existing: Existing
    """What becomes of contacts that are there already."""
    link_companies: bool
    """True: a person's company in words is found as a contact, or made."""
    columns: list[str]
    """The role of each column; a custom field's is `field:` with its code."""
    added: int
    """Contacts made of rows; in a dry run, that would be made."""
    updated: int
    """Rows that changed a contact."""
    unchanged: int
    """Rows that say nothing new, or whose contact is to stay as it is."""
    companies: int
    """Companies made because people of the file work there."""
    removed: int
    """Contacts that an undo took away again, or put back as they were."""

    @classmethod
    def of(cls, row: ContactImportRow, now: datetime) -> "ContactImportOut":
        """The import as the API shows it."""
        columns = list(Reading.from_json(row.reading).roles or ())
        return cls.model_validate(cls.values(row, now) | {"columns": columns})


class ContactImports(Shown):
    """A page of imports of contacts, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_IMPORT], "next": None}]})

    items: list[ContactImportOut]
    """The imports of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class ContactPreview(Shown):
    """One row of a file, as it would become a contact."""

    row: int
    """The row's line in the file."""
    cells: list[str]
    """The texts of the row's cells, from the first column on."""
    name: str
    """The contact's name; empty when the row is rejected."""
    kind: ContactKind
    """A person or a company."""
    numbers: list[str]
    """The contact's numbers, E.164."""
    emails: list[str]
    """The contact's e-mail addresses."""
    tags: list[str]
    """The names of the contact's tags."""
    why: str
    """Why the row is rejected, in English; empty when it is not."""
    faults: list[RowFault]
    """The same with codes: one or several reasons."""
    unread: list[RowFault]
    """Why parts of its numbers could not be read, where another number could. That one keeps the cell as it was typed;
    a new contact has other cells in its note."""


class WholeContactImport(ContactImportOut):
    """An import with the first rows of its file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_IMPORT,
                    "preview": [
                        {
                            "row": 2,
                            "cells": ["Kalle", "Kask", "Mobile", "5550 0123"],
                            "name": "Kask Kalle",
                            "kind": "person",
                            "numbers": ["+37255500123"],
                            "emails": [],
                            "tags": [],
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

    preview: list[ContactPreview]
    """The first rows of the file; empty while the state is `reading`."""
    sheets: list[SheetOut]
    """All sheets of a workbook; empty for other files."""

    @classmethod
    def of(cls, row: ContactImportRow, now: datetime) -> "WholeContactImport":
        """The import as the API shows it."""
        told = ContactImportOut.of(row, now)
        preview = [ContactPreview.model_validate(one) for one in rows_of(row)]
        return cls(**told.model_dump(), preview=preview, sheets=sheets_of(row))


class ReadContactsAs(ReadFileAs):
    """How to read a file of contacts where the guess was wrong. A field that is left out keeps its value."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"encoding": "cp1251", "columns": ["surname", "phone", "field:size"]}]
        }
    )

    columns: (
        Annotated[list[Annotated[str, StringConstraints(pattern=ROLE_PATTERN)]], Field(max_length=400)] | None
    ) = None
    """The role of each column, from the first to the last; of a custom field `field:` with its code."""

    def wish(self) -> Wish:
        """The form that the service takes."""
        roles = None if self.columns is None else tuple(self.columns)
        return replace(super().wish(), roles=roles)


class ContactImportStart(RequestModel):
    """How an import of contacts is to run; one that goes on after a stop keeps what it was started with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True, "same_by": ["phone"]}]})

    dry_run: bool = False
    """True: only count what would be made and changed."""
    same_by: Annotated[list[Same], Field(max_length=len(Same))] = Field(default_factory=lambda: list(SAME_BY))
    """By what a row and a contact are the same: the first that finds a contact decides, and a row for which it finds
    several is rejected. Empty: each row makes a new contact."""
    existing: Existing = Existing.UPDATE
    """What becomes of a contact that is there already: it is updated, or stays as it is."""
    link_companies: bool = False
    """Find a person's company in words as a contact, by its name, or make it."""
