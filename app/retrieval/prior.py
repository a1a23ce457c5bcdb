"""What speaks for an article before anything is typed: where the call came from, what the customer has, what helped."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

HALF_LIFE: Final = timedelta(days=60)
"""The time after which an answer about an article counts half."""
BEFORE: Final = 5.0
"""Answers of either kind that every article is given to begin with (Beta prior), so that one answer changes little."""
HELPED_HERE: Final = 0.15
"""How much answers in this queue count."""
HELPED_ANYWHERE: Final = 0.05
"""How much all answers count."""


class Reason(StrEnum):
    """Why an article is there."""

    TITLE = "title"
    TAGS = "tags"
    TEXT = "text"
    SYNONYM = "synonym"
    """A word that means the same, in this language or another."""
    SPELLING = "spelling"
    """A word that is spelled similarly, or in the other alphabet."""
    BEGINNING = "beginning"
    """A word that begins with what was typed."""
    ASKED = "asked"
    """The article helped with such a question before."""
    QUEUE = "queue"
    CAMPAIGN = "campaign"
    PRODUCT = "product"
    """The customer has an open order of the product."""
    TOPIC = "topic"
    """The customer has an open complaint of the kind."""
    CONTACT = "contact"
    """The customer's contact has the tag."""
    EARLIER = "earlier"
    """It was used in an earlier call of the customer."""
    HELPED = "helped"
    """It often helped in this queue or at all."""


class Why(NamedTuple):
    """One reason, with the word, code or name it is about."""

    reason: Reason
    what: str


@dataclass(slots=True, frozen=True, kw_only=True)
class Subject:
    """What an article is about, beside its words."""

    queues: frozenset[str] = frozenset()
    campaigns: frozenset[int] = frozenset()
    products: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    """Folded."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Situation:
    """The call in which somebody searches."""

    queue: str | None = None
    campaign: int | None = None
    products: frozenset[str] = frozenset()
    """Codes of products in the customer's open orders."""
    topics: frozenset[str] = frozenset()
    """Categories of the customer's open complaints."""
    tags: frozenset[str] = frozenset()
    """The tags of the customer's contact, folded."""
    earlier: Mapping[int, datetime] = field(default_factory=dict)
    """Articles that were used in the customer's earlier calls, and when last."""
    language: str | None = None
    """The language that the operator wants first."""


@dataclass(slots=True)
class Decayed:
    """Answers about an article, each counted less as it grows old; exact, though only three numbers are kept."""

    helped: float = 0.0
    not_helped: float = 0.0
    at: datetime | None = None
    """The moment for which the two numbers hold."""

    def add(self, at: datetime, *, helped: bool) -> None:
        """Count one answer; answers come in any order.

        Args:
            at: when it was given.
            helped: whether the article helped.
        """
        since = self.at or at
        if at > since:
            fading = _fading(at - since)
            self.helped, self.not_helped = self.helped * fading, self.not_helped * fading
            self.at = at
        else:
            self.at = since
        weight = _fading(self.at - at)
        if helped:
            self.helped += weight
        else:
            self.not_helped += weight

    def as_of(self, now: datetime) -> tuple[float, float]:
        """Helped and not helped as they count at a moment."""
        if self.at is None:
            return 0.0, 0.0
        fading = _fading(max(timedelta(0), now - self.at))
        return self.helped * fading, self.not_helped * fading

    def odds(self, now: datetime) -> float:
        """How much likelier `helped` is than `did not help`, as a logarithm smoothed by a Beta prior."""
        helped, not_helped = self.as_of(now)
        return math.log((helped + BEFORE) / (not_helped + BEFORE))


def prior(
    subject: Subject,
    situation: Situation,
    answers: Iterable[tuple[str, Decayed]],
    article: int,
    now: datetime,
) -> tuple[float, list[Why]]:
    """What speaks for an article in a situation, as a logarithm, and why.

    Args:
        subject: of the article.
        situation: the call.
        answers: the article's, as the pair of the queue they were given in (`""`: any) and their count.
        article: its id.
        now: the moment.
    """
    sum_, why = 0.0, list[Why]()
    if situation.queue is not None and subject.queues:
        if situation.queue in subject.queues:
            sum_ += 1.0 / (1 + 0.15 * (len(subject.queues) - 1))
            why.append(Why(Reason.QUEUE, situation.queue))
        else:
            sum_ -= 0.3
    if situation.campaign is not None and situation.campaign in subject.campaigns:
        sum_ += 1.5
        why.append(Why(Reason.CAMPAIGN, str(situation.campaign)))
    for mine, theirs, weight, reason in (
        (subject.products, situation.products, 2.0, Reason.PRODUCT),
        (subject.topics, situation.topics, 2.4, Reason.TOPIC),
        (subject.tags, situation.tags, 0.7, Reason.CONTACT),
    ):
        both = mine & theirs
        if both:
            sum_ += weight / math.sqrt(max(1, len(mine)) / len(both))
            why += [Why(reason, what) for what in sorted(both)]
    if article in situation.earlier:
        sum_ += 1.0 * _fading(max(timedelta(0), now - situation.earlier[article]))
        why.append(Why(Reason.EARLIER, ""))
    for queue, counted in answers:
        if queue not in {"", situation.queue}:
            continue
        odds = counted.odds(now)
        sum_ += odds * (HELPED_ANYWHERE if queue == "" else HELPED_HERE)
        if odds > 0 and counted.as_of(now)[0] >= 1:
            why.append(Why(Reason.HELPED, queue))
    return sum_, why


def _fading(age: timedelta) -> float:
    return float(0.5 ** (age / HALF_LIFE))
