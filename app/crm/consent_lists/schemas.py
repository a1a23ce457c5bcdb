"""Lists of consents and do-not-calls, and how far they have been taken in."""

from datetime import datetime

from pydantic import ConfigDict, JsonValue

from app.api.schemas import Shown
from app.compliance.dial_facts import ConsentKind
from app.crm.consent_lists.tables import ConsentListRow
from app.crm.imports.file_schemas import FileJobOut, RowFault
from app.domain.campaigns import Purpose

_REJECTED: JsonValue = {
    "line": 17,
    "said": "5550",
    "why": "5550 is too short for a number: write it whole",
    "faults": [
        {
            "what": "5550 is too short for a number: write it whole",
            "code": "number.part",
            "params": {"text": "5550", "region": "EE"},
        }
    ],
}
_LIST: dict[str, JsonValue] = {
    "id": 5,
    "user": 2,
    "word": "do_not_call",
    "purpose": "marketing",
    "campaign": None,
    "source": "register 2026-03",
    "until": None,
    "size": 15_000,
    "state": "done",
    "progress": 1.0,
    "eta_s": None,
    "lines": 1203,
    "added": 1200,
    "known": 2,
    "rejected": 1,
    "rejections": [_REJECTED],
    "note": "",
    "fault": None,
    "created_at": "2026-03-02T09:00:00Z",
    "began_at": "2026-03-02T09:00:00Z",
    "ended_at": "2026-03-02T09:00:02Z",
}


class RejectedLine(Shown):
    """A row of a list in which a number could not be read; the row's other numbers are taken in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REJECTED]})

    line: int
    """The row's line in the file, from 1."""
    said: str
    """The text of the row."""
    why: str
    """Why the text could not be read, in English."""
    faults: list[RowFault]
    """The same with codes: one or several reasons."""


class ConsentListOut(FileJobOut):
    """A list of numbers, and how far it has been taken in."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LIST]})

    word: ConsentKind
    """The consent or do-not-call that holds for each of the list's numbers, from `created_at` on."""
    purpose: Purpose | None
    """The purpose of the calls it is about; null: every purpose."""
    campaign: int | None
    """The campaign it is about; null: all campaigns."""
    source: str
    """Where the list comes from."""
    until: datetime | None
    """When it ends; null: it holds until it is removed."""
    lines: int
    """Rows read so far."""
    added: int
    """Numbers for which a consent or do-not-call was added."""
    known: int
    """Numbers for which the same held already, or that come twice in the list."""
    rejections: list[RejectedLine]
    """The first thousand rows in which a number could not be read."""

    @classmethod
    def of(cls, row: ConsentListRow, now: datetime) -> "ConsentListOut":
        """The list as the API shows it."""
        rejections = [one | {"faults": RowFault.all_of(one.get("faults", ()))} for one in row.rejections]
        own = {"campaign": row.campaign_id, "lines": row.rows, "rejections": rejections}
        return cls.model_validate(cls.values(row, now) | own)


class ConsentListsPage(Shown):
    """A page of lists of numbers, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LIST], "next": None}]})

    items: list[ConsentListOut]
    """The lists of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
