"""Custom fields of contacts."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.accounts.service import LoggedIn
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.security import Known, needs
from app.crm.custom_fields import service
from app.crm.custom_fields.errors import (
    ChoicesUnfit,
    CustomFieldHasValues,
    CustomFieldTaken,
    CustomFieldUnknown,
    TooManyCustomFields,
)
from app.crm.custom_fields.schemas import CustomFieldIn, CustomFieldOut, NewCustomField
from app.crm.custom_fields.tables import CustomFieldRow
from app.domain.roles import Permission
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.CUSTOM_FIELDS_WRITE)]
FieldCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="The field's code.")]
router = APIRouter(prefix="/contact-fields", tags=["contacts"], route_class=IdempotentRoute)


@router.get("", summary="Custom fields of contacts", responses=refusals())
async def list_fields(_: Reads, services: Known) -> list[CustomFieldOut]:
    """Returns all fields in their order, those out of use too: values of contacts are given by `code`."""
    async with reading(services.engine) as session:
        return [CustomFieldOut.of(row) for row in await service.list_fields(session)]


@router.post(
    "",
    status_code=201,
    summary="Declare a custom field",
    responses=refusals(CustomFieldTaken, TooManyCustomFields, ChoicesUnfit) | TAGGED_NEW,
)
async def make_field(said: NewCustomField, who: Writes, services: Known, tag: Tag) -> CustomFieldOut:
    """From then on it is part of every contact. A field that is required must be filled in by whoever saves one."""
    async with writing(services.engine, who.actor) as session:
        row = await service.make_field(session, said.code, said, said.titles, said.choices)
    return tag(CustomFieldOut.of(row))


@router.put(
    "/{code}",
    summary="Change a custom field",
    responses=refusals(CustomFieldUnknown, CustomFieldHasValues, ChoicesUnfit, *UNSEEN) | TAGGED,
)
async def put_field(
    code: FieldCode, said: CustomFieldIn, who: Writes, services: Known, match: Match
) -> CustomFieldOut:
    """With `active` false it is put out of use: contacts keep their values, which come back with it."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, CustomFieldRow, code)
        row = await service.change_field(session, code, said, said.titles, said.choices)
    return match(CustomFieldOut.of(row))
