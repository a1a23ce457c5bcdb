"""Operators: users who take calls, with their phone, skills and queues."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter

from app.accounts import service as accounts
from app.accounts.errors import NEW_PASSWORD, HashingBusy, MoreThanOneHas, UsernameTaken
from app.accounts.hashing import hash_password
from app.accounts.roles import check_gift, check_phone
from app.accounts.service import LoggedIn
from app.api.configuration import Configures, Configuring, NotInForceYet, later
from app.api.etags import TAGGED, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, may, needs
from app.api.services import Services, Softphones
from app.crm.inbound_routes.errors import NumberTaken
from app.crm.operators import service
from app.crm.operators.errors import AccountsElsewhere, AlreadyOperator, OperatorUnknown
from app.crm.operators.qr import account_code
from app.crm.operators.schemas import (
    MembershipIn,
    NewOperator,
    OperatorIn,
    OperatorOut,
    OperatorProfile,
    SipAccount,
    StateIn,
)
from app.crm.operators.tables import OperatorRow
from app.crm.ways.errors import NOWHERE
from app.domain.ids import OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings
from app.domain.references import named
from app.domain.roles import Permission
from app.floor.errors import OperatorInCall, OperatorNotOnFloor
from app.floor.events import PresenceAsked
from app.floor.facts import PersonActed
from app.live.nameless import without_names
from app.numbers.errors import UNREADABLE
from app.numbers.reader import dialled
from app.pbx.realtime.registrations import PhoneStillRegistered
from app.records.engine import reading
from app.records.versions import version_of, versions_of
from app.system.away import is_away

Reads = Annotated[LoggedIn, needs(Permission.OPERATORS_READ)]
Writes = Annotated[LoggedIn, needs(Permission.OPERATORS_WRITE)]
Steers = Annotated[LoggedIn, needs(Permission.OPERATORS_STEER)]
router = APIRouter(prefix="/operators", tags=["operators"], route_class=IdempotentRoute)


def _out(
    services: Services, who: LoggedIn, settings: OperatorSettings, numbers: Sequence[str], version: int
) -> OperatorOut:
    state = services.hub.operator(settings.id)
    if state is not None and not may(who, Permission.CONTACTS_READ):
        state = without_names(state)
    return OperatorOut(
        id=settings.id,
        name=settings.name,
        endpoint=settings.endpoint,
        skills=sorted(settings.skills),
        memberships=[MembershipIn(queue=one.queue, level=one.level) for one in settings.places],
        left=[one.queue for one in settings.left],
        auto_answer=settings.auto_answer,
        numbers=list(numbers),
        version=version,
        state=state,
    )


async def _sip(services: Services, endpoint: str, secret: str, name: str, *, browser: bool) -> SipAccount:
    """The SIP account of a phone with its secret, and a code of it for an app on a telephone."""
    address = services.websocket_url if browser else services.sip_address
    code = await asyncio.to_thread(account_code, endpoint, secret, address, name) if not browser else []
    return SipAccount(
        username=endpoint,
        secret=secret,
        address=address,
        transport="ws" if browser else services.sip_transport,
        srtp=browser or services.sip_transport == "tls",
        qr=code,
    )


async def _first_secret(configuring: Configures, softphones: Softphones, endpoint: str) -> str | None:
    """The secret of a new account; None while the account cannot be had yet."""
    if not configuring.in_force:
        return None
    try:
        return await softphones.give_secret(endpoint)
    except Exception as error:
        if not is_away(error):
            raise
        configuring.comes_later()
        return None


def _memberships(said: OperatorProfile) -> list[Membership]:
    return [Membership(QueueId(one.queue), one.level) for one in said.memberships]


@router.get("", summary="All operators", responses=refusals())
async def list_operators(who: Reads, services: Known) -> list[OperatorOut]:
    """Returns all operators by id, each with the state now."""
    async with reading(services.engine) as session:
        versions = await versions_of(session, OperatorRow)
        operators = await service.list_operators(session)
        numbers = await service.numbers_of_operators(session)
    return [
        _out(services, who, settings, numbers.get(settings.id, ()), versions.get(settings.id, 1))
        for settings in operators
    ]


@router.post(
    "",
    status_code=201,
    summary="Make an operator",
    responses=refusals(
        AlreadyOperator,
        NumberTaken,
        *NEW_PASSWORD,
        HashingBusy,
        UsernameTaken,
        MoreThanOneHas,
        *UNREADABLE,
    )
    | later(201, tagged=True),
)
async def make_operator(
    said: OperatorIn, who: Writes, services: Known, configuring: Configuring, tag: Tag
) -> NewOperator:
    """Makes the user (where the request has a new one), the operator's profile, the phone's account, and the number's
    route.

    503: accounts of phones cannot be written now; nothing was made. In the rare case that they no longer can be once
    the operator is made, `sip` is null: `POST /operators/{id}/softphone-secret` gives the account a moment later.
    """
    new = said.user if not isinstance(said.user, int) else None
    password_hash = await hash_password(new.password, new.username, new.display_name) if new else None
    if services.softphones is not None:
        await services.softphones.check()
    async with configuring(who.actor) as session:
        user = said.user if isinstance(said.user, int) else 0
        if new is not None and password_hash is not None:
            with named("user.role"):
                await check_gift(session, new.role, who.rights)
            row = await accounts.create_user(
                session,
                **new.model_dump(exclude={"password"}),
                password_hash=password_hash,
                at=services.now(),
            )
            user = row.id or 0
        settings = await service.make_operator(
            session,
            user,
            skills=said.skills,
            auto_answer=said.auto_answer,
            browser=said.browser,
            memberships=_memberships(said),
            number=dialled(said.number) if said.number is not None else "",
        )
        check_phone(settings.role, who.rights)
        numbers = await service.numbers_of(session, settings.id)
    sip = None
    if services.softphones is not None:
        secret = await _first_secret(configuring, services.softphones, settings.endpoint)
        if secret is not None:
            sip = await _sip(services, settings.endpoint, secret, settings.name, browser=said.browser)
    return tag(NewOperator(**_out(services, who, settings, numbers, 1).model_dump(), sip=sip))


@router.get("/{id}", summary="One operator", responses=refusals(OperatorUnknown) | TAGGED)
async def get_operator(id: RowId, who: Reads, services: Known, tag: Tag) -> OperatorOut:  # noqa: A002 - the path says it
    """Returns one operator with the state now."""
    async with reading(services.engine) as session:
        version = await version_of(session, OperatorRow, id)
        settings = await service.get_operator(session, OperatorId(id))
        numbers = await service.numbers_of(session, settings.id)
    return tag(_out(services, who, settings, numbers, version))


@router.put(
    "/{id}",
    summary="Change an operator",
    responses=refusals(OperatorUnknown, *UNSEEN) | later(200, tagged=True),
)
async def put_operator(
    id: RowId,  # noqa: A002 - the path says it
    said: OperatorProfile,
    who: Writes,
    services: Known,
    configuring: Configuring,
    *,
    match: Match,
) -> OperatorOut:
    """The body replaces skills, queues and automatic answer as a whole; they are in force at once."""
    async with configuring(who.actor) as session:
        await match.check(session, OperatorRow, id)
        settings = await service.change_operator(
            session,
            OperatorId(id),
            skills=said.skills,
            auto_answer=said.auto_answer,
            memberships=_memberships(said),
        )
        numbers = await service.numbers_of(session, settings.id)
        version = await version_of(session, OperatorRow, id)
    return match(_out(services, who, settings, numbers, version))


@router.put(
    "/{id}/state",
    status_code=204,
    summary="Change an operator's state",
    responses=refusals(OperatorUnknown, OperatorNotOnFloor),
)
async def put_operator_state(
    id: RowId,  # noqa: A002 - the path says it
    said: StateIn,
    who: Steers,
    services: Known,
) -> None:
    """A supervisor sets the presence on the operator's behalf."""
    service.operator_on_floor(services.runner.floor, OperatorId(id))
    await services.runner.post(PresenceAsked(OperatorId(id), said.presence, said.reason, "supervisor"))
    told = {"presence": said.presence.value, "reason": said.reason}
    services.acted(PersonActed(actor=who.actor, subject="operator", id=str(id), what="state_set", after=told))


@router.post(
    "/{id}/softphone-secret",
    summary="Renew a phone's secret",
    responses=refusals(
        OperatorUnknown, MoreThanOneHas, AccountsElsewhere, PhoneStillRegistered, NotInForceYet
    ),
)
async def renew_secret(id: RowId, who: Writes, services: Known) -> SipAccount:  # noqa: A002 - the path says it
    """The old secret no longer registers a phone. A phone registered with it no longer rings; its current call goes on.

    503 while the PBX cannot be reached: renew it again once it is back.

    Refused where the phone may call more than one's own, unless one has all permissions of the role with its limits.
    """
    if services.softphones is None:
        raise AccountsElsewhere
    async with reading(services.engine) as session:
        phone = await service.get_phone(session, OperatorId(id))
        settings = await service.get_operator(session, OperatorId(id))
    check_phone(settings.role, who.rights)
    await services.configuration.settle()  # where the account was not to be had before
    secret = await services.softphones.renew(phone.endpoint)
    account = await _sip(services, phone.endpoint, secret, settings.name, browser=phone.browser)
    services.acted(
        PersonActed(actor=who.actor, subject="operator", id=str(id), what="secret_renewed", after={})
    )
    return account


@router.delete(
    "/{id}",
    status_code=204,
    summary="Take an operator away",
    responses=refusals(OperatorUnknown, MoreThanOneHas, OperatorInCall, *NOWHERE, *UNSEEN) | later(204),
)
async def remove_operator(
    id: RowId,  # noqa: A002 - the path says it
    who: Writes,
    services: Known,
    configuring: Configuring,
    match: Match,
) -> None:
    """The user stays; the phone, the places in queues and the numbers are removed. Refused during a call, while calls
    of a department go to them, and where the phone may call more than one's own, unless one has all permissions of the
    role with its limits.
    """
    async with configuring(who.actor) as session:
        await match.check(session, OperatorRow, id)
        await service.remove_operator(session, services.runner.floor, OperatorId(id), who.rights)
