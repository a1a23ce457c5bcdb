"""The order of what is found: how well the text fits, times what speaks for the article in this call."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.retrieval.concepts import Concepts
from app.retrieval.index import Index, Where
from app.retrieval.prior import Decayed, Reason, Situation, Why, prior
from app.retrieval.query import Asked, read_question

SATURATION: Final = 3.0
"""The pseudo-frequency at which a token reaches half of its most (the `k1` of BM25F)."""
PRIOR_COUNTS: Final = 0.4
"""How much the situation counts where something was asked; where nothing was, it alone decides."""
OWN_LANGUAGE: Final = 1.08
"""Times the score of a text in the language that is wanted."""
LEAST: Final = 0.12
"""The share of the best score below which nothing is shown."""


@dataclass(slots=True, frozen=True)
class Hit:
    """A found article."""

    article: int
    language: str
    """The language version that fits best."""
    score: float
    why: tuple[Why, ...]


Answers = Mapping[int, Mapping[str, Decayed]]
"""What was answered about each article, by queue; `""` counts all queues together."""


def search(
    index: Index,
    concepts: Concepts,
    question: str,
    situation: Situation,
    *,
    now: datetime,
    answers: Answers | None = None,
    most: int = 10,
    without: frozenset[int] = frozenset(),
) -> list[Hit]:
    """Find articles.

    Args:
        index: of the texts.
        concepts: what words mean.
        question: as typed so far; empty: only the situation counts.
        situation: the call.
        now: the moment.
        answers: whether articles helped before.
        most: how many hits at most.
        without: articles that do not hold at this moment.

    Returns:
        Hits, the best first; equal ones in the order of their ids.
    """
    asked = read_question(question, index, concepts)
    fits = _fits(index, asked) if asked else None
    best: dict[int, tuple[float, int]] = {}
    for number, one in index.texts.items() if fits is None else ((n, index.texts[n]) for n in fits):
        score = 1.0 if fits is None else fits[number]
        if one.text.language == situation.language:
            score *= OWN_LANGUAGE
        article = one.text.article
        if score > best.get(article, (0.0, 0))[0]:
            best[article] = score, number
    ranked = []
    for article, (score, number) in best.items():
        if article in without:
            continue
        subject = index.texts[number].text.subject
        of_article = (answers or {}).get(article, {})
        speaks, why = prior(subject, situation, of_article.items(), article, now)
        ranked.append((score * math.exp(speaks * (PRIOR_COUNTS if asked else 1.0)), article, number, why))
    ranked.sort(key=lambda one: (-one[0], one[1]))
    least = ranked[0][0] * LEAST if asked and ranked else 0.0
    hits = []
    for score, article, number, why in ranked[:most]:
        if score < least or (not asked and not why):
            break
        language = index.texts[number].text.language
        hits.append(Hit(article, language, score, (*_reasons(index, asked, number), *why)))
    return hits


def _fits(index: Index, asked: list[Asked]) -> dict[int, float]:
    """How well each text fits, by its number."""
    scores: dict[int, float] = {}
    matched: dict[int, float] = {}
    whole = 0.0
    count = len(index)
    for one in asked:
        found: dict[int, float] = {}
        for token, (much, _) in one.ways.items():
            for number, posting in index.postings.get(token, {}).items():
                frequency = much * posting.frequency
                if frequency > found.get(number, 0.0):
                    found[number] = frequency
        if not found:
            continue
        common = sum(value / (value + SATURATION) for value in found.values())
        rare = one.weight * math.log(1 + (count - min(common, count) + 0.5) / (common + 0.5))
        whole += rare
        for number, frequency in found.items():
            share = frequency / (frequency + SATURATION)
            scores[number] = scores.get(number, 0.0) + rare * share
            matched[number] = matched.get(number, 0.0) + rare * min(1.0, share * 1.6)
    return {number: score * (0.6 + 0.4 * matched[number] / whole) for number, score in scores.items()}


_IN_FIELD: Final = ((Where.TITLE, Reason.TITLE), (Where.TAGS, Reason.TAGS), (Where.BODY, Reason.TEXT))


_PLAINEST: Final = (None, Reason.BEGINNING, Reason.SPELLING, Reason.SYNONYM)
"""What is told of a word that leads to a text in several ways, the plainest first."""


def _reasons(index: Index, asked: list[Asked], number: int) -> list[Why]:
    """For each word of the question, why it led to this text; what counts most comes first."""
    found: list[tuple[float, Why]] = []
    for one in asked:
        best: tuple[int, float, Why] | None = None
        for token, (much, reason) in one.ways.items():
            posting = index.postings.get(token, {}).get(number)
            if posting is None:
                continue
            counts, plain = much * posting.frequency, _PLAINEST.index(reason)
            if best is not None and (plain, -counts) >= (best[0], -best[1]):
                continue
            if reason is None:
                field = next((why for where, why in _IN_FIELD if posting.where & where), Reason.ASKED)
                best = plain, counts, Why(field, one.word)
            else:
                best = plain, counts, Why(reason, f"{one.word} - {token.partition(':')[2] or token[1:]}")
        if best is not None and one.weight >= 0.3:
            found.append((best[1] * one.weight, best[2]))
    found.sort(key=lambda pair: -pair[0])
    return [why for _, why in found[:5]]
