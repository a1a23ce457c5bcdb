"""Saves the entries of a file, each by its subject's own service, so that its rules hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts import roles as accounts_roles
from app.accounts import service as accounts
from app.accounts.hashing import PasswordHash
from app.accounts.roles import Rights
from app.cases.reach import Goal
from app.crm.centre_file.names import Named, Names
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
from app.crm.departments.service import DepartmentDraft
from app.crm.departments.tables import ReachKind
from app.crm.dispositions import service as dispositions
from app.crm.dispositions.schemas import DispositionIn
from app.crm.dispositions.tables import DispositionRow
from app.crm.inbound_routes import service as routes
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators import service as operators
from app.crm.operators.queries import is_operator
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
from app.domain.queues import MaxWait
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
    drafts: Mapping[str, DepartmentDraft]
    """The departments of the file by name, read but for the ids of what they name."""
    now: datetime
    today: date


class Turn(NamedTuple):
    """In which an entry is put."""

    session: AsyncSession
    by: Bringing
    names: Names
    """As they are before the entries of its kind; in the second turn, behind the first one."""
    made: bool
    """It is not there yet."""
    whole: bool
    """All that it names is there; else it is put without what it names of its own kind."""


class Put(Protocol):
    """Saves an entry of a kind."""

    async def __call__(self, turn: Turn, said: Any, /) -> None:
        """Make it, or change what is there; raises what the subject's service refuses."""


class Kind(NamedTuple):
    """A list of the file."""

    list: str
    name: str
    """The field by which its entries are named."""
    put: Put
    names_own: Callable[[Any], bool] = lambda _: False
    """Whether an entry names another of its kind, which may come after it."""


async def _role(turn: Turn, said: RoleEntry) -> None:
    await accounts_roles.put_role(
        turn.session,
        said.name,
        title=said.title,
        permissions=said.permissions,
        phone=said.phone,
        own=turn.by.own,
    )


async def _user(turn: Turn, said: UserEntry) -> None:
    with named("role"):
        await accounts_roles.check_gift(turn.session, said.role, turn.by.own)
    told = said.model_dump(exclude={"username", "active"})
    if turn.made:
        row = await accounts.create_user(
            turn.session, username=said.username, password_hash=turn.by.unusable, at=turn.by.now, **told
        )
        if said.active:
            return
        id_ = row.id or 0
    else:
        id_ = turn.names.users.id_of(said.username, of=said.username, field="username")
        before = await accounts.get_user(turn.session, id_)
        await accounts_roles.check_over(turn.session, before.role, turn.by.own)
    await accounts.change_user(turn.session, id_, active=said.active, **told)
    if not said.active:
        check_operator_removal(turn.by.floor, OperatorId(id_))


async def _queue(turn: Turn, said: NewQueue) -> None:
    settings = QueueIn.model_validate(said.model_dump(exclude={"id"})).settings(QueueId(said.id))
    if not turn.whole:
        settings = replace(settings, overflow_queue=None, max_wait_then=MaxWait.STAY)
    save = queues.make_queue if turn.made else queues.change_queue
    await save(turn.session, settings)


async def _operator(turn: Turn, said: OperatorEntry) -> None:
    user = turn.names.users.id_of(said.username, of=said.username, field="username")
    told: Mapping[str, Any] = {
        "skills": said.skills,
        "auto_answer": said.auto_answer,
        "memberships": [Membership(QueueId(one.queue), one.level) for one in said.memberships],
    }
    if await is_operator(turn.session, user):  # perhaps one whose user could not log in until now
        await operators.change_operator(turn.session, OperatorId(user), **told)
    else:
        await operators.make_operator(turn.session, user, browser=said.browser, **told)


async def _route(turn: Turn, said: RouteEntry) -> None:
    told = said.model_dump(mode="json")
    if said.kind is RouteKind.OPERATOR:
        told["target"] = str(turn.names.users.id_of(said.target, of=said.number, field="target"))
    await routes.put_route(turn.session, RouteRow(**told))


async def _tag(turn: Turn, said: TagIn) -> None:
    if turn.made:
        await tags.make_tag(turn.session, said)
        return
    await tags.change_tag(turn.session, turn.names.tags.id_of(said.name, of=said.name, field="name"), said)


async def _field(turn: Turn, said: NewCustomField) -> None:
    save = custom_fields.make_field if turn.made else custom_fields.change_field
    await save(turn.session, said.code, said, said.titles, said.choices)


async def _department(turn: Turn, said: DepartmentEntry) -> None:
    names, of = turn.names, said.title
    draft = turn.by.drafts[of]
    deputy = None if said.deputy is None else names.users.id_of(said.deputy, of=of, field="deputy")
    draft = replace(
        draft,
        fields=draft.fields.model_copy(update={"deputy": deputy}),
        members=names.users.ids_of(said.members, of=of, field="members"),
        reach=_goal(turn, said.reach, draft.reach, of=of, field="reach"),
        fallback=_goal(turn, said.fallback, draft.fallback, of=of, field="fallback"),
    )
    if turn.made:
        await departments.make_department(turn.session, draft)
        return
    there = names.departments if names.departments.has(of) else names.retired
    row = await departments.locked_department(turn.session, there.id_of(of, of=of, field="title"))
    await departments.change_department(turn.session, row, draft)


def _goal(turn: Turn, said: GoalsEntry, read: Goal | None, *, of: str, field: str) -> Goal | None:
    """A goal with an id in place of a name."""
    if said.kind is ReachKind.OPERATOR:
        return Goal(said.kind.value, str(turn.names.users.id_of(said.target, of=of, field=field)))
    if said.kind is ReachKind.DEPARTMENT:
        id_ = turn.names.departments.id_of(said.target, of=of, field=field) if turn.whole else None
        return Goal(said.kind.value, str(id_)) if id_ is not None else None
    return read


async def _category(turn: Turn, said: CategoryEntry) -> None:
    told = said.model_dump()
    if said.department is not None:
        told["department"] = turn.names.departments.id_of(said.department, of=said.title, field="department")
    fields = CategoryFields(**told)
    if turn.made:
        await categories.make_category(turn.session, fields)
        return
    there = sorted(
        (row for row in await categories.list_categories(turn.session) if _same(row, said)),
        key=lambda row: (not row.active, row.id or 0),
    )
    await categories.change_category(turn.session, there[0].id or 0, fields)


def _same(row: CategoryRow, said: CategoryEntry) -> bool:
    return row.title.casefold() == said.title.casefold()


async def _disposition(turn: Turn, said: DispositionIn) -> None:
    if turn.made:
        await dispositions.make_disposition(turn.session, None, said.model_dump())
        return
    for_all = select(DispositionRow).where(col(DispositionRow.campaign_id).is_(None))
    for row in await turn.session.scalars(for_all):
        if row.code.casefold() == said.code.casefold():
            await dispositions.change_disposition(turn.session, row.id or 0, said.model_dump())


async def _product(turn: Turn, said: ProductIn) -> None:
    if turn.made:
        await products.make_product(turn.session, said, said.categories, turn.by.now, turn.by.today)
        return
    id_ = turn.names.products.id_of(said.code, of=said.code, field="code")
    await products.change_product(
        turn.session, id_, said, said.categories, at=turn.by.now, today=turn.by.today
    )


async def _price_list(turn: Turn, said: PriceListEntry) -> None:
    tag = None if said.tag is None else turn.names.tags.id_of(said.tag, of=said.name, field="tag")
    fields = PriceListFields(name=said.name, active=said.active)
    prices = {
        turn.names.products.id_of(one.product, of=said.name, field="prices"): one.net_price
        for one in said.prices
    }
    if turn.made:
        await price_lists.make_price_list(turn.session, fields, tag, prices)
        return
    there = Named((row.id or 0, row.name) for row in await turn.session.scalars(select(PriceListRow)))
    id_ = there.id_of(said.name, of=said.name, field="name")
    await price_lists.change_price_list(turn.session, id_, fields, tag, prices)


async def put_whole(session: AsyncSession, name: str, file: CentreFile, with_: Bringing) -> None:
    """Replace all of a list by what the file has of it."""
    if name == "tariffs":
        await replace_tariffs(session, [one.row() for one in file.tariffs])
    else:
        await products.replace_rates(session, file.vat_rates, with_.today)


KINDS: Final = (
    Kind("roles", "name", _role),
    Kind("users", "username", _user),
    Kind("queues", "id", _queue, lambda one: one.overflow_queue is not None),
    Kind("operators", "username", _operator),
    Kind("routes", "number", _route),
    Kind("tags", "name", _tag),
    Kind("contact_fields", "code", _field),
    Kind("departments", "title", _department, lambda one: one.fallback.kind is ReachKind.DEPARTMENT),
    Kind("complaint_categories", "title", _category),
    Kind("dispositions", "code", _disposition),
    Kind("products", "code", _product),
    Kind("price_lists", "name", _price_list),
)
"""Lists whose entries are made and changed one by one, those that others name first."""
WHOLE: Final = ("tariffs", "vat_rates")
"""Lists that replace what is there."""
