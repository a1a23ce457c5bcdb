"""Articles over HTTP: read, written, published, compared and brought back."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.accounts.service import LoggedIn
from app.api.errors import CursorUnknown
from app.api.etags import TAGGED, TAGGED_NEW, UNSEEN, Match, Tag
from app.api.idempotency import IdempotentRoute
from app.api.paging import Cursor, Limit, page_by_id, read_id_cursor, write_cursor
from app.api.problems import refusals
from app.api.schemas import RowId
from app.api.security import Known, may, needs
from app.crm.articles import service
from app.crm.articles.comparison import compare
from app.crm.articles.errors import (
    ArticleUnknown,
    ArticleVersionUnknown,
    TablesTooLarge,
)
from app.crm.articles.rendering import render_all
from app.crm.articles.schemas import (
    ArticleIn,
    ArticleListed,
    ArticleOut,
    Articles,
    ComparisonOut,
    StateIn,
    VersionListed,
    VersionOut,
    Versions,
)
from app.crm.articles.service import Draft
from app.crm.articles.tables import ArticleRow, ArticleState
from app.domain.roles import Permission
from app.records.engine import reading, writing
from app.system import clock

Reads = Annotated[LoggedIn, needs(Permission.ARTICLES_READ)]
Writes = Annotated[LoggedIn, needs(Permission.ARTICLES_WRITE)]
router = APIRouter(prefix="/articles", tags=["articles"], route_class=IdempotentRoute)
StateAsked = Annotated[ArticleState | None, Query(description="Only articles in this state.")]
DueAsked = Annotated[bool, Query(description="Only articles whose review is due today or earlier.")]
OwnerAsked = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only articles of this user.")]
VersionKey = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the version.")]
ToAsked = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="The version to compare with; without it, the newest.")
]


@router.get("", summary="All articles", responses=refusals(CursorUnknown))
async def list_articles(
    who: Reads,
    services: Known,
    *,
    state: StateAsked = None,
    due: DueAsked = False,
    owner: OwnerAsked = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Articles:
    """Returns articles in the order in which they were made. Whoever may not write articles sees published ones
    alone.
    """
    async with reading(services.engine) as session:
        rows, titles = await service.list_articles(
            session,
            state=state if may(who, Permission.ARTICLES_WRITE) else ArticleState.PUBLISHED,
            due_on=clock.utc_now().date() if due else None,
            owner=owner,
            after=read_id_cursor(cursor),
            limit=limit,
        )
    shown, following = page_by_id(rows, limit)
    items = [ArticleListed.of_row(row, titles[row.id or 0]) for row in shown]
    return Articles(items=items, next=following)


@router.post("", status_code=201, summary="Write an article", responses=refusals(TablesTooLarge) | TAGGED_NEW)
async def make_article(said: ArticleIn, who: Writes, services: Known, tag: Tag) -> ArticleOut:
    """The article is a draft until `PUT .../state` publishes it."""
    draft = await _draft(said)
    async with writing(services.engine, who.actor) as session:
        return tag(ArticleOut.of(await service.make_article(session, draft, who.actor, clock.utc_now())))


@router.get("/{id}", summary="An article", responses=refusals(ArticleUnknown) | TAGGED)
async def get_article(id: RowId, who: Reads, services: Known, tag: Tag) -> ArticleOut:  # noqa: A002 - the path says it
    """Returns the article with all its texts, in Markdown and as HTML that is safe to show."""
    writes = may(who, Permission.ARTICLES_WRITE)
    async with reading(services.engine) as session:
        return tag(ArticleOut.of(await service.get_article(session, id, published_only=not writes)))


@router.put(
    "/{id}", summary="Change an article", responses=refusals(ArticleUnknown, TablesTooLarge, *UNSEEN) | TAGGED
)
async def put_article(
    id: RowId,  # noqa: A002 - the path says it
    said: ArticleIn,
    who: Writes,
    services: Known,
    match: Match,
) -> ArticleOut:
    """The body replaces the whole article, its texts in all languages included. What was there stays as a version."""
    draft = await _draft(said)
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ArticleRow, id)
        found = await service.change_article(session, id, draft, who.actor, clock.utc_now())
    return match(ArticleOut.of(found))


@router.put(
    "/{id}/state",
    summary="Publish or withdraw an article",
    responses=refusals(ArticleUnknown, *UNSEEN) | TAGGED,
)
async def put_state(
    id: RowId,  # noqa: A002 - the path says it
    said: StateIn,
    who: Writes,
    services: Known,
    match: Match,
) -> ArticleOut:
    """Operators find published articles alone, at once and only while they are valid."""
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ArticleRow, id)
        found = await service.set_state(session, id, said.state, who.actor, clock.utc_now())
    return match(ArticleOut.of(found))


@router.get(
    "/{id}/versions", summary="An article's versions", responses=refusals(ArticleUnknown, CursorUnknown)
)
async def list_versions(
    id: RowId,  # noqa: A002 - the path says it
    _: Writes,
    services: Known,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Versions:
    """Returns who saved the article and when, the newest version first."""
    async with reading(services.engine) as session:
        rows = await service.list_versions(session, id, before=read_id_cursor(cursor), limit=limit)
    shown = rows[:limit]
    following = write_cursor((shown[-1].version,)) if len(rows) > limit else None
    return Versions(items=[VersionListed.of(row) for row in shown], next=following)


@router.get(
    "/{id}/versions/{version}", summary="A version of an article", responses=refusals(ArticleVersionUnknown)
)
async def get_version(
    id: RowId,  # noqa: A002 - the path says it
    version: VersionKey,
    _: Writes,
    services: Known,
) -> VersionOut:
    """Returns the article as it was."""
    async with reading(services.engine) as session:
        return VersionOut.of(await service.get_version(session, id, version))


@router.get(
    "/{id}/versions/{version}/comparison",
    summary="Compare two versions",
    responses=refusals(ArticleUnknown, ArticleVersionUnknown),
)
async def compare_versions(
    id: RowId,  # noqa: A002 - the path says it
    version: VersionKey,
    _: Writes,
    services: Known,
    to: ToAsked = None,
) -> ComparisonOut:
    """Returns what was changed from this version to another: fields with both values, bodies line by line."""
    async with reading(services.engine) as session:
        newest = (await service.get_article(session, id)).row.version
        before = await service.get_version(session, id, version)
        after = await service.get_version(session, id, to or newest)
    return ComparisonOut.of(await asyncio.to_thread(compare, before.content, after.content))


@router.post(
    "/{id}/versions/{version}/restoration",
    summary="Bring a version back",
    responses=refusals(ArticleUnknown, ArticleVersionUnknown, TablesTooLarge, *UNSEEN) | TAGGED,
)
async def restore_version(
    id: RowId,  # noqa: A002 - the path says it
    version: VersionKey,
    who: Writes,
    services: Known,
    match: Match,
) -> ArticleOut:
    """The fields become as they were in that version, as a new version; the state stays."""
    async with reading(services.engine) as session:
        kept = await service.get_version(session, id, version)
    draft = await _draft(ArticleIn.model_validate(kept.content))
    async with writing(services.engine, who.actor) as session:
        await match.check(session, ArticleRow, id)
        found = await service.change_article(session, id, draft, who.actor, clock.utc_now())
    return match(ArticleOut.of(found))


async def _draft(said: ArticleIn) -> Draft:
    return Draft(
        fields=said.fields(), stored=said.model_dump(mode="json"), rendered=await render_all(said.bodies())
    )
