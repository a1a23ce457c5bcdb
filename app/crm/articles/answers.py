"""What operators say of articles, and what they searched for in vain."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.crm.articles import answer_queries as queries
from app.crm.articles.errors import UnansweredUnknown
from app.crm.articles.service import get_article
from app.crm.articles.tables import ArticleAnswerRow, UnansweredRow
from app.domain.actors import Actor
from app.domain.references import named
from app.events.recorder import announce
from app.events.subjects import CREATED
from app.retrieval.prior import Decayed

QUESTION_MOST: Final = 100
_LONG_NUMBER: Final = re.compile(r"\+?\d(?:[\s\-]?\d){4,}")


def kept_question(question: str) -> str:
    """A question as it is kept: in small letters, short, and without numbers that may be somebody's.

    >>> kept_question("  Arve 5550 0123  KUHU")
    'arve # kuhu'
    """
    return " ".join(_LONG_NUMBER.sub("#", question.casefold()).split())[:QUESTION_MOST].strip()


async def add_answer(
    session: AsyncSession,
    article: int,
    *,
    helped: bool,
    question: str,
    queue: str,
    call: str | None,
    contact: int | None,
    actor: Actor,
    at: datetime,
) -> ArticleAnswerRow:
    """Keep whether an article helped, and count it for the article, the queue and the question.

    Args:
        session: writes.
        article: a published article.
        helped: whether it did.
        question: what was searched for; empty: nothing.
        queue: the queue of the call; empty: none.
        call: the call's id.
        contact: the id of the call's contact.
        actor: who says so.
        at: now.

    Raises:
        ArticleUnknown: there is no such article for operators.
    """
    await get_article(session, article, published_only=True)
    kept = kept_question(question)
    for key in {("", ""), (queue, ""), ("", kept)}:
        await _count(session, article, *key, helped=helped, at=at)
    row = ArticleAnswerRow(
        article_id=article,
        helped=helped,
        question=kept,
        queue=queue,
        call_id=call,
        contact_id=contact,
        user_id=actor.user,
        user_name=actor.name,
        at=at,
    )
    return await queries.add_answer(session, row)


async def list_answers(
    session: AsyncSession, article: int, *, before: int | None = None, limit: int = 50
) -> Sequence[ArticleAnswerRow]:
    """Answers about an article, the newest first, one more than `limit` where there are more.

    Raises:
        ArticleUnknown: there is no such article.
    """
    await get_article(session, article)
    return await queries.page_answers(session, article, before=before, limit=limit + 1)


async def note_unanswered(
    session: AsyncSession, question: str, queue: str, at: datetime
) -> UnansweredRow | None:
    """Count a search that found nothing of use; None where nothing is left of the question."""
    kept = kept_question(question)
    if not kept:
        return None
    row, made = await queries.lock_unanswered(session, kept, queue, at)
    if made:
        announce(
            session, "article_unanswered", row.id or 0, CREATED, after={"question": kept, "queue": queue}
        )
        return row
    row.times, row.queue, row.last_at, row.done = row.times + 1, queue, at, False
    return await queries.save_unanswered(session, row)


async def settle_unanswered(
    session: AsyncSession, id_: int, *, done: bool, article: int | None
) -> UnansweredRow:
    """Say that an unanswered search is dealt with, and by which article.

    Raises:
        UnansweredUnknown: there is none.
        ReferenceUnknown: there is no such article.
    """
    row = await queries.get_unanswered(session, id_)
    if row is None:
        raise UnansweredUnknown(search=id_)
    if article is not None:
        with named("article"):
            await get_article(session, article)
    row.done, row.article_id = done, article
    return await queries.save_unanswered(session, row)


async def _count(
    session: AsyncSession, article: int, queue: str, question: str, *, helped: bool, at: datetime
) -> None:
    row = await queries.lock_count(session, article, queue, question, at)
    counted = Decayed(row.helped, row.not_helped, row.at)
    counted.add(at, helped=helped)
    row.helped, row.not_helped, row.at = counted.helped, counted.not_helped, counted.at or at
    row.answers += 1
    await queries.save_count(session, row)
