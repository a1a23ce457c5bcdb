"""What names a thing. Lists of ids within a row are read and searched here: no database does it like another."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.accounts.tables import UserRow
from app.crm.articles.tables import ArticleRow, ArticleTextRow
from app.crm.campaigns.tables import CampaignRow
from app.crm.complaints.tables import CategoryRow
from app.crm.departments.tables import DepartmentMemberRow, DepartmentRow, ReachKind
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators.tables import MembershipRow, OperatorRow
from app.crm.price_lists.tables import PriceListRow, PriceRow
from app.crm.products.tables import ProductRow
from app.crm.promotions.tables import PromotionRow
from app.crm.queues.tables import QueueRow
from app.crm.scripts.tables import ScriptRow
from app.crm.surveys.tables import SurveyRow
from app.crm.uses.schemas import Used
from app.events.subjects import SUBJECTS
from app.records.base import Row


class Use(NamedTuple):
    """A row that names something."""

    row: type[Row]
    id: str
    title: str

    @property
    def kind(self) -> str:
        """The name of its subject."""
        return SUBJECTS[self.row].name


Uses = AsyncIterator[Use]


async def uses_of(session: AsyncSession, kind: Used, id_: str) -> list[Use]:
    """Everything that names a thing, kind by kind."""
    return [use async for use in _USES[kind](session, id_)]


async def _rows(session: AsyncSession, row: Any, title: Any, *where: ColumnElement[bool]) -> Uses:
    query = select(row.id, title).where(*where).order_by(title)
    for id_, titled in (await session.execute(query)).all():
        yield Use(row, str(id_), titled)


async def _with_lists(
    session: AsyncSession, row: Any, title: Any, names: Mapping[str, Any], *where: ColumnElement[bool]
) -> Uses:
    """Rows one of whose lists has a value.

    Args:
        names: the value by the name of the column with the list.
    """
    columns = [getattr(row, name) for name in names]
    query = select(row.id, title, *columns).where(*where).order_by(row.id)
    for id_, titled, *lists in (await session.execute(query)).all():
        if any(value in have for value, have in zip(names.values(), lists, strict=True)):
            yield Use(row, str(id_), titled)


async def _promotions(session: AsyncSession, name: str, value: str) -> Uses:
    column = getattr(PromotionRow, name)
    query = select(PromotionRow.id, PromotionRow.texts, column).order_by(col(PromotionRow.id))
    for id_, texts, have in (await session.execute(query)).all():
        if value in have:
            first: dict[str, str] = next(iter(texts.values()), {})
            yield Use(PromotionRow, str(id_), first.get("title", ""))


async def _articles(session: AsyncSession, name: str, value: str) -> Uses:
    column = getattr(ArticleRow, name)
    found = [
        id_ for id_, have in (await session.execute(select(ArticleRow.id, column))).all() if value in have
    ]
    async for use in _titled(session, found):
        yield use


async def _titled(session: AsyncSession, articles: Sequence[int | None]) -> Uses:
    texts = select(ArticleTextRow.article_id, ArticleTextRow.title).order_by(
        col(ArticleTextRow.article_id), col(ArticleTextRow.language)
    )
    told: dict[int, str] = {}
    for start in range(0, len(articles), _AT_ONCE):
        some = articles[start : start + _AT_ONCE]
        for id_, title in await session.execute(texts.where(col(ArticleTextRow.article_id).in_(some))):
            told.setdefault(id_, title)
    for id_, title in told.items():
        yield Use(ArticleRow, str(id_), title)


async def _routes(session: AsyncSession, kind: RouteKind, target: str) -> Uses:
    to = (col(RouteRow.kind) == kind.value, col(RouteRow.target) == target)
    for number in await session.scalars(select(RouteRow.number).where(*to).order_by(col(RouteRow.number))):
        yield Use(RouteRow, number, number)


def _reaching(kind: ReachKind, target: str) -> ColumnElement[bool]:
    """Departments whose calls go there, open or closed."""
    reach = (col(DepartmentRow.reach_kind) == kind.value) & (col(DepartmentRow.reach_target) == target)
    fallback = (col(DepartmentRow.fallback_kind) == kind.value) & (
        col(DepartmentRow.fallback_target) == target
    )
    return reach | fallback


async def _of_queue(session: AsyncSession, queue: str) -> Uses:
    async for use in _routes(session, RouteKind.QUEUE, queue):
        yield use
    over = (col(QueueRow.overflow_queue) == queue, col(QueueRow.id) != queue)
    async for use in _rows(session, QueueRow, QueueRow.title, *over):
        yield use
    members = (
        select(OperatorRow.id, UserRow.display_name)
        .join(UserRow, col(UserRow.id) == col(OperatorRow.id))
        .join(MembershipRow, col(MembershipRow.operator_id) == col(OperatorRow.id))
        .where(col(MembershipRow.queue) == queue)
        .order_by(col(UserRow.display_name))
    )
    for id_, name in (await session.execute(members)).all():
        yield Use(OperatorRow, str(id_), name)
    async for use in _rows(session, CampaignRow, CampaignRow.title, col(CampaignRow.queue) == queue):
        yield use
    async for use in _rows(session, DepartmentRow, DepartmentRow.title, _reaching(ReachKind.QUEUE, queue)):
        yield use
    async for use in _articles(session, "queues", queue):
        yield use
    async for use in _promotions(session, "queues", queue):
        yield use
    for row in (ScriptRow, SurveyRow):
        async for use in _with_lists(session, row, row.title, {"queues": queue}):
            yield use


async def _of_operator(session: AsyncSession, operator: str) -> Uses:
    async for use in _routes(session, RouteKind.OPERATOR, operator):
        yield use
    reaching = _reaching(ReachKind.OPERATOR, operator)
    async for use in _rows(session, DepartmentRow, DepartmentRow.title, reaching):
        yield use


async def _of_user(session: AsyncSession, id_: str) -> Uses:
    user = _number(id_)
    names = select(OperatorRow.id, UserRow.display_name).join(UserRow, col(UserRow.id) == col(OperatorRow.id))
    for operator, name in (await session.execute(names.where(col(OperatorRow.id) == user))).all():
        yield Use(OperatorRow, str(operator), name)
    member = col(DepartmentRow.id).in_(
        select(DepartmentMemberRow.department_id).where(col(DepartmentMemberRow.user_id) == user)
    )
    async for use in _rows(
        session, DepartmentRow, DepartmentRow.title, member | (col(DepartmentRow.deputy) == user)
    ):
        yield use
    owned = (await session.scalars(select(ArticleRow.id).where(col(ArticleRow.owner) == user))).all()
    async for use in _titled(session, owned):
        yield use


async def _of_role(session: AsyncSession, role: str) -> Uses:
    async for use in _rows(session, UserRow, UserRow.display_name, col(UserRow.role) == role):
        yield use


async def _of_department(session: AsyncSession, id_: str) -> Uses:
    async for use in _rows(
        session, CategoryRow, CategoryRow.title, col(CategoryRow.department) == _number(id_)
    ):
        yield use
    async for use in _rows(session, DepartmentRow, DepartmentRow.title, _reaching(ReachKind.DEPARTMENT, id_)):
        yield use


async def _of_category(session: AsyncSession, id_: str) -> Uses:
    code = await session.scalar(select(CategoryRow.code).where(col(CategoryRow.id) == _number(id_)))
    if code:
        async for use in _articles(session, "topics", code):
            yield use


async def _of_product(session: AsyncSession, id_: str) -> Uses:
    code = await session.scalar(select(ProductRow.code).where(col(ProductRow.id) == _number(id_)))
    priced = col(PriceListRow.id).in_(
        select(PriceRow.price_list_id).where(col(PriceRow.product_id) == _number(id_))
    )
    async for use in _rows(session, PriceListRow, PriceListRow.name, priced):
        yield use
    if code:
        async for use in _promotions(session, "products", code):
            yield use
        async for use in _articles(session, "products", code):
            yield use


def _number(id_: str) -> int:
    """An id of a row; 0, which no row has, for what is none."""
    return int(id_) if id_.isdecimal() and len(id_) <= _DIGITS else 0


_DIGITS: Final = 9
_AT_ONCE: Final = 500
_USES: Final[Mapping[Used, Callable[[AsyncSession, str], Uses]]] = {
    Used.QUEUE: _of_queue,
    Used.OPERATOR: _of_operator,
    Used.USER: _of_user,
    Used.ROLE: _of_role,
    Used.DEPARTMENT: _of_department,
    Used.COMPLAINT_CATEGORY: _of_category,
    Used.PRODUCT: _of_product,
}
