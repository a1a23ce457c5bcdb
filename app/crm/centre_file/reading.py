"""A centre's configuration as it is now, in the form of the file."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.queries import list_roles, list_users
from app.cases.reach import Goal
from app.crm.centre_file.names import Names
from app.crm.centre_file.schemas import (
    CategoryEntry,
    CentreFile,
    DepartmentEntry,
    GoalsEntry,
    OperatorEntry,
    PriceEntry,
    PriceListEntry,
    RoleEntry,
    RouteEntry,
    UserEntry,
)
from app.crm.complaints.categories import list_categories
from app.crm.complaints.tables import CategoryFields
from app.crm.custom_fields.queries import list_fields
from app.crm.custom_fields.schemas import CustomFieldOut, NewCustomField
from app.crm.departments.schemas import DepartmentIn, DepartmentOut
from app.crm.departments.service import DepartmentDraft, list_departments
from app.crm.departments.tables import ReachKind
from app.crm.dispositions.schemas import DispositionIn
from app.crm.dispositions.tables import DispositionFields, DispositionRow
from app.crm.inbound_routes.queries import list_routes
from app.crm.inbound_routes.tables import RouteKind
from app.crm.operators.schemas import MembershipIn
from app.crm.operators.tables import MembershipRow, OperatorRow, SoftphoneKind, SoftphoneRow
from app.crm.price_lists.service import get_price_list, list_price_lists
from app.crm.products.queries import categories_of, list_rates
from app.crm.products.schemas import ProductIn, VatRate
from app.crm.products.tables import ProductFields, ProductRow, VatRateFields
from app.crm.queues.queries import load_queue_settings
from app.crm.queues.schemas import NewQueue
from app.crm.tags.schemas import TagIn
from app.crm.tags.tables import TagRow
from app.crm.tallies.queries import list_tariffs
from app.crm.tallies.schemas import TariffIn
from app.domain.roles import Permission

_PERMISSIONS = frozenset(Permission)


async def read_centre(session: AsyncSession, *, retired: bool = False) -> CentreFile:
    """The whole configuration, however large it is; each list in the order of its names.

    Args:
        session: reads.
        retired: with departments that are out of use, where none in use has their name.
    """
    names = await Names.read(session)
    return CentreFile.model_construct(  # the bounds are those of what somebody sends
        roles=[
            RoleEntry(
                name=row.name,
                title=row.title,
                permissions=[Permission(one) for one in sorted(row.permissions) if one in _PERMISSIONS],
                phone=row.phone,
            )
            for row in await list_roles(session)
        ],
        users=sorted(
            (
                UserEntry(
                    username=row.username,
                    display_name=row.display_name,
                    role=row.role,
                    language=row.language,
                    active=row.active,
                )
                for row in await list_users(session)
            ),
            key=lambda one: one.username,
        ),
        queues=[
            NewQueue(
                **(
                    {name: getattr(one, name) for name in NewQueue.model_fields}
                    | {"skills": sorted(one.skills)}
                )
            )
            for one in await load_queue_settings(session)
        ],
        operators=await _operators(session, names),
        routes=await _routes(session, names),
        tariffs=[TariffIn(**row.model_dump()) for row in await list_tariffs(session)],
        tags=[
            TagIn(name=row.name, colour=row.colour)
            for row in await session.scalars(select(TagRow).order_by(col(TagRow.name)))
        ],
        contact_fields=[
            NewCustomField(**CustomFieldOut.of(row).model_dump(exclude={"version"}))
            for row in await list_fields(session)
        ],
        departments=await _departments(session, names, retired=retired),
        complaint_categories=await _categories(session, names),
        dispositions=[
            DispositionIn(**{name: getattr(row, name) for name in DispositionFields.model_fields})
            for row in await session.scalars(
                select(DispositionRow)
                .where(col(DispositionRow.campaign_id).is_(None))
                .order_by(col(DispositionRow.code))
            )
        ],
        vat_rates=[
            VatRate(**{name: getattr(row, name) for name in VatRateFields.model_fields})
            for row in await list_rates(session)
        ],
        products=await _products(session),
        price_lists=await _price_lists(session, names),
    )


def draft_of(said: DepartmentEntry, region: str) -> DepartmentDraft:
    """A department of a file to be saved, without its members, and without goals that are named: they have no ids yet.

    Raises:
        UNREADABLE: a number outside cannot be read.
    """
    named = (ReachKind.OPERATOR, ReachKind.DEPARTMENT)
    told = said.model_dump(mode="json") | {"members": [], "deputy": None}
    for name, goal in (("reach", said.reach), ("fallback", said.fallback)):
        if goal.kind in named:
            told[name] = {"kind": ReachKind.NONE}
    return DepartmentIn.model_validate(told).draft(region)


def with_numbers(file: CentreFile, drafts: Mapping[str, DepartmentDraft]) -> CentreFile:
    """A file with the numbers outside of its departments as they are kept."""

    def kept(said: GoalsEntry, read: Goal | None) -> GoalsEntry:
        if said.kind is not ReachKind.NUMBER or read is None:
            return said
        return said.model_copy(update={"target": read.target})

    departments = [
        one.model_copy(
            update={
                "reach": kept(one.reach, drafts[one.title].reach),
                "fallback": kept(one.fallback, drafts[one.title].fallback),
            }
        )
        for one in file.departments
    ]
    return file.model_copy(update={"departments": departments})


async def _operators(session: AsyncSession, names: Names) -> list[OperatorEntry]:
    places: dict[int, list[MembershipIn]] = {}
    for one in await session.scalars(select(MembershipRow).order_by(col(MembershipRow.queue))):
        places.setdefault(one.operator_id, []).append(MembershipIn(queue=one.queue, level=one.level))
    phones = select(SoftphoneRow.operator_id).where(col(SoftphoneRow.kind) == SoftphoneKind.BROWSER.value)
    in_browser = set(await session.scalars(phones))
    active = {one.id for one in await list_users(session) if one.active}
    found = [
        OperatorEntry(
            username=names.users[row.id],
            skills=sorted(row.skills),
            memberships=places.get(row.id, []),
            auto_answer=row.auto_answer,
            browser=row.id in in_browser,
        )
        for row in await session.scalars(select(OperatorRow))
        if row.id in active
    ]
    return sorted(found, key=lambda one: one.username)


async def _routes(session: AsyncSession, names: Names) -> list[RouteEntry]:
    found = []
    for row in await list_routes(session):
        said = row.model_dump()
        if row.kind == RouteKind.OPERATOR.value:
            said["target"] = names.users.get(int(row.target), "")
        if said["target"]:
            found.append(RouteEntry(**said))
    return found


async def _departments(session: AsyncSession, names: Names, *, retired: bool) -> list[DepartmentEntry]:
    found = []
    seen = {title.casefold() for title in names.departments.values()}
    newest_first = sorted(await list_departments(session), key=lambda one: -(one.row.id or 0))
    for one in newest_first:
        if not one.row.active and (not retired or one.row.title.casefold() in seen):
            continue
        seen.add(one.row.title.casefold())
        said = DepartmentOut.of(one).model_dump(exclude={"id", "version"}, mode="json")
        said["deputy"] = names.users.get(one.row.deputy or 0)
        said["members"] = sorted(names.users[user] for user in one.members)
        for goal in (said["reach"], said["fallback"]):
            goal["target"] = _named(goal, names)
            if not goal["target"]:
                goal["kind"] = ReachKind.NONE.value
        found.append(DepartmentEntry.model_validate(said))
    return sorted(found, key=lambda one: one.title)


def _named(goal: dict[str, str], names: Names) -> str:
    """The target of a goal by its name; empty: there is none, or it is out of use."""
    tables = {ReachKind.OPERATOR.value: names.users, ReachKind.DEPARTMENT.value: names.departments}
    table = tables.get(goal["kind"])
    return goal["target"] if table is None else table.get(int(goal["target"]), "")


async def _categories(session: AsyncSession, names: Names) -> list[CategoryEntry]:
    found: dict[str, CategoryEntry] = {}
    for row in sorted(await list_categories(session), key=lambda one: (not one.active, one.id or 0)):
        said = {name: getattr(row, name) for name in CategoryFields.model_fields}
        said["department"] = names.departments.get(row.department or 0)
        found.setdefault(row.title.casefold(), CategoryEntry(**said))
    return [found[title] for title in sorted(found)]


async def _products(session: AsyncSession) -> list[ProductIn]:
    rows = (await session.scalars(select(ProductRow).order_by(col(ProductRow.folded_code)))).all()
    categories = await categories_of(session, [row.id or 0 for row in rows])
    return [
        ProductIn(
            **{name: getattr(row, name) for name in ProductFields.model_fields},
            categories=sorted(one.name for one in categories[row.id or 0]),
        )
        for row in rows
    ]


async def _price_lists(session: AsyncSession, names: Names) -> list[PriceListEntry]:
    found = []
    for row, _count in await list_price_lists(session):
        whole = await get_price_list(session, row.id or 0)
        prices = [
            PriceEntry(product=names.products[one.product_id], net_price=one.net_price)
            for one in whole.prices
        ]
        found.append(
            PriceListEntry(
                name=row.name,
                tag=names.tags.get(row.tag_id or 0),
                active=row.active,
                prices=sorted(prices, key=lambda one: one.product),
            )
        )
    return sorted(found, key=lambda one: one.name)
