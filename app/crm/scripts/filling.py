"""The values that variables of a script have in a call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.attempts.queries import get_attempt
from app.crm.calls.service import SeenCall
from app.crm.campaigns.queries import get_campaign
from app.crm.contacts.queries import get_contact
from app.crm.custom_fields.queries import values_of
from app.crm.leads.queries import get_lead
from app.crm.queues.queries import get_queue
from app.crm.scripts.flow import Passed
from app.domain.ids import AttemptId, CampaignId, LeadId, QueueId
from app.domain.names import display_name

_NAMES = ("surname", "given_name", "patronymic")


@dataclass(slots=True, frozen=True, kw_only=True)
class Circumstances:
    """Where a script is spoken."""

    call: str
    queue: str
    campaign: int | None
    contact: int | None
    number: str
    dialed: str
    language: str
    named: bool
    """The operator may read contacts; a script of others says what it says of callers whom nobody knows."""


def circumstances_of(seen: SeenCall, *, named: bool) -> Circumstances:
    """The circumstances of a call: of the live one, where there is one.

    Args:
        seen: the call.
        named: the operator may read contacts.
    """
    row, live = seen.row, seen.live
    return Circumstances(
        call=row.id,
        queue=live.queue if live is not None else row.queue,
        campaign=live.campaign if live is not None else row.campaign_id,
        contact=seen.contact,
        number="" if row.number_withheld else row.caller_number,
        dialed=row.dialed,
        language=row.language,
        named=named,
    )


async def contact_language(session: AsyncSession, contact: int | None) -> str:
    """The language that a contact speaks; empty: nobody knows."""
    row = await get_contact(session, contact) if contact is not None else None
    return row.language if row is not None else ""


async def values_in(session: AsyncSession, where: Circumstances, operator: str) -> dict[str, str]:
    """The values of all variables but for answers; those that are empty are left out.

    Args:
        session: reads.
        where: the script is spoken.
        operator: the display name of who speaks.
    """
    found = {
        "operator.name": operator,
        "call.number": where.number,
        "call.dialed": where.dialed,
        **(await _of_contact(session, where.contact) if where.named else {}),
        **await _of_lead(session, where),
    }
    queue = await get_queue(session, QueueId(where.queue)) if where.queue else None
    found["call.queue"] = queue.title if queue is not None else where.queue
    if where.campaign is not None:
        campaign = await get_campaign(session, CampaignId(where.campaign))
        found["campaign.title"] = campaign.title if campaign is not None else ""
    return {name: value for name, value in found.items() if value}


def answers_in(trail: list[Passed], choices: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The values of variables that are earlier answers.

    Args:
        trail: of the run.
        choices: by step, the titles of its choices in the language that is spoken.
    """
    found = {}
    for one in trail:
        said = one.answer if isinstance(one.answer, tuple) else (one.answer or "",)
        titles = choices.get(one.step, {})
        found[f"answer.{one.step}"] = ", ".join(titles.get(code, code) for code in said)
    return found


async def _of_contact(session: AsyncSession, contact: int | None) -> dict[str, str]:
    row = await get_contact(session, contact) if contact is not None else None
    if row is None or row.id is None:
        return {}
    names = {name: getattr(row, name) for name in _NAMES}
    fields = (await values_of(session, [row.id]))[row.id]
    return {
        **{f"contact.{name}": value for name, value in names.items()},
        "contact.name": display_name(**names, company_name=row.company_name),
        "contact.company": row.company_name,
        "contact.language": row.language,
        **{f"fields.{one.code}": one.value for one in fields},
    }


async def _of_lead(session: AsyncSession, where: Circumstances) -> dict[str, str]:
    if where.campaign is None:
        return {}
    attempt = await get_attempt(session, AttemptId(where.call))
    lead = await get_lead(session, LeadId(attempt.lead_id)) if attempt is not None else None
    if lead is None:
        return {}
    columns: dict[str, Any] = {
        **lead.variables,
        **{name: getattr(lead, name) for name in (*_NAMES, "company_name", "external_id")},
    }
    return {f"lead.{name}": str(value) for name, value in columns.items() if value is not None}
