"""Consents and do-not-calls: added, looked up, removed with a reason, and taken in from lists."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import CampaignAsked, ContactAsked, ContactKey, TypedNumber
from app.api.security import Known, needs, user_id
from app.compliance.dial_facts import ConsentKind
from app.compliance.rules import RULE_SETS
from app.crm.consents import service
from app.crm.consents.errors import (
    ConsentEndsTooSoon,
    ConsentOfNobody,
    ConsentUnknown,
)
from app.crm.consents.queries import ConsentFilter
from app.crm.consents.schemas import (
    ConsentIn,
    ConsentMade,
    ConsentOut,
    Consents,
    LookUpOut,
    RemovalIn,
    RuleSetOut,
)
from app.crm.contacts.errors import ContactMerged
from app.domain.campaigns import Purpose
from app.domain.ids import CampaignId, ContactId
from app.domain.roles import Permission
from app.numbers.errors import UNREADABLE
from app.records.engine import reading, writing

LooksUp = Annotated[LoggedIn, needs(Permission.CONSENTS_LOOK_UP)]
Manages = Annotated[LoggedIn, needs(Permission.CONSENTS_MANAGE)]
Writes = Annotated[LoggedIn, needs(Permission.CONSENTS_WRITE)]
router = APIRouter(prefix="/consents", tags=["consents"], route_class=IdempotentRoute)
rule_sets = APIRouter(prefix="/rule-sets", tags=["consents"])

AboutPurpose = Annotated[
    Purpose | None, Query(description="The purpose that it is about; left out: every purpose.")
]
AboutCampaign = Annotated[
    int | None,
    Query(ge=1, le=2**31 - 1, description="The campaign that it is about; left out: all campaigns."),
]


@rule_sets.get("", summary="The law, as rule sets", responses=refusals())
async def list_rule_sets(_: LooksUp, services: Known) -> list[RuleSetOut]:
    """Returns each rule set with the sources of its rules. A campaign names one; its own settings may be stricter,
    never laxer.
    """
    return [RuleSetOut.of(rules, services.region) for rules in RULE_SETS.values()]


@router.get(
    "",
    summary="Consents and do-not-calls, newest first",
    responses=refusals(CursorUnknown, *UNREADABLE),
)
async def list_consents(
    _: Manages,
    services: Known,
    *,
    word: Annotated[ConsentKind | None, Query(description="Only these.")] = None,
    number: Annotated[TypedNumber | None, Query(description="One or several, as typed.")] = None,
    unreadable: Annotated[
        bool,
        Query(
            description="Only consents of an earlier version whose number cannot be read: they stop no dial."
        ),
    ] = False,
    contact: ContactAsked = None,
    purpose: Annotated[Purpose | None, Query(description="Only those about this.")] = None,
    campaign: CampaignAsked = None,
    removed: Annotated[bool, Query(description="Only removed consents, instead of those that hold.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Consents:
    """Filters are joined by "and"."""
    before = read_id_cursor(cursor)
    wanted = ConsentFilter(
        word=word,
        unreadable=unreadable,
        contact=ContactId(contact) if contact is not None else None,
        purpose=purpose,
        campaign=CampaignId(campaign) if campaign is not None else None,
        removed=removed,
    )
    async with reading(services.engine) as session:
        rows = await service.page_consents(
            session, wanted, number, before=before, limit=limit + 1, region=services.region
        )
    shown, following = page_by_id(rows, limit)
    return Consents(items=[ConsentOut.of(row) for row in shown], next=following)


@router.post(
    "",
    status_code=201,
    summary="Write down what somebody said",
    responses=refusals(ConsentOfNobody, ContactMerged, ConsentEndsTooSoon, *UNREADABLE),
)
async def write_down(said: ConsentIn, who: Writes, services: Known) -> ConsentMade:
    """A do-not-call holds at once, in every campaign: each dial checks it again.

    Each of several numbers in one text gets its own. 422 when a part of the text is no number that is certain.
    """
    async with writing(services.engine, who.actor) as session:
        rows = await service.write_down(
            session, said.draft(), user=user_id(who), at=services.now(), region=services.region
        )
    return ConsentMade.of_all(rows)


@router.get("/look-up", summary="What applies to a number", responses=refusals(*UNREADABLE))
async def look_up(
    _: LooksUp,
    services: Known,
    number: Annotated[TypedNumber, Query(description="One or several, as typed.")],
    purpose: AboutPurpose = None,
    campaign: AboutCampaign = None,
) -> LookUpOut:
    """What kind of number it is, its country and time zones, and the consents and do-not-calls that hold for it, each
    with who wrote it down, its source and its end.
    """
    async with reading(services.engine) as session:
        found = await service.look_up(
            session,
            number,
            at=services.now(),
            purpose=purpose,
            campaign=CampaignId(campaign) if campaign is not None else None,
            region=services.region,
        )
    return LookUpOut.of(found)


@router.get("/{id}", summary="One consent or do-not-call", responses=refusals(ConsentUnknown))
async def get_consent(id: ContactKey, _: Manages, services: Known) -> ConsentOut:  # noqa: A002 - the path says it
    """Returns a consent or do-not-call, also one that was removed."""
    async with reading(services.engine) as session:
        return ConsentOut.of(await service.get_consent(session, id))


@router.post("/{id}/removal", summary="Let one hold no longer", responses=refusals(ConsentUnknown))
async def remove_consent(
    id: ContactKey,  # noqa: A002 - the path says it
    said: RemovalIn,
    who: Manages,
    services: Known,
) -> ConsentOut:
    """It stays on file with the reason. One that was removed before stays as it was."""
    async with writing(services.engine, who.actor) as session:
        row = await service.withdraw(session, id, at=services.now(), user=user_id(who), reason=said.reason)
    return ConsentOut.of(row)
