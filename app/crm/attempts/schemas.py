"""Attempts in which a customer was reached, and their dispositions."""

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
    """The disposition of a call. One that is set later replaces the earlier one."""

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
    """The code of the disposition."""
    note: Annotated[Prose, Field(max_length=2000)] = ""
    """The operator's note, at most 2,000 characters."""
    callback_at: Moment | None = None
    """When the customer asked to be called back, for a disposition that is a callback; it must be in the future."""
    callback_operator: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The operator who is to call back; null: anybody."""

    def draft(self) -> DispositionDraft:
        """The draft that the service takes."""
        by = OperatorId(self.callback_operator) if self.callback_operator is not None else None
        return DispositionDraft(self.disposition, self.note, self.callback_at, by)


class AttemptOut(Shown):
    """An attempt to reach a lead."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ATTEMPT]})

    id: str
    """The attempt's id, which is also the id of its channel in the PBX."""
    campaign: int
    """The campaign's id."""
    lead: int
    """The lead's id."""
    contact: int | None
    """The contact's id; null: the lead is not linked to a contact."""
    name: str
    """The lead's name; empty when the lead has none or was removed."""
    number: str
    """The number that was dialled, E.164."""
    columns: list[ColumnView]
    """The columns of the lead from its list, in the list's order."""
    mode: DialMode
    """The mode in which the campaign dialled this attempt."""
    placed_at: datetime
    """When the call was sent to the PBX."""
    answered_at: datetime | None
    """When a person or a machine answered; null: not answered."""
    connected_at: datetime | None
    """When an operator was connected; null: none was."""
    ended_at: datetime | None
    """When the attempt ended; null while it is under way."""
    outcome: AttemptOutcome | None
    """How the attempt ended; null while it is under way."""
    amd: str
    """The verdict of answering-machine detection, such as `HUMAN`, with its cause; empty: none."""
    call: str | None
    """The id of the call; null until somebody answered."""
    operator: int | None
    """The operator who talked, or for whom the lead was dialled; null: nobody yet."""
    disposition: str | None
    """The code of the disposition; null: none is set yet."""
    disposition_title: str | None
    """The disposition's title in the centre's own language; null: no disposition is set yet."""
    disposition_titles: dict[str, str]
    """The disposition's titles in other languages, by language code."""
    note: str
    """The operator's note; empty for none."""
    callback_at: datetime | None
    """When the lead is to be called back; null: not, or the lead has a later attempt."""
    callback_operator: int | None
    """The operator who is to call back; null: anybody."""

    @classmethod
    def of(cls, row: AttemptRow, disposition: DispositionRow | None, lead: LeadRow | None) -> "AttemptOut":
        """The attempt as the API shows it."""
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
    """Give it as `cursor` for the next page; null on the last page."""
