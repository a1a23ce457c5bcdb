"""Logging in and out, and one's own part: who I am, my state, my wrap-up, my password."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.accounts import service
from app.accounts.hashing import hash_password
from app.accounts.known_places import DEVICE_LIFETIME, Applicant, find_applicant, remember
from app.accounts.roles import permissions_of
from app.accounts.service import LoggedIn
from app.accounts.tables import SessionKind
from app.api.login_limits import LoginLimits
from app.api.problems import EVERYWHERE, Problem, problems, refusals
from app.api.security import Known, cookie_name, is_https, needs, refuse_other_sites, user_id, viewer_of
from app.api.services import Services
from app.crm.operators.schemas import SkipIn, StateIn
from app.crm.users.schemas import Credentials, Me, PasswordChange, UserOut
from app.domain.ids import OperatorId
from app.domain.operators import Presence
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
from app.records.engine import writing
from app.serving.addresses import place_of

Themself = Annotated[LoggedIn, needs(Permission.OWN)]
router = APIRouter()


def me(services: Services, who: service.LoggedIn) -> Me:
    """Who asks, as it is told."""
    return Me(
        **UserOut.of(who.user).model_dump(),
        operator=viewer_of(services, who).operator,
        permissions=sorted(who.permissions),
    )


@router.post(
    "/session",
    tags=["session"],
    summary="Log in",
    responses=problems(400, 401, 403, 413, 422, 429, 503),
    openapi_extra={"security": []},
)
async def log_in(said: Credentials, request: Request, response: Response, services: Known) -> Me:
    """Opens a browser's session: its cookie is sent back and never shown to scripts."""
    browser = "origin" in request.headers
    if browser:
        refuse_other_sites(request)
    limits: LoginLimits = request.app.state.login_limits
    device = request.cookies.get(cookie_name(request, "device"), "")
    applicant = await find_applicant(services.engine, said.username, _place(request), device)
    async with limits.turn(applicant):
        user = await service.authenticate(services.engine, said.username, said.password)
        (limits.wrong if user is None else limits.right)(applicant)
    if user is None:
        raise Problem(401, "the username or the password is wrong", {"WWW-Authenticate": "Session"})
    assert user.id is not None
    now = services.now()
    async with writing(services.engine) as session:
        if not await service.still_the_same(session, user):
            raise Problem(
                401, "the password was changed just now; log in again", {"WWW-Authenticate": "Session"}
            )
        token, row = await service.open_session(session, user.id, now)
        device = await remember(session, user.id, applicant, now, browser=browser)
        permissions = await permissions_of(session, user.role)
    _set_cookie(request, response, "session", token, service.BROWSER_LIFETIME)
    if device:
        _set_cookie(request, response, "device", device, DEVICE_LIFETIME)
    return me(services, service.LoggedIn(user, row, permissions))


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


@router.delete(
    "/session", tags=["session"], summary="Log out", status_code=204, responses=problems(400, 401, 403, 503)
)
async def log_out(who: Themself, request: Request, response: Response, services: Known) -> None:
    """Ends the session, or revokes the token, that this request is made with; its websockets are closed.

    An operator who logs out in a browser goes offline, after the call they are in.
    """
    assert who.session.id is not None
    async with writing(services.engine) as session:
        await service.close_session(session, who.session.id)
    services.end_login(who.session.id)
    operator = OperatorId(user_id(who))
    if who.session.kind == SessionKind.BROWSER.value and operator in services.runner.floor.operators:
        await services.runner.post(PresenceAsked(operator, Presence.OFFLINE, "", "logged_out"))
    response.delete_cookie(
        cookie_name(request), path="/", secure=is_https(request), httponly=True, samesite="strict"
    )


@router.get("/me", tags=["session"], summary="Who I am", responses=EVERYWHERE)
async def get_me(who: Themself, services: Known) -> Me:
    """The user of this session or token."""
    return me(services, who)


@router.put(
    "/me/password",
    tags=["session"],
    summary="Change my password",
    status_code=204,
    responses=EVERYWHERE | problems(429),
)
async def put_password(said: PasswordChange, who: Themself, request: Request, services: Known) -> None:
    """Ends every other session of the user, and every token; this one stays."""
    limits: LoginLimits = request.app.state.login_limits
    applicant = Applicant(
        who.user.username, _place(request), known=f"session {who.session.id}", known_device=True
    )
    async with limits.turn(applicant):
        user = await service.authenticate(services.engine, who.user.username, said.current)
        (limits.wrong if user is None else limits.right)(applicant)
        if user is None:
            raise Problem(403, "the current password is wrong")
        password_hash = await hash_password(said.new, user.username, user.display_name)
    async with writing(services.engine) as session:
        if not await service.still_the_same(session, user):
            raise Problem(403, "the current password is wrong")
        await service.change_password(session, user_id(who), password_hash, keep=who.session.id)
    services.end_user(user_id(who), keep=who.session.id)


@router.put(
    "/me/state",
    tags=["my work"],
    summary="Change my state",
    status_code=204,
    responses=refusals(OperatorNotOnFloor),
)
async def put_state(said: StateIn, who: Themself, services: Known) -> None:
    """Available, on break or offline; during a call, a break begins when it ends."""
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
    """The work after the last call is done."""
    await services.runner.post(WrapUpEnded(OperatorId(user_id(who))))


@router.post(
    "/me/preview/dial",
    tags=["my work"],
    summary="Dial the lead I look at",
    status_code=204,
    responses=refusals(OperatorNotOnFloor, NoPreview, PreviewDialling, CampaignAtRest, PbxAway, NoFreeLine),
)
async def dial_preview(who: Themself, services: Known) -> None:
    """In mode preview: call the customer that is shown; the answer comes to me."""
    await services.runner.post(PreviewDialled(OperatorId(user_id(who))))


@router.post(
    "/me/preview/skip",
    tags=["my work"],
    summary="Skip the lead I look at",
    status_code=204,
    responses=refusals(OperatorNotOnFloor, NoPreview, PreviewDialling),
)
async def skip_preview(said: SkipIn, who: Themself, services: Known) -> None:
    """In mode preview: do not call the customer that is shown. The lead rests for an hour, with the reason."""
    await services.runner.post(PreviewSkipped(OperatorId(user_id(who)), said.reason))
