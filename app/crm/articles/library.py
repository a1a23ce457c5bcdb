"""Published articles in memory, where they are searched; kept like the rows by their revision.

Each search first asks for three numbers that rise with each change of articles, synonyms and answers. What changed is
read and analysed, an article at a time in a thread, so that the event loop is never held.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.crm.articles import answer_queries, queries
from app.crm.articles.synonyms import load_concepts
from app.crm.articles.tables import ArticleRow, ArticleState, ArticleTextRow
from app.records.engine import reading
from app.retrieval.concepts import Concepts
from app.retrieval.index import Analysed, Index, Text, analyse
from app.retrieval.prior import Decayed, Situation, Subject
from app.retrieval.query import question_tokens
from app.retrieval.ranking import Hit, search
from app.retrieval.spelling import folded
from app.retrieval.stems import Language

_AT_A_TIME: Final = 50
"""How many articles are read at a time."""
_LATE: Final = timedelta(minutes=1)
"""How much later than its moment an answer may be committed."""


@dataclass(slots=True)
class _Known:
    """An article in the index."""

    version: int
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(slots=True, frozen=True)
class Found:
    """Hits with what a list shows of them."""

    hits: Sequence[Hit]
    titles: Mapping[int, Mapping[str, str]]
    """By article and language."""
    excerpts: Mapping[int, str]
    """By article, in the language of the hit."""


@dataclass(slots=True)
class ArticleLibrary:
    """The articles that operators find.

    Args:
        engine: the database.
    """

    engine: AsyncEngine
    _index: Index = field(default_factory=Index)
    _concepts: Concepts = field(default_factory=lambda: Concepts(()))
    """Read at the first look: to stem them all takes a third of a second."""
    _known: dict[int, _Known] = field(default_factory=dict)
    _revisions: tuple[tuple[int, int], tuple[int, int]] | None = None
    _counted: int = 0
    _counted_at: datetime | None = None
    _answers: dict[int, dict[str, Decayed]] = field(default_factory=dict)
    _asked: dict[int, dict[str, Decayed]] = field(default_factory=dict)
    """By article, the questions it was said to help with."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, question: str, situation: Situation, now: datetime, most: int) -> Found:
        """Find articles; the arguments are those of `app.retrieval.ranking.search`."""
        await self.refresh(now)
        over = [
            id_
            for id_, one in self._known.items()
            if (one.valid_from is not None and now < one.valid_from)
            or (one.valid_until is not None and now >= one.valid_until)
        ]
        hits = search(
            self._index,
            self._concepts,
            question,
            situation,
            now=now,
            answers=self._answers,
            most=most,
            without=frozenset(over),
        )
        titles: dict[int, Mapping[str, str]] = {}
        excerpts: dict[int, str] = {}
        for hit in hits:
            texts = [one.text for one in self._index.texts_of(hit.article)]
            titles[hit.article] = {one.language: one.title for one in texts}
            excerpts[hit.article] = next(one.body[:200] for one in texts if one.language == hit.language)
        return Found(hits, titles, excerpts)

    async def refresh(self, now: datetime) -> None:
        """Take in what was changed since the last look."""
        async with self._lock, reading(self.engine) as session:
            revisions = await queries.revisions(session)
            counted = await answer_queries.counted(session)
            touched = await self._take_answers(session) if counted != self._counted else set[int]()
            self._counted = counted
            if self._revisions is None or revisions[1] != self._revisions[1]:
                self._concepts = await load_concepts(session)
                self._known.clear()
            if revisions != self._revisions or touched:
                await self._take_articles(session, touched, now)
            self._revisions = revisions

    async def _take_articles(self, session: AsyncSession, touched: Collection[int], now: datetime) -> None:
        published = {
            id_: version
            for id_, (version, state) in (await queries.states(session)).items()
            if state == ArticleState.PUBLISHED
        }
        for gone in [id_ for id_ in self._index.articles() if id_ not in published]:
            self._index.put(gone, [])
            self._known.pop(gone, None)
        changed = [
            id_
            for id_, version in published.items()
            if id_ in touched or id_ not in self._known or self._known[id_].version != version
        ]
        for begin in range(0, len(changed), _AT_A_TIME):
            some = changed[begin : begin + _AT_A_TIME]
            texts = await queries.texts_of(session, some)
            for row in await queries.articles_by_id(session, some):
                id_ = row.id or 0
                analysed = await asyncio.to_thread(self._analyse, row, texts[id_], now)
                self._index.put(id_, analysed)
                self._known[id_] = _Known(row.version, row.valid_from, row.valid_until)

    def _analyse(self, row: ArticleRow, texts: Mapping[str, ArticleTextRow], now: datetime) -> list[Analysed]:
        subject = Subject(
            queues=frozenset(row.queues),
            campaigns=frozenset(row.campaigns),
            products=frozenset(row.products),
            topics=frozenset(row.topics),
            tags=frozenset(folded(tag.casefold()) for tag in row.tags),
        )
        asked: dict[str, float] = {}
        for question, counted in self._asked.get(row.id or 0, {}).items():
            helped, not_helped = counted.as_of(now)
            for token in question_tokens(question, self._concepts):
                asked[token] = asked.get(token, 0.0) + max(0.0, helped - not_helped) / 2
        return [
            analyse(
                Text(
                    article=row.id or 0,
                    language=cast("Language", language),
                    title=text.title,
                    tags=row.tags,
                    body=text.plain,
                    subject=subject,
                ),
                self._concepts,
                asked,
            )
            for language, text in texts.items()
        ]

    async def _take_answers(self, session: AsyncSession) -> set[int]:
        """Take in new counts; returns the articles whose questions changed."""
        touched = set()
        since = None if self._counted_at is None else self._counted_at - _LATE
        for row in await answer_queries.counts_since(session, since):
            counted = Decayed(row.helped, row.not_helped, row.at)
            if row.question:
                self._asked.setdefault(row.article_id, {})[row.question] = counted
                touched.add(row.article_id)
            else:
                self._answers.setdefault(row.article_id, {})[row.queue] = counted
            if self._counted_at is None or row.at > self._counted_at:
                self._counted_at = row.at
        return touched
