"""The search for articles over HTTP, what operators say of them, and synonyms."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor
from app.api.problems import refusals
from app.api.schemas import CampaignAsked, ContactAsked, QueueName, RowId
from app.api.security import Known, may, needs, user_id
from app.api.services import Services
from app.crm.articles import answer_queries, answers, queries, synonyms
from app.crm.articles.errors import (
    ArticleUnknown,
    SynonymsTaken,
    SynonymsUnknown,
    UnansweredUnknown,
)
from app.crm.articles.library import ArticleLibrary
from app.crm.articles.schemas import AnswerIn, AnswerOut, ArticleAnswers
from app.crm.articles.search_schemas import (
    Hits,
    SynonymIn,
    SynonymOut,
    Synonyms,
    UnansweredIn,
    UnansweredOut,
    UnansweredSettled,
)
from app.crm.articles.situations import Place, place_of, situation_of
from app.crm.articles.tables import SynonymRow
from app.crm.calls.errors import CallUnknown
from app.crm.calls.service import seen_call
from app.domain.ids import CallId
from app.domain.roles import Permission
from app.records.engine import reading, writing
from app.retrieval.concepts import shipped
from app.system import clock

Reads = Annotated[LoggedIn, needs(Permission.ARTICLES_READ)]
Writes = Annotated[LoggedIn, needs(Permission.ARTICLES_WRITE)]
search = APIRouter(prefix="/articles", tags=["articles"], route_class=IdempotentRoute)
router = APIRouter(prefix="/synonyms", tags=["articles"], route_class=IdempotentRoute)
QuestionAsked = Annotated[
    str, Query(max_length=400, description="What is typed so far; empty: only the call counts.")
]
QueueAsked = Annotated[QueueName | None, Query(description="The queue of the call.")]
CallAsked = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=150,
        pattern=r"^[A-Za-z0-9_.:\-]+$",
        description="The id of the call; its queue, campaign and contact count.",
    ),
]
LanguageAsked = Annotated[str | None, Query(pattern=r"^(et|ru|en)$", description="The language to prefer.")]
MostAsked = Annotated[int, Query(ge=1, le=50, description="How many hits at most.")]
DoneAsked = Annotated[bool, Query(description="Those that are dealt with, instead of the others.")]


@search.get("/search", summary="Find articles", responses=refusals(CallUnknown))
async def find_articles(
    who: Reads,
    services: Known,
    *,
    q: QuestionAsked = "",
    call: CallAsked = None,
    queue: QueueAsked = None,
    campaign: CampaignAsked = None,
    contact: ContactAsked = None,
    language: LanguageAsked = None,
    limit: MostAsked = 10,
) -> Hits:
    """Returns published articles that answer `q`, the best first; without `q`, those that this call is likely to need.

    Words are found as they are inflected, mistyped, in the other alphabet, and by synonyms in another language. Each
    hit says why it is there.
    """
    place = Place(queue=queue, campaign=campaign, contact=contact, language=language)
    async with reading(services.engine) as session:
        if call is not None:
            place = await _place(session, services, who, call, place)
        situation = await situation_of(session, place, services.now())
    library = services.part(ArticleLibrary)
    assert library is not None
    return Hits.of(await library.find(q, situation, clock.utc_now(), limit))


@search.post(
    "/{id}/answers",
    status_code=201,
    summary="Say whether an article helped",
    responses=refusals(ArticleUnknown, CallUnknown),
)
async def add_answer(
    id: RowId,  # noqa: A002 - the path says it
    said: AnswerIn,
    who: Reads,
    services: Known,
) -> AnswerOut:
    """Articles that helped come first in such calls and for such questions; an answer counts half after 60 days."""
    async with writing(services.engine, who.actor) as session:
        place = Place()
        if said.call is not None:
            place = await _place(session, services, who, said.call, place)
        row = await answers.add_answer(
            session,
            id,
            helped=said.helped,
            question=said.question,
            queue=place.queue or "",
            call=said.call,
            contact=place.contact,
            actor=who.actor,
            at=clock.utc_now(),
        )
        return AnswerOut.of(row)


@search.get(
    "/{id}/answers",
    summary="What operators said of an article",
    responses=refusals(ArticleUnknown, CursorUnknown),
)
async def list_answers(
    id: RowId,  # noqa: A002 - the path says it
    _: Writes,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ArticleAnswers:
    """Returns answers, the newest first, each with what was searched for and the call."""
    async with reading(services.engine) as session:
        rows = await answers.list_answers(session, id, before=read_id_cursor(cursor), limit=limit)
    shown, following = page_by_id(rows, limit)
    return ArticleAnswers(items=[AnswerOut.of(row) for row in shown], next=following)


@search.post(
    "/unanswered",
    status_code=204,
    summary="Say that a search found nothing of use",
    responses=refusals(CallUnknown),
)
async def note_unanswered(said: UnansweredIn, who: Reads, services: Known) -> None:
    """The search is listed for those who write articles, with how often it was made."""
    async with writing(services.engine, who.actor) as session:
        place = Place(queue=said.queue)
        if said.call is not None:
            place = await _place(session, services, who, said.call, place)
        await answers.note_unanswered(session, said.question, place.queue or "", clock.utc_now())


@search.get("/unanswered", summary="Searches that found nothing of use", responses=refusals())
async def list_unanswered(
    _: Writes, services: Known, *, done: DoneAsked = False, limit: Limit = 100
) -> list[UnansweredOut]:
    """Returns articles to write, or synonyms to add: the most frequent searches first."""
    async with reading(services.engine) as session:
        rows = await answer_queries.list_unanswered(session, done=done, limit=limit)
    return [UnansweredOut.of(row) for row in rows]


@search.put(
    "/unanswered/{id}",
    summary="Deal with an unanswered search",
    responses=refusals(UnansweredUnknown, ArticleUnknown),
)
async def settle_unanswered(
    id: RowId,  # noqa: A002 - the path says it
    said: UnansweredSettled,
    who: Writes,
    services: Known,
) -> UnansweredOut:
    """A further search for the same opens it again."""
    async with writing(services.engine, who.actor) as session:
        row = await answers.settle_unanswered(session, id, done=said.done, article=said.article)
        return UnansweredOut.of(row)


@router.get("", summary="All synonyms", responses=refusals())
async def list_synonyms(_: Writes, services: Known) -> Synonyms:
    """Returns the synonyms of the centre, and those that come with the program."""
    async with reading(services.engine) as session:
        return Synonyms.of(await queries.list_synonyms(session), shipped())


@router.post("", status_code=201, summary="Add synonyms", responses=refusals(SynonymsTaken) | TAGGED_NEW)
async def make_synonyms(said: SynonymIn, who: Writes, services: Known, tag: Tag) -> SynonymOut:
    """Words of all three languages mean the same from the next search on."""
    async with writing(services.engine, who.actor) as session:
        return tag(SynonymOut.of(await synonyms.make_synonyms(session, said.model_dump())))


@router.put(
    "/{id}",
    summary="Change synonyms",
    responses=refusals(SynonymsUnknown, SynonymsTaken, *UNSEEN) | TAGGED,
)
async def put_synonyms(
    id: RowId,  # noqa: A002 - the path says it
    said: SynonymIn,
    who: Writes,
    services: Known,
    match: Match,
) -> SynonymOut:
    """The body replaces them. To switch off what comes with the program, keep its code here with `active` false."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, SynonymRow, id)
        row = await synonyms.change_synonyms(session, id, said.model_dump())
    return match(SynonymOut.of(row))


async def _place(session: AsyncSession, services: Services, who: LoggedIn, call: str, asked: Place) -> Place:
    seen = await seen_call(
        session,
        services.runner.floor,
        CallId(call),
        user=user_id(who),
        of_all=may(who, Permission.CALLS_READ_ALL),
    )
    return place_of(seen, asked)
