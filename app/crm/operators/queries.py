"""Operators as rows: users with a phone, skills and queues; and their states over time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from app.accounts.tables import RoleRow, UserRow
from app.crm.operators.day import Span
from app.crm.operators.tables import MembershipRow, OperatorRow, SoftphoneKind, SoftphoneRow
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings
from app.records.tables import OperatorStateRow
from app.records.versions import columns_of, raise_version

_STATES_OF_DAY: Final = 20_000
"""More than an operator has in a day."""


class Phone(NamedTuple):
    """An operator's phone, with the operator's name and language."""

    operator: OperatorId
    endpoint: str
    kind: SoftphoneKind
    name: str
    """The operator's display name."""
    language: str
    """The operator's language."""

    @property
    def browser(self) -> bool:
        """Whether it is the phone in the browser."""
        return self.kind is SoftphoneKind.BROWSER


def _operators() -> Select[OperatorRow, str, str, str]:
    return (
        select(
            OperatorRow,
            UserRow.display_name,
            func.coalesce(RoleRow.phone, UserRow.role),
            SoftphoneRow.endpoint,
        )
        .join(UserRow, col(UserRow.id) == col(OperatorRow.id))
        .join(RoleRow, col(RoleRow.name) == col(UserRow.role), isouter=True)
        .join(SoftphoneRow, col(SoftphoneRow.operator_id) == col(OperatorRow.id))
        .where(col(UserRow.active).is_(True))
        .order_by(col(OperatorRow.id))
    )


def _settings(
    row: OperatorRow, name: str, role: str, endpoint: str, memberships: Sequence[MembershipRow]
) -> OperatorSettings:
    return OperatorSettings(
        id=OperatorId(row.id),
        name=name,
        endpoint=endpoint,
        skills=frozenset(row.skills),
        memberships=_places(memberships, left=False),
        left=_places(memberships, left=True),
        auto_answer=row.auto_answer,
        role=role,
    )


def _places(memberships: Sequence[MembershipRow], *, left: bool) -> tuple[Membership, ...]:
    return tuple(Membership(QueueId(one.queue), one.level) for one in memberships if one.left is left)


async def load_operator_settings(session: AsyncSession) -> list[OperatorSettings]:
    """Every active operator who has a phone, by id."""
    memberships: dict[int, list[MembershipRow]] = {}
    for membership in await session.scalars(select(MembershipRow).order_by(col(MembershipRow.queue))):
        memberships.setdefault(membership.operator_id, []).append(membership)
    return [
        _settings(row, name, role, endpoint, memberships.get(row.id, ()))
        for row, name, role, endpoint in await session.execute(_operators())
    ]


async def count_phones(session: AsyncSession, kind: SoftphoneKind) -> int:
    """How many active operators have a phone of this kind."""
    found = (
        select(func.count())
        .select_from(SoftphoneRow)
        .join(UserRow, col(UserRow.id) == col(SoftphoneRow.operator_id))
        .where(col(UserRow.active).is_(True), col(SoftphoneRow.kind) == kind.value)
    )
    return (await session.execute(found)).scalar_one()


async def get_operator(session: AsyncSession, operator: OperatorId) -> OperatorSettings | None:
    """One operator, or None when there is none, the user is inactive or has no phone."""
    found = (await session.execute(_operators().where(col(OperatorRow.id) == operator))).one_or_none()
    if found is None:
        return None
    row, name, role, endpoint = found
    memberships = await session.scalars(
        select(MembershipRow)
        .where(col(MembershipRow.operator_id) == operator)
        .order_by(col(MembershipRow.queue))
    )
    return _settings(row, name, role, endpoint, memberships.all())


async def is_operator(session: AsyncSession, user: int) -> bool:
    """Whether a user is an operator, active or not."""
    return await session.get(OperatorRow, user) is not None


async def raise_operator(session: AsyncSession, operator: OperatorId) -> None:
    """Raise the version of an operator whose parts were changed."""
    row = await session.get_one(OperatorRow, operator, with_for_update=True)
    row.version += 1
    await session.flush()


async def save_operator(
    session: AsyncSession,
    operator: OperatorId,
    *,
    skills: frozenset[str],
    auto_answer: bool,
    parts: bool = False,
) -> None:
    """Make a user an operator, or change what the operator can do.

    Args:
        session: within a transaction.
        operator: the user's id.
        skills: what they can do.
        auto_answer: their phone is asked to pick up by itself.
        parts: their queues are changed, too.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when there is no such user.
    """
    row = await session.get(OperatorRow, operator) or OperatorRow(id=operator)
    was = columns_of(row)
    row.skills = sorted(skills)
    row.auto_answer = auto_answer
    raise_version(row, was, parts=parts)
    session.add(row)
    await session.flush()


async def remove_operator(session: AsyncSession, operator: OperatorId) -> None:
    """Take an operator's part from a user, phone and memberships with it."""
    await session.delete(await session.get_one(OperatorRow, operator))
    await session.flush()


async def set_memberships(
    session: AsyncSession, operator: OperatorId, memberships: Sequence[Membership]
) -> None:
    """Replace an operator's queues; what they have left stays left.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when a queue or the operator does not exist, or a queue
            comes twice.
    """
    there = await session.scalars(select(MembershipRow).where(col(MembershipRow.operator_id) == operator))
    rows = there.all()
    left = {row.queue for row in rows if row.left}
    for row in rows:
        await session.delete(row)
    await session.flush()
    session.add_all(
        MembershipRow(operator_id=operator, queue=one.queue, level=one.level, left=one.queue in left)
        for one in memberships
    )
    await session.flush()


async def get_place(session: AsyncSession, operator: OperatorId, queue: QueueId) -> MembershipRow | None:
    """An operator's place in a queue, to be changed; None: they have none there."""
    return await session.get(MembershipRow, {"operator_id": operator, "queue": queue}, with_for_update=True)


async def list_phones(session: AsyncSession, operator: OperatorId | None = None) -> list[Phone]:
    """The phones of active operators, or of one alone, by operator."""
    query = (
        select(SoftphoneRow.operator_id, SoftphoneRow.endpoint, SoftphoneRow.kind)
        .add_columns(col(UserRow.display_name), col(UserRow.language))
        .join(UserRow, col(UserRow.id) == col(SoftphoneRow.operator_id))
        .where(col(UserRow.active).is_(True))
        .order_by(col(SoftphoneRow.operator_id))
    )
    if operator is not None:
        query = query.where(col(SoftphoneRow.operator_id) == operator)
    return [
        Phone(OperatorId(operator), endpoint, SoftphoneKind(kind), name, language)
        for operator, endpoint, kind, name, language in await session.execute(query)
    ]


async def get_softphone(session: AsyncSession, operator: OperatorId) -> SoftphoneRow | None:
    """An operator's phone, or None."""
    return (
        await session.scalars(select(SoftphoneRow).where(col(SoftphoneRow.operator_id) == operator))
    ).one_or_none()


async def save_softphone(
    session: AsyncSession, operator: OperatorId, *, endpoint: str, kind: SoftphoneKind
) -> None:
    """Give an operator a phone in place of the one they had.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when the endpoint is another operator's or there is no
            such operator.
    """
    old = await get_softphone(session, operator)
    if old is not None:
        await session.delete(old)
        await session.flush()
    session.add(SoftphoneRow(endpoint=endpoint, operator_id=operator, kind=kind.value))
    await session.flush()


async def operator_states(
    session: AsyncSession, operator: OperatorId, from_at: datetime, to_at: datetime, limit: int = 1000
) -> Sequence[OperatorStateRow]:
    """Intervals that touch `from_at` (inclusive) to `to_at` (exclusive), oldest first.

    Args:
        limit: how many at most, 1..10000.
    """
    ended = col(OperatorStateRow.to_at)
    query = (
        select(OperatorStateRow)
        .where(
            col(OperatorStateRow.operator_id) == operator,
            col(OperatorStateRow.from_at) < to_at,
            ended.is_(None) | (ended > from_at) | (col(OperatorStateRow.from_at) >= from_at),
        )
        .order_by(col(OperatorStateRow.seq))
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def states_since(session: AsyncSession, operator: OperatorId, since: datetime) -> list[Span]:
    """The state that held at a moment, and all since, oldest first; reads no more of the past than that."""
    mine = col(OperatorStateRow.operator_id) == operator
    began = col(OperatorStateRow.from_at)
    number = col(OperatorStateRow.seq)  # several may begin at one moment: the last of them lasts
    before = (
        select(OperatorStateRow).where(mine, began < since).order_by(began.desc(), number.desc()).limit(1)
    )
    after = select(OperatorStateRow).where(mine, began >= since).order_by(began, number).limit(_STATES_OF_DAY)
    rows = [*(await session.scalars(before)), *(await session.scalars(after))]
    return [
        Span(
            from_at=row.from_at,
            to_at=row.to_at,
            presence=row.presence,
            break_reason=row.break_reason,
            routing=row.routing,
            call=row.call_id,
        )
        for row in rows
    ]
