"""The operator's own phone: which one it is, and the secret of the phone in the page."""

from typing import Annotated

import structlog
from fastapi import APIRouter

from app.accounts.service import LoggedIn
from app.accounts.tables import SessionKind
from app.api.configuration import Configuring, NotInForceYet, later
from app.api.phone_loans import LASTS_S
from app.api.problems import refusals
from app.api.security import Known, needs, user_id
from app.api.services import Services
from app.crm.operators import service
from app.crm.operators.errors import (
    AccountsElsewhere,
    OperatorUnknown,
    PhoneNeedsBrowser,
    PhoneNotInPage,
    TooManyPhoneSecrets,
)
from app.crm.operators.phone_schemas import IceServerOut, MyPhone, PhoneIn, PhoneSecret, PhoneTalk
from app.domain.ids import FIRST_NODE, OperatorId
from app.domain.roles import Permission
from app.floor.calls.lost_phones import in_talk
from app.floor.errors import OperatorInCall
from app.floor.facts import PersonActed
from app.pbx.ami.errors import PbxError
from app.records.engine import reading

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter(prefix="/me/phone", tags=["my work"])
log = structlog.get_logger(__name__)


@router.get("", summary="My phone", responses=refusals(OperatorUnknown))
async def get_my_phone(who: Themself, services: Known) -> MyPhone:
    """The phone at which I talk."""
    async with reading(services.engine) as session:
        phone = await service.get_phone(session, OperatorId(user_id(who)))
        numbers = await service.numbers_of(session, phone.operator)
    return MyPhone(kind=phone.kind, username=phone.endpoint, numbers=numbers)


@router.put(
    "",
    summary="Choose my phone",
    responses=refusals(OperatorUnknown, OperatorInCall, AccountsElsewhere) | later(200),
)
async def put_my_phone(said: PhoneIn, who: Themself, services: Known, configuring: Configuring) -> MyPhone:
    """Lets me talk at the phone in the page, or at a desk phone; the other one rings no more. Refused during a call.

    The desk phone keeps its secret.
    """
    if services.softphones is None:
        raise AccountsElsewhere
    async with configuring(who.actor) as session:
        operator = OperatorId(user_id(who))
        phone = await service.change_phone(session, services.runner.floor, operator, said.kind)
        numbers = await service.numbers_of(session, operator)
    return MyPhone(kind=phone.kind, username=phone.endpoint, numbers=numbers)


@router.post(
    "/secret",
    summary="Start the phone in the page",
    responses=refusals(
        OperatorUnknown,
        PhoneNotInPage,
        PhoneNeedsBrowser,
        TooManyPhoneSecrets,
        AccountsElsewhere,
        NotInForceYet,
    ),
)
async def lend_secret(who: Themself, services: Known) -> PhoneSecret:
    """Gives a secret that ends in a quarter of an hour, or with my log-in; a page that lives on renews it.

    The secret before is not valid any more, so that one page has the phone.
    """
    if services.softphones is None:
        raise AccountsElsewhere
    async with reading(services.engine) as session:
        phone = await service.get_phone(session, OperatorId(user_id(who)))
    if not phone.browser:
        raise PhoneNotInPage
    if who.session.kind != SessionKind.BROWSER.value or who.session.id is None:
        raise PhoneNeedsBrowser
    now_s = services.now().timestamp()
    if wait_s := services.phone_loans.wait_s(phone.endpoint, now_s):
        raise TooManyPhoneSecrets(retry_after_s=wait_s)
    await services.configuration.settle()  # where the account was not to be had before
    until = int(now_s) + LASTS_S
    lent = await services.softphones.lend(phone.endpoint, until, who.session.id)
    if lent.anew:
        services.acted(
            PersonActed(
                actor=who.actor, subject="operator", id=str(phone.operator), what="phone_started", after={}
            )
        )
    return PhoneSecret(
        username=phone.endpoint,
        secret=lent.secret,
        lasts_s=LASTS_S,
        websocket_url=services.websocket_url,
        ice_servers=[IceServerOut(**one._asdict()) for one in services.ice.servers(phone.endpoint, until)],
        talks=await _talks(services, phone.endpoint),
    )


@router.get("/talks", summary="The talks of my phone", responses=refusals(OperatorUnknown))
async def get_talks(who: Themself, services: Known) -> list[PhoneTalk]:
    """The talks that my phone is in, for a page that was loaded anew; none while the PBX cannot be asked."""
    async with reading(services.engine) as session:
        phone = await service.get_phone(session, OperatorId(user_id(who)))
    return await _talks(services, phone.endpoint)


async def _talks(services: Services, endpoint: str) -> list[PhoneTalk]:
    floor = services.runner.floor
    mine = {one.channel: one for one in in_talk(floor, FIRST_NODE) if one.endpoint == endpoint}
    try:
        dialogs = await services.dialogs(list(mine))
    except PbxError as error:
        log.info("dialogs_not_known", reason=type(error).__name__)
        return []
    return [
        PhoneTalk(
            call=None if customer is None else floor.by_channel.get(customer),
            sip_call_id=one.call_id,
            to_tag=one.local_tag,
            from_tag=one.remote_tag,
            held=mine[one.channel].held,
        )
        for one in dialogs
        for customer in (mine[one.channel].customer,)
    ]
