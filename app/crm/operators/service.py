"""The rules of operators: which users are operators, their skills and queues, and their phones' accounts."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.queries import get_user
from app.accounts.roles import Rights, check_phone
from app.crm.inbound_routes.service import lead_to_operator, numbers_by_target, take_operator_away
from app.crm.inbound_routes.tables import RouteKind
from app.crm.operators import queries
from app.crm.operators.errors import AlreadyOperator, NotInQueue, OperatorUnknown, OperatorUserUnknown
from app.crm.operators.tables import SoftphoneKind
from app.crm.queues.service import require_queues
from app.crm.ways.service import ways_kept
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings
from app.domain.references import ReferenceUnknown
from app.floor.floor import Floor
from app.floor.operators.states import check_operator_removal
from app.pbx.realtime.softphones import SoftphoneAccount, account_name


async def list_operators(session: AsyncSession) -> list[OperatorSettings]:
    """Every active operator, by id."""
    return await queries.load_operator_settings(session)


async def get_operator(session: AsyncSession, operator: OperatorId) -> OperatorSettings:
    """One active operator.

    Raises:
        OperatorUnknown: there is none of this id.
    """
    found = await queries.get_operator(session, operator)
    if found is None:
        raise OperatorUnknown(operator=operator)
    return found


async def numbers_of(session: AsyncSession, operator: OperatorId) -> list[str]:
    """Numbers that lead to an operator, in order."""
    return (await numbers_of_operators(session)).get(operator, [])


async def numbers_of_operators(session: AsyncSession) -> dict[OperatorId, list[str]]:
    """Numbers that lead to each operator who has any, in order."""
    found = await numbers_by_target(session, RouteKind.OPERATOR)
    return {OperatorId(int(target)): numbers for target, numbers in found.items()}


async def make_operator(
    session: AsyncSession,
    user: int,
    *,
    skills: Collection[str] = (),
    auto_answer: bool = False,
    browser: bool = False,
    memberships: Sequence[Membership] = (),
    number: str = "",
) -> OperatorSettings:
    """Make an active user an operator.

    Args:
        session: within a transaction.
        user: the user's id.
        skills: what they can do.
        auto_answer: their phone is asked to pick up by itself.
        browser: their phone is the one in the browser.
        memberships: their places in queues; the last of several in one queue counts.
        number: digits that are routed to the operator; empty: none.

    Raises:
        ReferenceUnknown: there is no such user, or they may not log in; or a queue is not there.
        AlreadyOperator: the user is one already.
        NumberTaken: the number leads elsewhere.
    """
    row = await get_user(session, user)
    if row is None or not row.active:
        raise ReferenceUnknown("user", OperatorUserUnknown(user=user))
    if await queries.is_operator(session, user):
        raise AlreadyOperator(user=user)
    id_ = OperatorId(user)
    await queries.save_operator(session, id_, skills=frozenset(skills), auto_answer=auto_answer)
    kind = SoftphoneKind.BROWSER if browser else SoftphoneKind.SIP
    await queries.save_softphone(session, id_, endpoint=account_name(id_), kind=kind)
    await _set_memberships(session, id_, memberships)
    if number:
        await lead_to_operator(session, number, id_)
    return await get_operator(session, id_)


async def change_operator(
    session: AsyncSession,
    operator: OperatorId,
    *,
    skills: Collection[str],
    auto_answer: bool,
    memberships: Sequence[Membership],
) -> OperatorSettings:
    """Change what an operator can do, whole.

    Raises:
        OperatorUnknown: there is none of this id.
        ReferenceUnknown: a queue is not there.
    """
    before = await get_operator(session, operator)
    wanted = {one.queue: one for one in memberships}
    await queries.save_operator(
        session,
        operator,
        skills=frozenset(skills),
        auto_answer=auto_answer,
        parts=set(before.places) != set(wanted.values()),
    )
    await _set_memberships(session, operator, memberships)
    return await get_operator(session, operator)


async def change_place(
    session: AsyncSession, operator: OperatorId, queue: QueueId, *, left: bool
) -> OperatorSettings:
    """Let an operator leave one of their queues for now, or join it again.

    Whoever is there last may leave, too: callers keep their places, and go where the queue sends them after its longest
    wait.

    Raises:
        OperatorUnknown: there is none of this id.
        NotInQueue: the queue is none of theirs.
    """
    await get_operator(session, operator)
    place = await queries.get_place(session, operator, queue)
    if place is None:
        raise NotInQueue(operator=operator, queue=queue)
    if place.left is not left:
        place.left = left
        await queries.raise_operator(session, operator)
    return await get_operator(session, operator)


async def remove_operator(session: AsyncSession, floor: Floor, operator: OperatorId, own: Rights) -> None:
    """Take an operator's part from a user: phone, places in queues, and numbers go with it.

    An operator who is offered a call before the floor learns of the removal leaves after that call.

    Args:
        session: within a transaction.
        floor: may have them in a call.
        operator: who leaves.
        own: what the user who takes them away may do.

    Raises:
        OperatorUnknown: there is none of this id.
        MoreThanOneHas: see `check_phone`.
        OperatorInCall: the operator is in a call.
        CallersGetNowhere: calls of a department go to them.
    """
    if not await queries.is_operator(session, operator):
        raise OperatorUnknown(operator=operator)
    settings = await queries.get_operator(session, operator)
    if settings is not None:  # the phone of a user who was put out of use is gone already
        check_phone(settings.role, own)
    check_operator_removal(floor, operator)
    async with ways_kept(session):
        await take_operator_away(session, operator)
        await queries.remove_operator(session, operator)


async def get_phone(session: AsyncSession, operator: OperatorId) -> queries.Phone:
    """An active operator's phone.

    Raises:
        OperatorUnknown: there is none of this id.
    """
    for phone in await queries.list_phones(session, operator):
        return phone
    raise OperatorUnknown(operator=operator)


async def change_phone(
    session: AsyncSession, floor: Floor, operator: OperatorId, kind: SoftphoneKind
) -> queries.Phone:
    """Let an operator talk at the phone in the page, or at a desk phone.

    Raises:
        OperatorUnknown: there is none of this id.
        OperatorInCall: the operator is in a call.
    """
    phone = await get_phone(session, operator)
    if phone.kind is not kind:
        check_operator_removal(floor, operator)
        await queries.save_softphone(session, operator, endpoint=phone.endpoint, kind=kind)
        await queries.raise_operator(session, operator)
    return await get_phone(session, operator)


def operator_on_floor(floor: Floor, operator: OperatorId) -> None:
    """Check that an operator is on the floor.

    Raises:
        OperatorUnknown: the operator is not on the floor.
    """
    if operator not in floor.operators:
        raise OperatorUnknown(operator=operator)


async def account_of(
    session: AsyncSession, operator: OperatorId, *, encrypted: bool = False
) -> SoftphoneAccount:
    """The account that an operator's phone must have; see `accounts`.

    Raises:
        OperatorUnknown: there is none of this id.
    """
    phone = await get_phone(session, operator)
    number = next(iter(await numbers_of(session, operator)), "")
    return _account(phone, number, encrypted=encrypted)


async def accounts(session: AsyncSession, *, encrypted: bool) -> list[SoftphoneAccount]:
    """The accounts that phones must have, without secrets, by operator.

    Args:
        session: reads.
        encrypted: SIP phones must encrypt their sound.
    """
    numbers = await numbers_of_operators(session)
    return [
        _account(phone, next(iter(numbers.get(phone.operator, ())), ""), encrypted=encrypted)
        for phone in await queries.list_phones(session)
    ]


async def _set_memberships(
    session: AsyncSession, operator: OperatorId, memberships: Sequence[Membership]
) -> None:
    by_queue = {one.queue: one for one in memberships}
    await require_queues(session, by_queue, "memberships")
    await queries.set_memberships(session, operator, list(by_queue.values()))


def _account(phone: queries.Phone, number: str, *, encrypted: bool) -> SoftphoneAccount:
    shown = "".join(letter for letter in phone.name if letter.isprintable() and letter not in '"<>\\')
    return SoftphoneAccount(
        phone.endpoint,
        display=shown,
        number=number,
        browser=phone.browser,
        encrypted=encrypted and not phone.browser,
        language=phone.language,
    )
