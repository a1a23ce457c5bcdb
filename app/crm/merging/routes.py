"""Merging contacts, and undoing it."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.accounts.service import LoggedIn
from app.api.etags import UNSEEN, Match
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import ContactKey, RowId
from app.api.security import Known, needs
from app.crm.contacts.errors import ContactUnknown, ExternalIdTaken
from app.crm.contacts.schemas import ContactOut
from app.crm.contacts.tables import ContactRow
from app.crm.merging import service
from app.crm.merging.errors import (
    MergeChangedSince,
    MergeDuringCall,
    MergeFieldUnknown,
    MergeNotLast,
    MergeOfKinds,
    MergeOfOne,
    MergeUndone,
    MergeUnknown,
)
from app.crm.merging.schemas import ChoiceOut, MergedOut, MergeIn, MergeOut, PartedOut
from app.crm.privacy.errors import BeingErased
from app.domain.ids import ContactId
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Removes = Annotated[LoggedIn, needs(Permission.CONTACTS_REMOVE)]
of_contact = APIRouter(prefix="/contacts", tags=["contacts"], route_class=IdempotentRoute)
router = APIRouter(prefix="/merges", tags=["contacts"], route_class=IdempotentRoute)


@of_contact.get(
    "/{id}/merge-preview",
    summary="Two contacts side by side",
    responses=refusals(ContactUnknown, MergeOfOne, MergeOfKinds),
)
async def preview(
    id: ContactKey,  # noqa: A002 - the path says it
    other: Annotated[int, Query(ge=1, le=2**53, description="The contact that would go.")],
    _: Reads,
    services: Known,
) -> list[ChoiceOut]:
    """Returns each field of both, by the names that contacts have, and the value that wins if nothing is said: custom
    fields as `fields.` and the code, terms as `terms.`, and which number and address come first.

    Numbers, tags and whatever else a contact has several of are all kept.
    """
    async with reading(services.engine) as session:
        choices = await service.preview(session, ContactId(id), ContactId(other))
    return [ChoiceOut.of(one) for one in choices]


@of_contact.post(
    "/{id}/merge",
    summary="Merge a contact into this one",
    responses=refusals(
        *(ContactUnknown, MergeOfOne, MergeOfKinds, BeingErased, MergeDuringCall, MergeFieldUnknown, *UNSEEN)
    ),
)
async def merge(
    id: ContactKey,  # noqa: A002 - the path says it
    said: MergeIn,
    who: Removes,
    services: Known,
    match: Match,
) -> MergedOut:
    """The other contact goes; its calls, leads, consents, numbers and everything else move to this one.

    Objections of both hold afterwards. The other id answers with 410 and the contact it went into. `POST
    /merges/{id}/undo` restores both exactly.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ContactRow, id)
        merged = await service.merge(
            session,
            ContactId(id),
            ContactId(said.other),
            take=said.take,
            who=who.actor,
            at=services.now(),
            in_call={
                call.contact for call in services.runner.floor.calls.values() if call.contact is not None
            },
        )
    return MergedOut.of(merged)


@of_contact.get("/{id}/merges", summary="Merges into a contact", responses=refusals(ContactUnknown))
async def list_merges(id: ContactKey, _: Reads, services: Known) -> list[MergeOut]:  # noqa: A002 - the path says it
    """Returns the contacts that went into this one, the last first."""
    async with reading(services.engine) as session:
        return [MergeOut.of(row) for row in await service.merges_of(session, ContactId(id))]


@router.post(
    "/{id}/undo",
    summary="Undo a merge",
    responses=refusals(
        *(MergeUnknown, MergeUndone, BeingErased, MergeNotLast, MergeChangedSince, ExternalIdTaken)
    ),
)
async def undo(id: RowId, who: Removes, services: Known) -> PartedOut:  # noqa: A002 - the path says it
    """Both contacts are as they were; what came after the merge, such as calls, stays with the one that stayed."""
    async with writing(services.engine, who.actor) as session:
        both = await service.undo(session, id, at=services.now())
    return PartedOut(contacts=[ContactOut.of(one) for one in both])
