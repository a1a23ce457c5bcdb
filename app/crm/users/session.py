"""Logging in and out, and the user's own part: profile, state, wrap-up and password."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.accounts.errors import (
    NEW_PASSWORD,
    CurrentPasswordWrong,
    HashingBusy,
    PasswordJustChanged,
    PasswordWrong,
)
from app.accounts.known_places import DEVICE_LIFETIME
from app.accounts.service import BROWSER_LIFETIME, LoggedIn
from app.api.errors import LogInsBusy, TooManyLogIns, TooManyWrongPasswords
from app.api.login_limits import LoginLimits
from app.api.problems import OTHER_SITES, refusals, refusals_to_all
from app.api.security import Known, cookie_name, is_https, needs, refuse_other_sites, user_id, viewer_of
from app.api.services import Services
from app.crm.operators.schemas import SkipIn, StateIn
from app.crm.users import log_in as rules
from app.crm.users.schemas import Credentials, Me, PasswordChange, UserOut
from app.domain.ids import OperatorId
from app.domain.roles import Permission
from app.floor.errors import (
    CampaignAtRest,
    DispositionOwed,
    NoFreeLine,
    NoPreview,
    NoWrapUp,
    OperatorNotOnFloor,
    PbxAway,
    PreviewDialling,
)
from app.floor.events import PresenceAsked, PreviewDialled, PreviewSkipped, WrapUpEnded
from app.serving.addresses import place_of

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter()
TRIED_TOO_OFTEN = (TooManyWrongPasswords, TooManyLogIns, LogInsBusy, HashingBusy)
"""The refusals of every operation that checks a password."""


def me(services: Services, who: LoggedIn) -> Me:
    """The user who asks, as the API shows it."""
    return Me(
        **UserOut.of(who.user).model_dump(),
        operator=viewer_of(services, who).operator,
        permissions=sorted(who.permissions),
    )


@router.post(
    "/session",
    tags=["session"],
    summary="Log in",
    responses=refusals_to_all(*OTHER_SITES, PasswordWrong, PasswordJustChanged, *TRIED_TOO_OFTEN),
    openapi_extra={"security": []},
)
async def log_in(said: Credentials, request: Request, response: Response, services: Known) -> Me:
    """Opens a browser's session: its cookie is sent back and never shown to scripts."""
    browser = "origin" in request.headers
    if browser:
        refuse_other_sites(request)
    device = request.cookies.get(cookie_name(request, "device"), "")
    came_in = await rules.log_in(
        services,
        _limits(request),
        said.username,
        said.password,
        rules.Asking(_place(request), device, browser),
    )
    _set_cookie(request, response, "session", came_in.token, BROWSER_LIFETIME)
    if came_in.device:
        _set_cookie(request, response, "device", came_in.device, DEVICE_LIFETIME)
    return me(services, came_in.who)


def _limits(request: Request) -> LoginLimits:
    limits: LoginLimits = request.app.state.login_limits
    return limits


def _place(request: Request) -> str:
    return place_of(request.client.host if request.client else "")


def _set_cookie(request: Request, response: Response, what: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        cookie_name(request, what),
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="strict",
    )


@router.delete("/session", tags=["session"], summary="Log out", status_code=204, responses=refusals())
async def log_out(who: Themself, request: Request, response: Response, services: Known) -> None:
    """Ends the session, or revokes the token, that this request is made with; its websockets are closed.

    An operator who logs out in a browser goes offline, after the call they are in.
    """
    await rules.log_out(services, who)
    response.delete_cookie(
        cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="strict"
    )


@router.get("/me", tags=["session"], summary="Who I am", responses=refusals())
async def get_me(who: Themself, services: Known) -> Me:
    """The user of this session or token."""
    return me(services, who)


@router.put(
    "/me/password",
    tags=["session"],
    summary="Change my password",
    status_code=204,
    responses=refusals(CurrentPasswordWrong, *NEW_PASSWORD, *TRIED_TOO_OFTEN),
)
async def put_password(said: PasswordChange, who: Themself, request: Request, services: Known) -> None:
    """Ends every other session of the user, and every token; this one stays."""
    await rules.change_own_password(
        services, _limits(request), who, _place(request), current=said.current, new=said.new
    )


@router.put(
    "/me/state",
    tags=["my work"],
    summary="Change my state",
    status_code=204,
    responses=refusals(OperatorNotOnFloor),
)
async def put_state(said: StateIn, who: Themself, services: Known) -> None:
    """Sets my presence: available, on break or offline. A break that is set during a call begins when the call ends."""
    operator = OperatorId(user_id(who))
    await services.runner.post(PresenceAsked(operator, said.presence, said.reason))


@router.post(
    "/me/wrap-up/end",
    tags=["my work"],
    summary="End my wrap-up",
    status_code=204,
    responses=refusals(OperatorNotOnFloor, NoWrapUp, DispositionOwed),
)
async def end_wrap_up(who: Themself, services: Known) -> None:
    """Ends the wrap-up after my last call."""
    await services.runner.post(WrapUpEnded(OperatorId(user_id(who))))


@router.post(
    "/me/preview/dial",
    tags=["my work"],
    summary="Dial the lead I look at",
    status_code=204,
    responses=refusals(OperatorNotOnFloor, NoPreview, PreviewDialling, CampaignAtRest, PbxAway, NoFreeLine),
)
async def dial_preview(who: Themself, services: Known) -> None:
    """In mode `preview`: dial the customer that is shown; the answered call is connected to me."""
    await services.runner.post(PreviewDialled(OperatorId(user_id(who))))


@router.post(
    "/me/preview/skip",
    tags=["my work"],
    summary="Skip the lead I look at",
    status_code=204,
    responses=refusals(OperatorNotOnFloor, NoPreview, PreviewDialling),
)
async def skip_preview(said: SkipIn, who: Themself, services: Known) -> None:
    """In mode `preview`: do not dial the customer that is shown. The lead rests for an hour, and the reason is kept."""
    await services.runner.post(PreviewSkipped(OperatorId(user_id(who)), said.reason))
