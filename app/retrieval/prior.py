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
SHARED: Final = 0.7
"""How much it speaks against an article that other queues have it, too: it is asked for in each of them less often."""
OF_OTHERS: Final = 0.15
"""How much speaks against an article about products, or about complaints, of which the customer has none: customers who
need it have them more often than not.
"""
OVER: Final = 0.25
"""How much an order that was delivered, or a complaint that is over, counts beside an open one."""
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
    """The customer has an open order of the product, or got it lately."""
    TOPIC = "topic"
    """The customer has an open complaint of the kind, or had one lately."""
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


class Matters(NamedTuple):
    """Codes of what a customer has to do with."""

    open: frozenset[str] = frozenset()
    lately: frozenset[str] = frozenset()
    """What is over; none that is also open."""

    def speak_for(self, codes: frozenset[str]) -> frozenset[str]:
        """Those of an article's codes that the customer has to do with: what is open, else what was lately."""
        return codes & self.open or codes & self.lately


NOTHING: Final = Matters()


@dataclass(slots=True, frozen=True, kw_only=True)
class Situation:
    """The call in which somebody searches."""

    queue: str | None = None
    campaign: int | None = None
    customer: bool = False
    """The customer is a contact: what the following do not have, the customer does not have."""
    products: Matters = NOTHING
    """Products in the customer's orders."""
    topics: Matters = NOTHING
    """Categories of the customer's complaints."""
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
            sum_ += max(0.0, 1.0 - SHARED * math.log(len(subject.queues)))
            why.append(Why(Reason.QUEUE, situation.queue))
        else:
            sum_ -= 0.3
    if situation.campaign is not None and situation.campaign in subject.campaigns:
        sum_ += 1.5
        why.append(Why(Reason.CAMPAIGN, str(situation.campaign)))
    of_customer, because = _of_customer(subject, situation)
    sum_, why = sum_ + of_customer, why + because
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


def _of_customer(subject: Subject, situation: Situation) -> tuple[float, list[Why]]:
    """What speaks for an article in what the customer has."""
    sum_, why = 0.0, list[Why]()
    about = (
        (subject.products, situation.products, 2.0, Reason.PRODUCT),
        (subject.topics, situation.topics, 2.4, Reason.TOPIC),
        (subject.tags, Matters(situation.tags), 0.7, Reason.CONTACT),
    )
    for mine, theirs, weight, reason in about:
        both = theirs.speak_for(mine)
        if mine and not both and situation.customer and reason is not Reason.CONTACT:
            sum_ -= OF_OTHERS
        if both:
            counts = 1.0 if both & theirs.open else OVER
            sum_ += weight * counts / math.sqrt(max(1, len(mine)) / len(both))
            why += [Why(reason, what) for what in sorted(both)]
    return sum_, why


def _fading(age: timedelta) -> float:
    return float(0.5 ** (age / HALF_LIFE))
