"""Personal data, erasures and retention as the API takes and shows them."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue

from app.api.schemas import RequestModel, Shown
from app.crm.privacy.holdings import Fate, Holding
from app.crm.privacy.person_files import FileState, PersonFile
from app.crm.privacy.states import ErasureCause, ErasureState, KeptKind
from app.crm.privacy.tables import ErasureRow, PrivacyRulesRow, RetentionDayRow, RetentionRow

_ERASURE: dict[str, JsonValue] = {
    "id": "0f5e0c8a7b3d4f6c9a1b2c3d4e5f6071",
    "contact": 41,
    "state": "done",
    "waits_for": "",
    "asked_at": "2026-03-02T09:00:00Z",
    "user": 3,
    "why": "asked",
    "erased_at": "2026-03-02T09:00:01Z",
    "ended_at": "2026-03-02T09:00:02Z",
    "rows": {"contact": 1, "phone": 2, "call": 14},
}
_RULES: dict[str, JsonValue] = {"open_orders": True, "open_complaints": True, "orders_days": 2555}
_RETENTION: dict[str, JsonValue] = {"days": 730, "active": True}


class ErasureOut(Shown):
    """One erasure; it names nobody."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ERASURE]})

    id: str
    """The erasure's id."""
    contact: int
    """The id that the contact had; no other contact gets it."""
    state: ErasureState
    """How far it is."""
    waits_for: str
    """The code of what it waits for, such as `erasure.in_call`; empty: nothing."""
    asked_at: datetime
    """When it was asked for."""
    user: int | None
    """The user who asked for it; null: the service itself."""
    why: ErasureCause
    """Why it is done."""
    erased_at: datetime | None
    """When the contact was gone; null: not yet."""
    ended_at: datetime | None
    """When the last trace in the service's own files was gone; null: not yet."""
    rows: dict[str, int]
    """How many rows were deleted or cleared, by kind of data."""

    @classmethod
    def of(cls, row: ErasureRow) -> Self:
        """The erasure as the API shows it."""
        return cls(
            **row.model_dump(exclude={"identities", "numbers", "user_id"}),
            user=row.user_id,
        )


class Erasures(Shown):
    """A page of erasures, the newest first."""

    items: list[ErasureOut]
    """The erasures of this page."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class ErasurePreview(Shown):
    """What would be erased, and what hinders it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contact": 41,
                    "name": "Mari Tamm",
                    "numbers": ["+37255500123"],
                    "shared": [],
                    "hindrance": "erasure.open_order",
                    "detail": "1 orders of this contact are not delivered: deliver or cancel them first",
                }
            ]
        }
    )

    contact: int
    """The contact's id."""
    name: str
    """The name."""
    numbers: list[str]
    """Numbers that are this contact's alone: records with them are cleared."""
    shared: list[str]
    """Numbers that another contact has, too: records with them and without a contact stay as they are."""
    hindrance: str
    """The code of what hinders it; empty: nothing does."""
    detail: str
    """The same in words; empty for none."""


class PersonFileOut(Shown):
    """A file with all that is held of one person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "Zm9vYmFyYmF6cXV4",
                    "contact": 41,
                    "state": "ready",
                    "asked_at": "2026-03-02T09:00:00Z",
                    "until": "2026-03-02T10:00:00Z",
                    "bytes": 18231,
                }
            ]
        }
    )

    id: str
    """The file's id."""
    contact: int
    """The contact's id."""
    state: FileState
    """Whether it can be fetched."""
    asked_at: datetime
    """When it was asked for."""
    until: datetime
    """When it is deleted."""
    bytes: int
    """The length of the JSON; 0 until it is ready."""

    @classmethod
    def of(cls, file: PersonFile) -> Self:
        """The file as the API shows it."""
        return cls(
            id=file.id,
            contact=file.contact,
            state=file.state,
            asked_at=file.asked_at,
            until=file.until,
            bytes=file.bytes,
        )


class HoldingOut(Shown):
    """What one table holds of a person."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "table": "customer_order",
                    "shows": ["number", "address"],
                    "erased": "cleared",
                    "clears": ["address"],
                }
            ]
        }
    )

    table: str
    """The kind of data, as it is named in files and counts."""
    shows: list[str]
    """What the person is shown of it."""
    erased: Fate
    """What becomes of it when the person is erased."""
    clears: list[str]
    """What is emptied then, where the row stays."""

    @classmethod
    def of(cls, one: Holding) -> Self:
        """The holding as the API shows it."""
        return cls(table=one.table, shows=list(one.shows), erased=one.fate, clears=list(one.clears))


class PrivacyRulesIn(RequestModel):
    """What hinders an erasure."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RULES]})

    open_orders: bool
    """Nobody is erased who has an order that is placed or confirmed."""
    open_complaints: bool
    """Nobody is erased who has a complaint that is not ended."""
    orders_days: Annotated[int, Field(ge=0, le=36_500)]
    """Nobody is erased so many days after the last order was placed, for the law demands its papers; 0: no such law."""


class PrivacyRulesOut(Shown):
    """What hinders an erasure."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RULES | {"version": 2}]})

    open_orders: bool
    """Nobody is erased who has an order that is placed or confirmed."""
    open_complaints: bool
    """Nobody is erased who has a complaint that is not ended."""
    orders_days: int
    """Nobody is erased so many days after the last order was placed; 0: no such law."""
    version: int
    """Raised with each change."""

    @classmethod
    def of(cls, row: PrivacyRulesRow) -> Self:
        """The rules as the API shows them."""
        return cls(**row.model_dump(exclude={"id"}))


class RetentionIn(RequestModel):
    """How long a kind of data is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RETENTION]})

    days: Annotated[int, Field(ge=0, le=36_500)]
    """How many days; 0: for ever."""
    active: bool
    """It is carried out each day; only after a dry run with as many days."""


class DryRunIn(RequestModel):
    """What is to be counted."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"days": 730}]})

    days: Annotated[int, Field(ge=0, le=36_500)]
    """After how many days data would go."""


class RetentionOut(Shown):
    """How long a kind of data is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "calls",
                    **_RETENTION,
                    "counted_days": 730,
                    "counted_at": "2026-03-02T09:00:00Z",
                    "counted": 1204,
                    "version": 3,
                }
            ]
        }
    )

    kind: KeptKind
    """The kind of data."""
    days: int
    """How many days; 0: for ever."""
    active: bool
    """It is carried out each day."""
    counted_days: int | None
    """The days of the last dry run; null: there was none."""
    counted_at: datetime | None
    """When that dry run was; null: there was none."""
    counted: int | None
    """How many rows, files or contacts it found; null: there was none."""
    version: int
    """Raised with each change and each dry run."""

    @classmethod
    def of(cls, row: RetentionRow) -> Self:
        """The rule as the API shows it."""
        return cls(**row.model_dump())


class RetentionDay(Shown):
    """What retention did to one kind on one day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"day": "2026-03-02", "kind": "calls", "rows": 312, "days": 730, "at": "2026-03-02T03:00:00Z"}
            ]
        }
    )

    day: date
    """The day in UTC."""
    kind: KeptKind
    """The kind of data."""
    rows: int
    """How many rows or files were deleted or cleared, or how many contacts are erased."""
    days: int
    """How long they were kept."""
    at: datetime
    """When it was done."""

    @classmethod
    def of(cls, row: RetentionDayRow) -> Self:
        """The day as the API shows it."""
        return cls(**row.model_dump())


class RetentionDays(Shown):
    """A page of what retention did, the newest day first."""

    items: list[RetentionDay]
    """A line for each kind and day."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""
