"""Saves the entries of a file, each by its subject's own service, so that its rules hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts import roles as accounts_roles
from app.accounts import service as accounts
from app.accounts.hashing import PasswordHash
from app.accounts.roles import Rights
from app.crm.centre_file.names import Names, id_of, ids_of
from app.crm.centre_file.schemas import (
    CategoryEntry,
    CentreFile,
    DepartmentEntry,
    GoalsEntry,
    OperatorEntry,
    PriceListEntry,
    RoleEntry,
    RouteEntry,
    UserEntry,
)
from app.crm.complaints import categories
from app.crm.complaints.tables import CategoryFields, CategoryRow
from app.crm.custom_fields import service as custom_fields
from app.crm.custom_fields.schemas import NewCustomField
from app.crm.departments import service as departments
from app.crm.departments.schemas import DepartmentIn
from app.crm.departments.tables import ReachKind
from app.crm.dispositions import service as dispositions
from app.crm.dispositions.schemas import DispositionIn
from app.crm.dispositions.tables import DispositionRow
from app.crm.inbound_routes import service as routes
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators import service as operators
from app.crm.price_lists import service as price_lists
from app.crm.price_lists.tables import PriceListFields, PriceListRow
from app.crm.products import service as products
from app.crm.products.schemas import ProductIn
from app.crm.queues import service as queues
from app.crm.queues.schemas import NewQueue, QueueIn
from app.crm.tags import service as tags
from app.crm.tags.schemas import TagIn
from app.crm.tallies.queries import replace_tariffs
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership
from app.domain.references import named
from app.floor.floor import Floor
from app.floor.operators.states import check_operator_removal


class Bringing(NamedTuple):
    """What a file is brought in with."""

    own: Rights
    """What whoever brings it may do, and so may give to others."""
    floor: Floor
    unusable: PasswordHash
    """Of a password that nobody knows: new users have it."""
    region: str
    now: datetime
    today: date


class Put(Protocol):
    """Saves an entry of a kind."""

    async def __call__(self, session: AsyncSession, with_: Bringing, said: Any, /, *, made: bool) -> None:
        """Make it, or change what is there; raises what the subject's service refuses."""


class Kind(NamedTuple):
    """A list of the file."""

    list: str
    name: str
    """The field by which its entries are named."""
    put: Put


async def _role(session: AsyncSession, with_: Bringing, said: RoleEntry, *, made: bool) -> None:  # noqa: ARG001 - made and changed alike
    await accounts_roles.put_role(
        session,
        said.name,
        title=said.title,
        permissions=said.permissions,
        phone=said.phone,
        own=with_.own,
    )


async def _user(session: AsyncSession, with_: Bringing, said: UserEntry, *, made: bool) -> None:
    with named("role"):
        await accounts_roles.check_gift(session, said.role, with_.own)
    told = said.model_dump(exclude={"username", "active"})
    if made:
        row = await accounts.create_user(
            session, username=said.username, password_hash=with_.unusable, at=with_.now, **told
        )
        if said.active:
            return
        id_ = row.id or 0
    else:
        names = await Names.read(session)
        id_ = id_of(names.users, said.username, of=said.username, field="username")
        before = await accounts.get_user(session, id_)
        await accounts_roles.check_over(session, before.role, with_.own)
    await accounts.change_user(session, id_, active=said.active, **told)
    if not said.active:
        check_operator_removal(with_.floor, OperatorId(id_))


async def _queue(session: AsyncSession, _with: Bringing, said: NewQueue, *, made: bool) -> None:
    settings = QueueIn.model_validate(said.model_dump(exclude={"id"})).settings(QueueId(said.id))
    if made:  # the queue that it overflows into may come after it
        await queues.make_queue(session, replace(settings, overflow_queue=None))
    else:
        await queues.change_queue(session, settings)


async def _operator(session: AsyncSession, _with: Bringing, said: OperatorEntry, *, made: bool) -> None:
    names = await Names.read(session)
    user = id_of(names.users, said.username, of=said.username, field="username")
    told: Mapping[str, Any] = {
        "skills": said.skills,
        "auto_answer": said.auto_answer,
        "memberships": [Membership(QueueId(one.queue), one.level) for one in said.memberships],
    }
    if made:
        await operators.make_operator(session, user, browser=said.browser, **told)
    else:
        await operators.change_operator(session, OperatorId(user), **told)


async def _route(session: AsyncSession, _with: Bringing, said: RouteEntry, *, made: bool) -> None:  # noqa: ARG001 - made and changed alike
    told = said.model_dump(mode="json")
    if said.kind is RouteKind.OPERATOR:
        names = await Names.read(session)
        told["target"] = str(id_of(names.users, said.target, of=said.number, field="target"))
    await routes.put_route(session, RouteRow(**told))


async def _tag(session: AsyncSession, _with: Bringing, said: TagIn, *, made: bool) -> None:
    if made:
        await tags.make_tag(session, said)
        return
    names = await Names.read(session)
    await tags.change_tag(session, id_of(names.tags, said.name, of=said.name, field="name"), said)


async def _field(session: AsyncSession, _with: Bringing, said: NewCustomField, *, made: bool) -> None:
    save = custom_fields.make_field if made else custom_fields.change_field
    await save(session, said.code, said, said.titles, said.choices)


async def _department(session: AsyncSession, with_: Bringing, said: DepartmentEntry, *, made: bool) -> None:
    names = await Names.read(session)
    told = said.model_dump(mode="json")
    told["members"] = ids_of(names.users, said.members, of=said.title, field="members")
    told["deputy"] = said.deputy and id_of(names.users, said.deputy, of=said.title, field="deputy")
    for name, goal in (("reach", said.reach), ("fallback", said.fallback)):
        told[name]["target"] = _target(names, goal, of=said.title, field=name, made=made)
        if not told[name]["target"]:
            told[name]["kind"] = ReachKind.NONE.value
    draft = DepartmentIn.model_validate(told).draft(with_.region)
    if made:
        await departments.make_department(session, draft)
    else:
        id_ = id_of(names.departments, said.title, of=said.title, field="title")
        await departments.change_department(session, await departments.locked_department(session, id_), draft)


def _target(names: Names, goal: GoalsEntry, *, of: str, field: str, made: bool) -> str:
    if goal.kind is ReachKind.OPERATOR:
        return str(id_of(names.users, goal.target, of=of, field=field))
    if goal.kind is not ReachKind.DEPARTMENT:
        return goal.target
    if made:  # the department that it falls back to may come after it
        return ""
    return str(id_of(names.departments, goal.target, of=of, field=field))


async def _category(session: AsyncSession, _with: Bringing, said: CategoryEntry, *, made: bool) -> None:
    names = await Names.read(session)
    told = said.model_dump()
    if said.department is not None:
        told["department"] = id_of(names.departments, said.department, of=said.title, field="department")
    fields = CategoryFields(**told)
    if made:
        await categories.make_category(session, fields)
        return
    there = sorted(
        (row for row in await categories.list_categories(session) if _same(row, said)),
        key=lambda row: (not row.active, row.id or 0),
    )
    await categories.change_category(session, there[0].id or 0, fields)


def _same(row: CategoryRow, said: CategoryEntry) -> bool:
    return row.title.casefold() == said.title.casefold()


async def _disposition(session: AsyncSession, _with: Bringing, said: DispositionIn, *, made: bool) -> None:
    if made:
        await dispositions.make_disposition(session, None, said.model_dump())
        return
    for_all = select(DispositionRow).where(col(DispositionRow.campaign_id).is_(None))
    for row in await session.scalars(for_all):
        if row.code.casefold() == said.code.casefold():
            await dispositions.change_disposition(session, row.id or 0, said.model_dump())


async def _product(session: AsyncSession, with_: Bringing, said: ProductIn, *, made: bool) -> None:
    if made:
        await products.make_product(session, said, said.categories, with_.now, with_.today)
        return
    names = await Names.read(session)
    id_ = id_of(names.products, said.code, of=said.code, field="code")
    await products.change_product(session, id_, said, said.categories, at=with_.now, today=with_.today)


async def _price_list(session: AsyncSession, _with: Bringing, said: PriceListEntry, *, made: bool) -> None:
    names = await Names.read(session)
    tag = None if said.tag is None else id_of(names.tags, said.tag, of=said.name, field="tag")
    fields = PriceListFields(name=said.name, active=said.active)
    prices = {
        id_of(names.products, one.product, of=said.name, field="prices"): one.net_price for one in said.prices
    }
    if made:
        await price_lists.make_price_list(session, fields, tag, prices)
        return
    there = {row.id or 0: row.name for row in await session.scalars(select(PriceListRow))}
    id_ = id_of(there, said.name, of=said.name, field="name")
    await price_lists.change_price_list(session, id_, fields, tag, prices)


async def put_whole(session: AsyncSession, name: str, file: CentreFile, with_: Bringing) -> None:
    """Replace all of a list by what the file has of it."""
    if name == "tariffs":
        await replace_tariffs(session, [one.row() for one in file.tariffs])
    else:
        await products.replace_rates(session, file.vat_rates, with_.today)


KINDS: Final = (
    Kind("roles", "name", _role),
    Kind("users", "username", _user),
    Kind("queues", "id", _queue),
    Kind("operators", "username", _operator),
    Kind("routes", "number", _route),
    Kind("tags", "name", _tag),
    Kind("contact_fields", "code", _field),
    Kind("departments", "title", _department),
    Kind("complaint_categories", "title", _category),
    Kind("dispositions", "code", _disposition),
    Kind("products", "code", _product),
    Kind("price_lists", "name", _price_list),
)
"""Lists whose entries are made and changed one by one, those that others name first."""
WHOLE: Final = ("tariffs", "vat_rates")
"""Lists that replace what is there."""
