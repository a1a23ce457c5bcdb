"""Queries of what operators said of articles, and of searches that found nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.crm.articles.tables import ArticleAnswerRow, ArticleCountRow, UnansweredRow
from app.records.base import Row, table_of


async def add_answer(session: AsyncSession, row: ArticleAnswerRow) -> ArticleAnswerRow:
    """Keep an answer; the row has its id afterwards."""
    session.add(row)
    await session.flush()
    return row


async def page_answers(
    session: AsyncSession, article: int, *, before: int | None = None, limit: int = 50
) -> Sequence[ArticleAnswerRow]:
    """Answers about an article, the newest first, before one of them."""
    id_ = col(ArticleAnswerRow.id)
    query = select(ArticleAnswerRow).where(col(ArticleAnswerRow.article_id) == article)
    if before is not None:
        query = query.where(id_ < before)
    return (await session.scalars(query.order_by(id_.desc()).limit(limit))).all()


async def earlier_of(session: AsyncSession, contact: int, limit: int = 20) -> dict[int, datetime]:
    """The articles that helped in a contact's latest calls, and when last."""
    query = (
        select(ArticleAnswerRow.article_id, func.max(col(ArticleAnswerRow.at)))
        .where(col(ArticleAnswerRow.contact_id) == contact, col(ArticleAnswerRow.helped))
        .group_by(col(ArticleAnswerRow.article_id))
        .order_by(func.max(col(ArticleAnswerRow.at)).desc())
        .limit(limit)
    )
    return dict((await session.execute(query)).all())


async def lock_count(
    session: AsyncSession, article: int, queue: str, question: str, at: datetime
) -> ArticleCountRow:
    """One count, which nobody else changes until the commit; made where nothing was counted."""
    await _insert_new(session, ArticleCountRow(article_id=article, queue=queue, question=question, at=at))
    return await session.get_one(ArticleCountRow, (article, queue, question), with_for_update=True)


async def save_count(session: AsyncSession, row: ArticleCountRow) -> None:
    """Save a count."""
    session.add(row)
    await session.flush()


async def counted(session: AsyncSession) -> int:
    """How many answers were counted; rises with each."""
    return int(await session.scalar(select(func.coalesce(func.sum(ArticleCountRow.answers), 0))) or 0)


async def counts_since(session: AsyncSession, at: datetime | None) -> Sequence[ArticleCountRow]:
    """Counts that were changed since a moment; None: all."""
    query = select(ArticleCountRow)
    if at is not None:
        query = query.where(col(ArticleCountRow.at) >= at)
    return (await session.scalars(query)).all()


async def lock_unanswered(
    session: AsyncSession, question: str, queue: str, at: datetime
) -> tuple[UnansweredRow, bool]:
    """The row of a question, which nobody else changes until the commit, and whether it was made now."""
    new = UnansweredRow(question=question, queue=queue, first_at=at, last_at=at)
    made = await _insert_new(session, new)
    query = select(UnansweredRow).where(col(UnansweredRow.question) == question).with_for_update()
    return (await session.scalars(query)).one(), made


async def get_unanswered(session: AsyncSession, id_: int) -> UnansweredRow | None:
    """One unanswered search, or None."""
    return await session.get(UnansweredRow, id_)


async def list_unanswered(session: AsyncSession, *, done: bool, limit: int) -> Sequence[UnansweredRow]:
    """Unanswered searches, the most frequent first."""
    query = (
        select(UnansweredRow)
        .where(col(UnansweredRow.done) == done)
        .order_by(col(UnansweredRow.times).desc(), col(UnansweredRow.id).desc())
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def save_unanswered(session: AsyncSession, row: UnansweredRow) -> UnansweredRow:
    """Save an unanswered search; a new row has its id afterwards."""
    session.add(row)
    await session.flush()
    return row


async def _insert_new(session: AsyncSession, row: Row) -> bool:
    """Insert a row where there is none like it; others who insert the same wait until the commit."""
    of_dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    table = table_of(type(row))
    values = row.model_dump(exclude={"id"})
    statement = of_dialect.insert(table).values(values).on_conflict_do_nothing()
    return (await session.execute(statement.returning(*table.primary_key.columns))).first() is not None
