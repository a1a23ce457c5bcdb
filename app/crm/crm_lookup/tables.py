"""The CRM that is asked who calls, and the reports of calls to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Field

from app.domain.roles import Permission
from app.events.subjects import describe
from app.records.base import Json, OrderedJson, Row, UtcDateTime

THE_ONE: Final = 1
"""The id of the row: a centre has one CRM."""


class LookupKind(StrEnum):
    """How the CRM is described."""

    TEMPLATE = "template"
    """By a CRM template, an XML file."""
    URL = "url"
    """By an address to ask, and where the answer has what."""


class CrmLookupRow(Row, table=True):
    """How to ask the CRM."""

    __tablename__ = "crm_lookup"

    id: int = Field(default=THE_ONE, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = 1
    enabled: bool = True
    kind: str
    """A `LookupKind`."""
    name: str
    template: str = ""
    """The XML, as it came; empty where `kind` is `url`."""
    url: dict[str, Any] = Field(default_factory=dict, sa_type=OrderedJson)
    """The address, its headers, and the paths in its answer; empty where `kind` is `template`."""
    parameters: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    """What was filled in, by name: secrets, never shown again."""
    cache_s: int = 300
    reports: bool = False
    """Whether calls are reported."""
    reports_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Calls that ended before this are not reported."""


class ReportState(StrEnum):
    """What has become of a report."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    """The template does not want to report this call."""
    FAILED = "failed"
    """The CRM refuses it, or has not taken it for days."""


class CrmReportRow(Row, table=True):
    """A call that is to be reported, or has been."""

    __tablename__ = "crm_report"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(unique=True, max_length=150)
    state: str = ReportState.WAITING.value
    """A `ReportState`."""
    tries: int = 0
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    """When it is tried next; None: not again."""
    made_at: datetime = Field(sa_type=UtcDateTime)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    detail: str = ""
    """Why the last try failed, without what was sent or answered."""


describe(
    CrmLookupRow,
    "crm_lookup",
    reads=Permission.CRM_MANAGE,
    hidden={"parameters", "template", "url"},
)
