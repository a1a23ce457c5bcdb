"""Queries of articles, their versions and their texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.articles.tables import (
    ArticleRow,
    ArticleState,
    ArticleTextRow,
    ArticleVersionRow,
    SynonymRow,
)


@dataclass(slots=True, frozen=True)
class ArticleFilter:
    """Which articles are wanted; None wants all."""

    state: ArticleState | None = None
    due_on: date | None = None
    """Those whose review is due on this day."""
    owner: int | None = None


async def page_articles(
    session: AsyncSession, wanted: ArticleFilter, *, after: int | None = None, limit: int = 50
) -> Sequence[ArticleRow]:
    """Articles in the order of their ids, after one of them."""
    query = select(ArticleRow).order_by(col(ArticleRow.id)).limit(limit)
    if after is not None:
        query = query.where(col(ArticleRow.id) > after)
    if wanted.state is not None:
        query = query.where(col(ArticleRow.state) == wanted.state)
    if wanted.due_on is not None:
        query = query.where(col(ArticleRow.review_on) <= wanted.due_on)
    if wanted.owner is not None:
        query = query.where(col(ArticleRow.owner) == wanted.owner)
    return (await session.scalars(query)).all()


async def get_article(session: AsyncSession, article: int) -> ArticleRow | None:
    """One article, or None."""
    return await session.get(ArticleRow, article)


async def texts_of(session: AsyncSession, articles: Collection[int]) -> dict[int, dict[str, ArticleTextRow]]:
    """The texts of articles, by article and language."""
    query = select(ArticleTextRow).where(col(ArticleTextRow.article_id).in_(articles))
    found: dict[int, dict[str, ArticleTextRow]] = {article: {} for article in articles}
    for row in await session.scalars(query.order_by(col(ArticleTextRow.language))):
        found[row.article_id][row.language] = row
    return found


async def titles_of(session: AsyncSession, articles: Collection[int]) -> dict[int, dict[str, str]]:
    """The titles of articles, by article and language."""
    query = select(ArticleTextRow.article_id, ArticleTextRow.language, ArticleTextRow.title).where(
        col(ArticleTextRow.article_id).in_(articles)
    )
    found: dict[int, dict[str, str]] = {article: {} for article in articles}
    for article, language, title in await session.execute(query):
        found[article][language] = title
    return found


async def save_article(
    session: AsyncSession, row: ArticleRow, texts: Mapping[str, ArticleTextRow]
) -> ArticleRow:
    """Save an article with its texts in place of what there was; a new row has its id afterwards."""
    session.add(row)
    await session.flush()
    assert row.id is not None
    query = select(ArticleTextRow).where(col(ArticleTextRow.article_id) == row.id)
    kept = {one.language: one for one in await session.scalars(query)}
    for language, text in texts.items():
        old = kept.pop(language, None)
        if old is None:
            text.article_id = row.id
            session.add(text)
        else:
            old.title, old.body, old.html, old.plain = text.title, text.body, text.html, text.plain
    for gone in kept.values():
        await session.delete(gone)
    await session.flush()
    return row


async def add_version(session: AsyncSession, row: ArticleVersionRow) -> None:
    """Keep a version."""
    session.add(row)
    await session.flush()


async def get_version(session: AsyncSession, article: int, version: int) -> ArticleVersionRow | None:
    """One version of an article, or None."""
    query = select(ArticleVersionRow).where(
        col(ArticleVersionRow.article_id) == article, col(ArticleVersionRow.version) == version
    )
    return (await session.scalars(query)).one_or_none()


async def page_versions(
    session: AsyncSession, article: int, *, before: int | None = None, limit: int = 50
) -> Sequence[ArticleVersionRow]:
    """An article's versions, the newest first, before one of them."""
    number = col(ArticleVersionRow.version)
    query = select(ArticleVersionRow).where(col(ArticleVersionRow.article_id) == article)
    if before is not None:
        query = query.where(number < before)
    return (await session.scalars(query.order_by(number.desc()).limit(limit))).all()


async def states(session: AsyncSession) -> dict[int, tuple[int, ArticleState]]:
    """The version and the state of every article."""
    query = select(ArticleRow.id, ArticleRow.version, ArticleRow.state)
    return {id_: (version, state) for id_, version, state in await session.execute(query)}


async def articles_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[ArticleRow]:
    """Articles by their ids."""
    return (await session.scalars(select(ArticleRow).where(col(ArticleRow.id).in_(ids)))).all()


async def revisions(session: AsyncSession) -> tuple[tuple[int, int], tuple[int, int]]:
    """Numbers that differ after each change of articles, and of synonyms: nothing is deleted, versions only rise."""
    found = []
    for id_, version in ((ArticleRow.id, ArticleRow.version), (SynonymRow.id, SynonymRow.version)):
        query = select(func.count(col(id_)), func.coalesce(func.sum(version), 0))
        count, sum_ = (await session.execute(query)).one()
        found.append((count, int(sum_)))
    return found[0], found[1]


async def list_synonyms(session: AsyncSession) -> Sequence[SynonymRow]:
    """All synonyms that people wrote, by code."""
    return (await session.scalars(select(SynonymRow).order_by(col(SynonymRow.code)))).all()


async def get_synonyms(session: AsyncSession, id_: int) -> SynonymRow | None:
    """One entry of synonyms, or None."""
    return await session.get(SynonymRow, id_)


async def save_synonyms(session: AsyncSession, row: SynonymRow) -> SynonymRow:
    """Save synonyms; a new row has its id afterwards.

    Raises:
        sqlalchemy.exc.IntegrityError: at once, when others have the code.
    """
    session.add(row)
    await session.flush()
    return row
