"""Attempts whose customers were reached, and what operators say they came to."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import Moment, Prose, RequestModel, Shown
from app.crm.attempts.service import DispositionDraft
from app.crm.attempts.tables import AttemptRow
from app.crm.dispositions.tables import DispositionRow
from app.crm.leads.columns import shown_columns
from app.crm.leads.tables import LeadRow
from app.domain.campaigns import AttemptOutcome, DialMode
from app.domain.ids import OperatorId
from app.domain.names import display_name
from app.live.views import ColumnView, column_views

_ATTEMPT: dict[str, JsonValue] = {
    "id": "kc3-1764000000123",
    "campaign": 3,
    "lead": 812,
    "contact": 7,
    "name": "Kask Kalle",
    "number": "+37255500123",
    "columns": [{"name": "Leping", "value": "1034"}],
    "mode": "progressive",
    "placed_at": "2026-03-02T09:14:51Z",
    "answered_at": "2026-03-02T09:15:02Z",
    "connected_at": "2026-03-02T09:15:03Z",
    "ended_at": "2026-03-02T09:17:40Z",
    "outcome": "answered",
    "amd": "HUMAN",
    "call": "kc3-1764000000123",
    "operator": 12,
    "disposition": "callback",
    "disposition_title": "Helistada tagasi",
    "disposition_titles": {"en": "Call back"},
    "note": "küsib hinda uuesti reedel",
    "callback_at": "2026-03-06T08:00:00Z",
    "callback_operator": 12,
}


class DispositionSaid(RequestModel):
    """What a call came to. The last word counts: said again, it takes the place of what was said before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"disposition": "sale", "note": "kaks tükki"},
                {
                    "disposition": "callback",
                    "callback_at": "2026-03-06T10:00:00+02:00",
                    "callback_operator": 12,
                },
            ]
        }
    )

    disposition: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_\-]+$")]
    """Its code."""
    note: Annotated[Prose, Field(max_length=2000)] = ""
    """What the operator wants to be remembered; at most 2,000 characters."""
    callback_at: Moment | None = None
    """When the customer asked to be called, for a disposition that is a callback."""
    callback_operator: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """Who is to call; null: anybody."""

    def draft(self) -> DispositionDraft:
        """As it is set."""
        by = OperatorId(self.callback_operator) if self.callback_operator is not None else None
        return DispositionDraft(self.disposition, self.note, self.callback_at, by)


class AttemptOut(Shown):
    """An attempt to reach a lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ATTEMPT]})

    id: str
    """Its id, which is also its channel's in the PBX."""
    campaign: int
    """The campaign's id."""
    lead: int
    """The lead's id."""
    contact: int | None
    """The contact's id; null: the lead is none of the contact base."""
    name: str
    """The lead's; empty when it has none or is gone."""
    number: str
    """The number that was dialled, E.164."""
    columns: list[ColumnView]
    """What its list tells of the lead, in the order of the list."""
    mode: DialMode
    """How the campaign dialled then."""
    placed_at: datetime
    """When it was given to the PBX."""
    answered_at: datetime | None
    """When somebody, or a machine, picked up."""
    connected_at: datetime | None
    """When an operator was on the line."""
    ended_at: datetime | None
    """When it was over; null while it is under way."""
    outcome: AttemptOutcome | None
    """Null while it is under way."""
    amd: str
    """What the detector of answering machines said."""
    call: str | None
    """The call's id, once somebody answered."""
    operator: int | None
    """The operator who talked, or for whom it was dialled; null: nobody yet."""
    disposition: str | None
    """Its code; null: nobody has said what the call came to."""
    disposition_title: str | None
    """The disposition's title in the centre's own language."""
    disposition_titles: dict[str, str]
    """By language."""
    note: str
    """What the operator wrote of it; empty for nothing."""
    callback_at: datetime | None
    """When the lead is to be called, while this is its last attempt."""
    callback_operator: int | None
    """Who is to call then; null: anybody."""

    @classmethod
    def of(cls, row: AttemptRow, disposition: DispositionRow | None, lead: LeadRow | None) -> "AttemptOut":
        """A row as it is told."""
        name = ""
        columns: list[ColumnView] = []
        if lead is not None:
            name = display_name(
                surname=lead.surname,
                given_name=lead.given_name,
                patronymic=lead.patronymic,
                company_name=lead.company_name,
            )
            columns = column_views(shown_columns(lead.variables))
        last = lead is not None and lead.attempt_id == row.id
        return cls.model_validate(
            row.model_dump()
            | {
                "campaign": row.campaign_id,
                "lead": row.lead_id,
                "contact": row.contact_id,
                "name": name,
                "columns": columns,
                "call": row.call_id,
                "operator": row.operator_id,
                "disposition": disposition.code if disposition is not None else None,
                "disposition_title": disposition.title if disposition is not None else None,
                "disposition_titles": disposition.titles if disposition is not None else {},
                "callback_at": lead.callback_at if lead is not None and last else None,
                "callback_operator": lead.callback_operator if lead is not None and last else None,
            }
        )


class AttemptsPage(Shown):
    """A page of attempts, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ATTEMPT], "next": None}]})

    items: list[AttemptOut]
    """The attempts of this page."""
    next: str | None
    """Give it as `cursor`; None on the last page."""
