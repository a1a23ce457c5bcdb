"""The rules of articles: every change is a version, which can be compared and brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.errors import UserUnknown
from app.accounts.queries import get_user
from app.crm.articles import queries
from app.crm.articles.errors import ArticleUnknown, ArticleVersionUnknown
from app.crm.articles.queries import ArticleFilter
from app.crm.articles.rendering import Rendered
from app.crm.articles.tables import ArticleRow, ArticleState, ArticleTextRow, ArticleVersionRow
from app.crm.campaigns.service import require_campaigns
from app.crm.queues.service import require_queues
from app.domain.actors import Actor
from app.domain.references import ReferenceUnknown

_PLAIN: Final = (
    *("tags", "queues", "campaigns", "products", "topics"),
    *("valid_from", "valid_until", "owner", "review_on"),
)
"""The columns that people set; the texts have rows of their own."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Draft:
    """An article as somebody wants it."""

    fields: Mapping[str, Any]
    """Of `ArticleFields`, with `texts` as plain values."""
    stored: Mapping[str, Any]
    """The same as JSON has them."""
    rendered: Mapping[str, Rendered]
    """The bodies by language."""


@dataclass(slots=True, frozen=True)
class Article:
    """An article with its texts by language."""

    row: ArticleRow
    texts: Mapping[str, ArticleTextRow]


async def list_articles(
    session: AsyncSession,
    *,
    state: ArticleState | None,
    due_on: date | None = None,
    owner: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> tuple[Sequence[ArticleRow], Mapping[int, Mapping[str, str]]]:
    """Articles with their titles by language, one more than `limit` where there are more.

    Args:
        session: reads.
        state: only those in this state; None: all.
        due_on: only those whose review is due on this day.
        owner: only those of this user.
        after: the id that ended the page before.
        limit: how many at most.
    """
    rows = await queries.page_articles(
        session, ArticleFilter(state, due_on, owner), after=after, limit=limit + 1
    )
    return rows, await queries.titles_of(session, [row.id or 0 for row in rows])


async def get_article(session: AsyncSession, article: int, *, published_only: bool = False) -> Article:
    """One article.

    Args:
        session: reads.
        article: its id.
        published_only: whoever asks only reads articles.

    Raises:
        ArticleUnknown: there is none for them.
    """
    row = await queries.get_article(session, article)
    if row is None or (published_only and row.state != ArticleState.PUBLISHED):
        raise ArticleUnknown(article=article)
    return Article(row, (await queries.texts_of(session, [article]))[article])


async def make_article(session: AsyncSession, draft: Draft, actor: Actor, at: datetime) -> Article:
    """Make an article, a draft at first.

    Raises:
        ReferenceUnknown: it names somebody or something unknown.
    """
    await _check(session, draft.fields)
    return await _save(session, ArticleRow(changed_at=at), draft, actor, at)


async def change_article(
    session: AsyncSession, article: int, draft: Draft, actor: Actor, at: datetime
) -> Article:
    """Change an article whole; its state stays.

    Raises:
        ArticleUnknown: there is none.
        ReferenceUnknown: it names somebody or something unknown.
    """
    found = await get_article(session, article)
    row = found.row
    await _check(session, draft.fields)
    if (await get_version(session, article, row.version)).content == draft.stored:
        return found
    row.version += 1
    return await _save(session, row, draft, actor, at)


async def set_state(
    session: AsyncSession, article: int, state: ArticleState, actor: Actor, at: datetime
) -> Article:
    """Publish an article, withdraw it, or make it a draft again.

    Raises:
        ArticleUnknown: there is none.
    """
    found = await get_article(session, article)
    row = found.row
    if row.state != state:
        last = await get_version(session, article, row.version)
        row.state, row.changed_at, row.changed_by = state, at, actor.name
        row.version += 1
        await queries.save_article(session, row, found.texts)
        await queries.add_version(session, _version(row, last.content, actor, at))
    return found


async def list_versions(
    session: AsyncSession, article: int, *, before: int | None = None, limit: int = 50
) -> Sequence[ArticleVersionRow]:
    """An article's versions, the newest first, one more than `limit` where there are more.

    Raises:
        ArticleUnknown: there is no such article.
    """
    await get_article(session, article)
    return await queries.page_versions(session, article, before=before, limit=limit + 1)


async def get_version(session: AsyncSession, article: int, version: int) -> ArticleVersionRow:
    """One version of an article.

    Raises:
        ArticleVersionUnknown: there is none.
    """
    row = await queries.get_version(session, article, version)
    if row is None:
        raise ArticleVersionUnknown(article=article, version=version)
    return row


async def _check(session: AsyncSession, fields: Mapping[str, Any]) -> None:
    await require_queues(session, fields["queues"])
    await require_campaigns(session, fields["campaigns"])
    if fields["owner"] is not None and await get_user(session, fields["owner"]) is None:
        raise ReferenceUnknown("owner", UserUnknown())


async def _save(session: AsyncSession, row: ArticleRow, draft: Draft, actor: Actor, at: datetime) -> Article:
    for name in _PLAIN:
        setattr(row, name, draft.fields[name])
    row.changed_at, row.changed_by = at, actor.name
    texts = {
        language: ArticleTextRow(
            article_id=row.id or 0,
            language=language,
            title=text["title"],
            body=text["body"],
            html=draft.rendered[language].html,
            plain=draft.rendered[language].plain,
        )
        for language, text in draft.fields["texts"].items()
    }
    await queries.save_article(session, row, texts)
    await queries.add_version(session, _version(row, dict(draft.stored), actor, at))
    return Article(row, texts)


def _version(row: ArticleRow, content: dict[str, Any], actor: Actor, at: datetime) -> ArticleVersionRow:
    assert row.id is not None
    return ArticleVersionRow(
        article_id=row.id,
        version=row.version,
        state=row.state,
        content=content,
        at=at,
        user_id=actor.user,
        user_name=actor.name,
    )
