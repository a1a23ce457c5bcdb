"""The search for articles, and what feeds it, as the API takes and shows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from app.api.schemas import QueueName, RequestModel, Shown
from app.crm.articles.library import Found
from app.crm.articles.schemas import CallId
from app.crm.articles.tables import SynonymFields, SynonymRow, UnansweredRow
from app.retrieval.concepts import Concept
from app.retrieval.prior import Reason

__all__ = [
    "HitOut",
    "Hits",
    "SynonymIn",
    "SynonymOut",
    "Synonyms",
    "SynonymsShipped",
    "UnansweredIn",
    "UnansweredOut",
    "UnansweredSettled",
    "WhyOut",
]
_WHY: dict[str, JsonValue] = {"reason": "title", "what": "aeglane"}
_HIT: dict[str, JsonValue] = {
    "article": 7,
    "language": "et",
    "titles": {"et": "Aeglane internet", "en": "Slow internet"},
    "excerpt": "Kiirust mõõda kaabliga.",
    "score": 4.21,
    "why": [_WHY],
}
_WORDS: dict[str, JsonValue] = {"code": "slow", "et": ["aeglane"], "ru": ["медленно"], "en": ["slow"]}
_LACK: dict[str, JsonValue] = {
    "id": 3,
    "question": "päikesepaneel",
    "times": 12,
    "queue": "heating",
    "first_at": "2026-11-02T08:00:00Z",
    "last_at": "2026-11-09T12:30:00Z",
    "done": False,
    "article": None,
}


class WhyOut(Shown):
    """One reason for a hit."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WHY]})

    reason: Reason
    """The kind of reason: where a word was found and how, or what in the call speaks for the article."""
    what: str
    """The word, the code or the name that it is about; may be empty."""


class HitOut(Shown):
    """A found article."""

    model_config = ConfigDict(json_schema_extra={"examples": [_HIT]})

    article: int
    """The article's id."""
    language: str
    """The language version that fits best."""
    titles: dict[str, str]
    """The titles by language."""
    excerpt: str
    """The beginning of the text in that language."""
    score: float
    """How well it fits; only to be compared within one answer."""
    why: list[WhyOut]
    """Why it is there, words first."""


class Hits(Shown):
    """Found articles."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_HIT]}]})

    items: list[HitOut]
    """The hits, the best first."""

    @classmethod
    def of(cls, found: Found) -> Self:
        """The hits as the API shows them."""
        return cls(
            items=[
                HitOut(
                    article=hit.article,
                    language=hit.language,
                    titles=dict(found.titles[hit.article]),
                    excerpt=found.excerpts[hit.article],
                    score=round(hit.score, 4),
                    why=[WhyOut(reason=one.reason, what=one.what) for one in hit.why],
                )
                for hit in found.hits
            ]
        )


class UnansweredIn(RequestModel):
    """A search that found nothing of use."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "päikesepaneel", "queue": "heating"}]}
    )

    question: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    """What was searched for; it is kept short, and without long numbers."""
    queue: QueueName | None = None
    """The queue of the call; left out with `call`."""
    call: CallId | None = None
    """The id of the call."""


class UnansweredSettled(RequestModel):
    """Whether an unanswered search is dealt with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"done": True, "article": 7}]})

    done: bool
    """It is dealt with."""
    article: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    """The id of the article that answers it now."""


class UnansweredOut(Shown):
    """A search that found nothing of use."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LACK]})

    id: int
    """Its id."""
    question: str
    """What was searched for."""
    times: int
    """How often."""
    queue: str
    """The queue in which it was searched last; empty: none."""
    first_at: datetime
    """When it was searched first."""
    last_at: datetime
    """When it was searched last."""
    done: bool
    """It is dealt with; a further search opens it again."""
    article: int | None
    """The id of the article that answers it now."""

    @classmethod
    def of(cls, row: UnansweredRow) -> Self:
        """The search as the API shows it."""
        return cls.model_validate(row.model_dump() | {"article": row.article_id})


class SynonymIn(SynonymFields, RequestModel):
    """Words that mean the same to whoever searches."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WORDS]})


class SynonymOut(SynonymFields, Shown):
    """Words that mean the same to whoever searches."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"id": 1, "version": 1, **_WORDS, "active": True}]}
    )

    id: int
    """Their id."""
    version: int
    """The number of the version."""

    @classmethod
    def of(cls, row: SynonymRow) -> Self:
        """The synonyms as the API shows them."""
        return cls.model_validate(row.model_dump())


class SynonymsShipped(Shown):
    """Synonyms that come with the program."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WORDS]})

    code: str
    """Their name; synonyms of the centre with this code take their place."""
    et: list[str]
    """Words and phrases in Estonian."""
    ru: list[str]
    """Words and phrases in Russian."""
    en: list[str]
    """Words and phrases in English."""


class Synonyms(Shown):
    """All synonyms."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [{"id": 1, "version": 1, **_WORDS, "active": True}],
                    "shipped": [_WORDS],
                }
            ]
        }
    )

    items: list[SynonymOut]
    """Those of the centre, by code."""
    shipped: list[SynonymsShipped]
    """Those that come with the program."""

    @classmethod
    def of(cls, rows: Iterable[SynonymRow], shipped: Iterable[Concept]) -> Self:
        """The synonyms as the API shows them."""
        return cls(
            items=[SynonymOut.of(row) for row in rows],
            shipped=[
                SynonymsShipped(
                    code=one.code,
                    et=list(one.words["et"]),
                    ru=list(one.words["ru"]),
                    en=list(one.words["en"]),
                )
                for one in shipped
            ],
        )
