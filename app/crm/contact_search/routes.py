"""The search as one types."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from app.accounts.service import LoggedIn
from app.api.paging import Limit
from app.api.problems import refusals
from app.api.schemas import Line
from app.api.security import Known, needs
from app.crm.contact_search import service
from app.crm.contact_search.schemas import HitOut
from app.crm.contacts.tables import ContactKind
from app.domain.roles import Permission
from app.records.engine import reading

Reads = Annotated[LoggedIn, needs(Permission.CONTACTS_READ)]
FieldAsked = Annotated[Line, Field(pattern=r"^[a-z][a-z0-9_]{0,39}:")]
"""A custom field's code and its value."""


def _wanted(
    q: Annotated[
        Line,
        Query(
            description="Beginnings of words, in any order and alphabet; any part of a number; an e-mail address, or "
            "`@` and its domain."
        ),
    ] = "",
    kind: Annotated[ContactKind | None, Query(description="Only people, or only companies.")] = None,
    tag: Annotated[
        tuple[Annotated[int, Field(ge=1, le=2**31 - 1)], ...],
        Query(
            max_length=20, description="Only contacts that have this tag; given several times, all of them."
        ),
    ] = (),
    field: Annotated[
        tuple[FieldAsked, ...],
        Query(
            max_length=20,
            description="Only contacts that have this value of a custom field, as `code:value`; several: all of them.",
        ),
    ] = (),
) -> service.Wanted:
    values = tuple((one.partition(":")[0], one.partition(":")[2]) for one in field)
    return service.Wanted(q, kind, tag, values)


Asked = Annotated[service.Wanted, Depends(_wanted)]
router = APIRouter(prefix="/contacts", tags=["contacts"])


@router.get("/search", summary="Search contacts as one types", responses=refusals())
async def search_contacts(asked: Asked, _: Reads, services: Known, limit: Limit = 20) -> list[HitOut]:
    """Finds contacts by names, company, numbers, addresses and ids, the best first, each with the fields that fit.

    Letters may be of any case and alphabet: `ounapuu` finds Õunapuu, `ivanova` finds Иванова. Whole words of the name
    come before beginnings, and newer contacts before older ones. Without `q` and filters it finds nothing; for all
    matches page by page, see `GET /contacts`.
    """
    async with reading(services.engine, often=True) as session:
        hits = await service.find(session, asked, limit=limit, region=services.region)
    return [HitOut.of(hit) for hit in hits]
