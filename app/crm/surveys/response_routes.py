"""Surveys asked, over HTTP: begun, answered, finished or refused."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import FieldProblem, refusals
from app.api.schemas import CampaignAsked, ContactAsked, Moment, OperatorAsked, QueueName, RowId
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.crm.calls.errors import CallUnknown
from app.crm.calls.service import SeenCall, seen_call
from app.crm.contacts.errors import ContactMerged, ContactUnknown
from app.crm.contacts.service import shown_names
from app.crm.products.routes import today_of
from app.crm.surveys import asking, queries
from app.crm.surveys.asking import Occasion, Response
from app.crm.surveys.errors import (
    AnswersUnfit,
    ResponseNotPossible,
    ResponseUnfinished,
    ResponseUnknown,
    SurveyBeingAsked,
    SurveyNotAsked,
    SurveyNotInLanguage,
    SurveyRests,
    SurveyUnknown,
)
from app.crm.surveys.offers import offers
from app.crm.surveys.queries import ResponseFilter
from app.crm.surveys.response_schemas import (
    CallChoice,
    OfferOut,
    RefusalIn,
    ResponseIn,
    ResponseListed,
    ResponseOut,
    ResponsePatch,
    Responses,
)
from app.crm.surveys.states import ResponseState
from app.crm.surveys.tables import SurveyResponseRow
from app.domain.ids import CallId
from app.domain.references import named
from app.domain.roles import Permission
from app.records.engine import reading, writing

Asks = Annotated[LoggedIn, needs(Permission.SURVEYS_ASK)]
ResponseKey = Annotated[int, Path(ge=1, le=2**53, description="The response's id.")]
CallAsked = Annotated[CallChoice | None, Query(description="Only of this call.")]
SurveyAsked = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only of this survey.")]
asked = APIRouter(prefix="/surveys", tags=["surveys"], route_class=IdempotentRoute)
"""Goes before the survey itself: `/surveys/offers` is no id."""
router = APIRouter(prefix="/survey-responses", tags=["surveys"], route_class=IdempotentRoute)
_MOVED: Final = (ResponseUnknown, ResponseNotPossible, *UNSEEN)


def _wanted(
    *,
    survey: SurveyAsked = None,
    version: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only of this version of the survey.")
    ] = None,
    state: Annotated[list[ResponseState] | None, Query(description="Only in these states.")] = None,
    contact: ContactAsked = None,
    call: CallAsked = None,
    user: OperatorAsked = None,
    queue: Annotated[QueueName | None, Query(description="Only in calls of this queue.")] = None,
    campaign: CampaignAsked = None,
    from_at: Annotated[Moment | None, Query(description="Asked then or later.")] = None,
    to_at: Annotated[Moment | None, Query(description="Asked before.")] = None,
) -> ResponseFilter:
    return ResponseFilter(
        survey=survey,
        version=version,
        states=state or (),
        contact=contact,
        call=call,
        user=user,
        queue=queue,
        campaign=campaign,
        from_at=from_at,
        to_at=to_at,
    )


Wanted = Annotated[ResponseFilter, Depends(_wanted)]


@asked.get(
    "/offers", summary="Surveys that belong to a call", responses=refusals(CallUnknown, ContactUnknown)
)
async def list_offers(
    who: Asks,
    services: Known,
    call: Annotated[CallChoice, Query(description="The call.")],
    contact: Annotated[
        int | None, Query(ge=1, le=2**53, description="The contact; without it, the call's.")
    ] = None,
) -> list[OfferOut]:
    """Returns the published surveys of the call's queue or campaign, and of any call, and whether each may be asked."""
    async with reading(services.engine) as session:
        heard = await _heard(session, services, who, call)
        found = await offers(session, _occasion(services, who, call, heard, contact=contact))
    return [
        OfferOut(
            survey=one.survey.id or 0,
            survey_version=one.survey.version,
            title=one.survey.title,
            languages=one.survey.languages,
            response=one.response,
            problem=None
            if one.rests is None
            else FieldProblem(
                where="survey",
                what=str(one.rests),
                code=one.rests.code,
                params={name: str(value) for name, value in one.rests.params.items()},
            ),
        )
        for one in found
    ]


@asked.post(
    "/{id}/responses",
    status_code=201,
    summary="Ask a survey",
    responses=refusals(
        *(SurveyUnknown, SurveyNotAsked, SurveyNotInLanguage, SurveyRests, SurveyBeingAsked, ContactMerged)
    )
    | TAGGED_NEW,
)
async def ask_survey(
    id: RowId,  # noqa: A002 - the path says it
    said: Annotated[ResponseIn, Body(default_factory=ResponseIn)],
    who: Asks,
    services: Known,
    tag: Tag,
) -> ResponseOut:
    """Begins a response; `next` is the question to ask. Asked again in the same call, the answer is the same response,
    opened again if the customer had refused. Outside any call it is your own open response to the contact; 409 while
    somebody else asks the contact. A contact who finished or refused the survey rests for its `rest_days`.
    """
    async with writing(services.engine, who.actor) as session:
        with named("call"):
            heard = None if said.call is None else await _heard(session, services, who, said.call)
        occasion = _occasion(services, who, said.call, heard, contact=said.contact, language=said.language)
        return tag(await _shown(session, who, await asking.begin(session, id, occasion)))


@router.get("", summary="Responses, newest first", responses=refusals(CursorUnknown))
async def list_responses(
    who: Asks, services: Known, wanted: Wanted, cursor: Cursor = None, limit: Limit = 50
) -> Responses:
    """Filters are joined by "and". Whoever may not see results sees their own alone."""
    only = _only_of(who)
    before = read_id_cursor(cursor)
    async with reading(services.engine) as session:
        rows = await queries.page_responses(session, wanted, before=before, limit=limit + 1, only_of=only)
        shown, following = page_by_id(rows, limit)
        names = await shown_names(session, who, {row.contact_id for row in shown if row.contact_id})
    items = [ResponseListed.of_row(row, names.get(row.contact_id or 0, "")) for row in shown]
    return Responses(items=items, next=following)


@router.get("/{id}", summary="One response", responses=refusals(ResponseUnknown) | TAGGED)
async def get_response(id: ResponseKey, who: Asks, services: Known, tag: Tag) -> ResponseOut:  # noqa: A002 - the path says it
    """Returns what is asked, what was answered, and what comes next."""
    async with reading(services.engine) as session:
        found = await asking.get_response(session, id, only_of=_only_of(who))
        return tag(await _shown(session, who, found))


@router.patch(
    "/{id}", summary="Answer questions", responses=refusals(*_MOVED, AnswersUnfit, ContactMerged) | TAGGED
)
async def patch_response(
    id: ResponseKey,  # noqa: A002 - the path says it
    *,
    said: ResponsePatch,
    who: Asks,
    match: Match,
    services: Known,
) -> ResponseOut:
    """Send each answer as it is given: it is kept, whatever becomes of the call. What is left out stays."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SurveyResponseRow, id)
        contact = (said.contact,) if said.names_contact else ()
        found = await asking.answer(
            session, id, said.answers, services.now(), contact=contact, only_of=_only_of(who)
        )
        return match(await _shown(session, who, found))


@router.post(
    "/{id}/finish", summary="Finish a response", responses=refusals(*_MOVED, ResponseUnfinished) | TAGGED
)
async def finish(id: ResponseKey, who: Asks, match: Match, services: Known) -> ResponseOut:  # noqa: A002 - the path says it
    """Every question on the way is answered or passed over. It does not change any more."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SurveyResponseRow, id)
        found = await asking.finish(session, id, services.now(), only_of=_only_of(who))
        return match(await _shown(session, who, found))


@router.post("/{id}/refuse", summary="The customer refuses", responses=refusals(*_MOVED) | TAGGED)
async def refuse(
    id: ResponseKey,  # noqa: A002 - the path says it
    *,
    said: Annotated[RefusalIn, Body(default_factory=RefusalIn)],
    who: Asks,
    match: Match,
    services: Known,
) -> ResponseOut:
    """The customer does not want to answer, or to go on. What was answered stays."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SurveyResponseRow, id)
        found = await asking.refuse(session, id, said.reason, services.now(), only_of=_only_of(who))
        return match(await _shown(session, who, found))


@router.post("/{id}/reopen", summary="Ask on after a refusal", responses=refusals(*_MOVED) | TAGGED)
async def reopen(id: ResponseKey, who: Asks, match: Match, services: Known) -> ResponseOut:  # noqa: A002 - the path says it
    """The customer thinks better of it. What was answered is there; a contact who was asked again since is not asked on
    here.
    """
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SurveyResponseRow, id)
        found = await asking.reopen(session, id, services.now(), only_of=_only_of(who))
        return match(await _shown(session, who, found))


def _only_of(who: LoggedIn) -> int | None:
    return None if may(who, Permission.SURVEYS_RESULTS) else user_id(who)


async def _heard(session: AsyncSession, services: Services, who: LoggedIn, call: str) -> SeenCall:
    of_all = may(who, Permission.CALLS_READ_ALL)
    return await seen_call(session, services.runner.floor, CallId(call), user=user_id(who), of_all=of_all)


def _occasion(
    services: Services,
    who: LoggedIn,
    call: str | None,
    heard: SeenCall | None,
    *,
    contact: int | None,
    language: str | None = None,
) -> Occasion:
    """Where a survey is asked; the contact is the call's, unless another is named."""
    campaign = None
    if heard is not None:
        campaign = heard.row.campaign_id
        if campaign is None and heard.live is not None:
            campaign = heard.live.campaign
    return Occasion(
        user=user_id(who),
        name=who.user.display_name,
        at=services.now(),
        on=today_of(services),
        language=language,
        call_language="" if heard is None else heard.row.language,
        contact=contact if contact is not None or heard is None else heard.contact,
        call=call,
        queue=None if heard is None else heard.row.queue or None,
        campaign=campaign,
    )


async def _shown(session: AsyncSession, who: LoggedIn, response: Response) -> ResponseOut:
    contact = response.row.contact_id or 0
    names = await shown_names(session, who, [contact])
    return ResponseOut.of(response, names.get(contact, ""))
