"""Operators: users who take calls, with their phone, skills and queues."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries as user_queries
from app.accounts import service
from app.accounts.hashing import hash_password
from app.accounts.roles import check_gift
from app.accounts.service import LoggedIn
from app.api.compensation import all_or_nothing, undo_removal
from app.api.idempotency import IdempotentRoute
from app.api.problems import EVERYWHERE, Problem, problems
from app.api.schemas import RowId
from app.api.security import Known, needs
from app.api.services import Services
from app.crm.inbound_routes import queries as route_queries
from app.crm.inbound_routes.service import lead, numbers_by_target, take_away
from app.crm.inbound_routes.tables import RouteKind, RouteRow
from app.crm.operators import queries
from app.crm.operators.schemas import (
    MembershipIn,
    NewOperator,
    OperatorIn,
    OperatorOut,
    OperatorProfile,
    SipAccount,
    StateIn,
)
from app.crm.operators.service import OperatorAlready, account_of, make_profile
from app.crm.operators.tables import SoftphoneKind
from app.crm.queues import queries as queue_queries
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings
from app.domain.roles import Permission
from app.floor.events import OperatorRemoved, OperatorSet, PresenceAsked
from app.numbers.reader import dialled
from app.records.engine import reading, writing

Reads = Annotated[LoggedIn, needs(Permission.OPERATORS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.OPERATORS_WRITE)]
Steers = Annotated[LoggedIn, needs(Permission.OPERATORS_STEER)]
router = APIRouter(prefix="/operators", tags=["operators"], route_class=IdempotentRoute)


class _Phone(NamedTuple):
    browser: bool
    language: str
    number: str


def _out(services: Services, settings: OperatorSettings, numbers: Sequence[str]) -> OperatorOut:
    return OperatorOut(
        id=settings.id,
        name=settings.name,
        endpoint=settings.endpoint,
        skills=sorted(settings.skills),
        memberships=[MembershipIn(queue=one.queue, level=one.level) for one in settings.memberships],
        auto_answer=settings.auto_answer,
        numbers=list(numbers),
        state=services.hub.operator(settings.id),
    )


async def _account(services: Services, settings: OperatorSettings, phone: _Phone) -> SipAccount | None:
    if services.softphones is None:
        return None
    encrypted = services.sip_transport == "tls"
    account = account_of(settings, encrypted=encrypted, **phone._asdict())
    kept = await services.softphones.put(account)
    return SipAccount(
        username=kept.name,
        secret=kept.secret,
        address=services.websocket_url if phone.browser else services.sip_address,
        transport="ws" if phone.browser else services.sip_transport,
        srtp=phone.browser or services.sip_transport == "tls",
    )


async def _numbers(session: AsyncSession, operator: OperatorId) -> list[str]:
    return (await numbers_by_target(session, RouteKind.OPERATOR)).get(str(operator), [])


def _memberships(said: OperatorProfile) -> list[Membership]:
    queues = {one.queue: Membership(QueueId(one.queue), one.level) for one in said.memberships}
    return list(queues.values())


@router.get("", summary="All operators", responses=EVERYWHERE)
async def list_operators(_: Reads, services: Known) -> list[OperatorOut]:
    """By id, with their state now."""
    async with reading(services.engine) as session:
        operators = await queries.load_operator_settings(session)
        numbers = await numbers_by_target(session, RouteKind.OPERATOR)
    return [_out(services, settings, numbers.get(str(settings.id), ())) for settings in operators]


@router.post("", status_code=201, summary="Make an operator", responses=EVERYWHERE | problems(404, 409))
async def make_operator(said: OperatorIn, who: Writes, services: Known) -> NewOperator:
    """Makes the user, where there is none yet, the profile, the phone's account, and the number's route."""
    new = said.user if not isinstance(said.user, int) else None
    password_hash = (
        await hash_password(new.password, new.username, new.display_name) if new is not None else None
    )
    async with all_or_nothing() as undo, writing(services.engine) as session:
        if isinstance(said.user, int):
            user = await user_queries.get_user(session, said.user)
            if user is None or not user.active:
                raise Problem(404, "no such user")
        else:
            assert password_hash is not None
            await check_gift(session, said.user.role, who.permissions)
            user = await service.create_user(
                session,
                **said.user.model_dump(exclude={"password"}),
                password_hash=password_hash,
                at=services.now(),
            )
        assert user.id is not None
        id_ = OperatorId(user.id)
        try:
            settings = await make_profile(
                session,
                id_,
                skills=said.skills,
                auto_answer=said.auto_answer,
                browser=said.browser,
                memberships=_memberships(said),
            )
        except OperatorAlready as error:
            raise Problem(409, str(error)) from error
        if services.softphones is not None:
            undo.push_async_callback(services.softphones.remove, settings.endpoint)
        # Before the commit: an operator whose account could not be written is not made at all.
        number = dialled(said.number) if said.number is not None else ""
        sip = await _account(services, settings, _Phone(said.browser, user.language, number))
        if number:
            if await route_queries.get_route(session, number) is not None:
                raise Problem(409, "this number leads elsewhere")
            row = RouteRow(number=number, kind=RouteKind.OPERATOR.value, target=str(id_))
            await lead(session, services, undo, row, settings.endpoint)
    await services.runner.post(OperatorSet(settings))
    services.end_user(id_)  # an open desktop comes back as an operator's
    made = _out(services, settings, [number] if number else [])
    return NewOperator(**made.model_dump(), sip=sip)


@router.get("/{id}", summary="One operator", responses=EVERYWHERE | problems(404))
async def get_operator(id: RowId, _: Reads, services: Known) -> OperatorOut:  # noqa: A002 - the path says it
    """One operator, with the state now."""
    async with reading(services.engine) as session:
        settings = await queries.get_operator(session, OperatorId(id))
        numbers = await _numbers(session, OperatorId(id))
    if settings is None:
        raise Problem(404, "no such operator")
    return _out(services, settings, numbers)


@router.put("/{id}", summary="Change an operator", responses=EVERYWHERE | problems(404, 409))
async def put_operator(
    id: RowId,  # noqa: A002 - the path says it
    said: OperatorProfile,
    _: Writes,
    services: Known,
) -> OperatorOut:
    """Skills, queues and automatic answer, whole; in force at once."""
    id_ = OperatorId(id)
    async with writing(services.engine) as session:
        if await queries.get_operator(session, id_) is None:
            raise Problem(404, "no such operator")
        await queries.save_operator(session, id_, skills=frozenset(said.skills), auto_answer=said.auto_answer)
        await queue_queries.set_memberships(session, id_, _memberships(said))
        settings = await queries.get_operator(session, id_)
        numbers = await _numbers(session, id_)
        assert settings is not None
    await services.runner.post(OperatorSet(settings))
    return _out(services, settings, numbers)


@router.put(
    "/{id}/state",
    status_code=204,
    summary="Change an operator's state",
    responses=EVERYWHERE | problems(404, 409),
)
async def put_operator_state(
    id: RowId,  # noqa: A002 - the path says it
    said: StateIn,
    _: Steers,
    services: Known,
) -> None:
    """A supervisor asks for a presence on the operator's behalf."""
    id_ = OperatorId(id)
    if id_ not in services.runner.floor.operators:
        raise Problem(404, "no such operator")
    await services.runner.post(PresenceAsked(id_, said.presence, said.reason, "supervisor"))


@router.post(
    "/{id}/softphone-secret",
    summary="Renew a phone's secret",
    responses=EVERYWHERE | problems(404, 409),
)
async def renew_secret(id: RowId, _: Writes, services: Known) -> SipAccount:  # noqa: A002 - the path says it
    """The old secret registers no more, and who registered with it rings no more; a call in talk goes on.

    503 while the PBX cannot be reached: renew it again once it is back.
    """
    async with reading(services.engine) as session:
        settings = await queries.get_operator(session, OperatorId(id))
        softphone = await queries.get_softphone(session, OperatorId(id))
        user = await user_queries.get_user(session, id)
        numbers = await _numbers(session, OperatorId(id))
    if settings is None or softphone is None or user is None:
        raise Problem(404, "no such operator")
    browser = softphone.kind == SoftphoneKind.BROWSER.value
    number = numbers[0] if numbers else ""
    sip = await _account(services, settings, _Phone(browser, user.language, number))
    if sip is None:
        raise Problem(409, "accounts of phones are not written by this service")
    return sip


@router.delete(
    "/{id}", status_code=204, summary="Take an operator away", responses=EVERYWHERE | problems(404, 409)
)
async def remove_operator(id: RowId, _: Writes, services: Known) -> None:  # noqa: A002 - the path says it
    """The user stays; phone, queues and numbers go. Refused during a call."""
    id_ = OperatorId(id)
    async with all_or_nothing() as undo, writing(services.engine) as session:
        softphone = await queries.get_softphone(session, id_)
        for number in await _numbers(session, id_):
            await take_away(session, services, undo, number)
        if not await queries.remove_operator(session, id_):
            raise Problem(404, "no such operator")
        operator = services.runner.floor.operators.get(id_)
        if operator is not None:
            await services.runner.post(OperatorRemoved(id_))  # refused: then the database keeps it, too
            undo_removal(undo, services, operator)
        if softphone is not None and services.softphones is not None:
            # Last: the secret cannot be put back. When the commit fails all the same, it can be renewed.
            await services.softphones.remove(softphone.endpoint)
    services.end_user(id_)
