"""Articles as the API takes and shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, JsonValue, StringConstraints, model_validator

from app.api.schemas import RequestModel, Shown
from app.crm.articles.comparison import Comparison
from app.crm.articles.errors import ArticleEndsBefore, ArticleUntitled
from app.crm.articles.service import Article
from app.crm.articles.tables import (
    ArticleAnswerRow,
    ArticleFields,
    ArticleRow,
    ArticleState,
    ArticleText,
    ArticleVersionRow,
    TextLanguage,
)

_SAID: dict[str, JsonValue] = {
    "texts": {
        "et": {"title": "Aeglane internet", "body": "Kiirust mõõda **kaabliga**."},
        "en": {"title": "Slow internet", "body": "Measure the speed by **cable**."},
    },
    "tags": ["kiirus"],
    "queues": ["internet"],
    "campaigns": [],
    "products": ["fiber-300"],
    "topics": ["internet.slow"],
    "valid_from": None,
    "valid_until": None,
    "owner": 2,
    "review_on": "2027-03-01",
}
_LISTED: dict[str, JsonValue] = {
    "id": 7,
    "version": 3,
    "state": "published",
    "titles": {"et": "Aeglane internet", "en": "Slow internet"},
    "tags": ["kiirus"],
    "owner": 2,
    "review_on": "2027-03-01",
    "changed_at": "2026-11-02T08:00:00Z",
    "changed_by": "Mari Tamm",
}
_TEXT: dict[str, JsonValue] = {
    "title": "Aeglane internet",
    "body": "Kiirust mõõda **kaabliga**.",
    "html": "<p>Kiirust mõõda <strong>kaabliga</strong>.</p>\n",
}
_VERSION: dict[str, JsonValue] = {
    "version": 2,
    "state": "draft",
    "at": "2026-11-01T08:00:00Z",
    "user": 2,
    "user_name": "Mari Tamm",
}
_LINES: dict[str, JsonValue] = {
    "operation": "replace",
    "before": ["Kiirust mõõda."],
    "after": ["Mõõda kaabliga."],
}
_CHANGE: dict[str, JsonValue] = {"field": "tags", "before": [], "after": ["kiirus"]}
_ANSWER: dict[str, JsonValue] = {
    "id": 41,
    "article": 7,
    "helped": True,
    "question": "nett venib",
    "queue": "internet",
    "call": "1764000000.1",
    "contact": 12,
    "user": 4,
    "user_name": "Jaan Kask",
    "at": "2026-11-03T09:12:00Z",
}


class ArticleIn(ArticleFields, RequestModel):
    """An article with its texts in all languages."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAID]})

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.texts:
            raise ArticleUntitled
        if (
            self.valid_from is not None
            and self.valid_until is not None
            and self.valid_until <= self.valid_from
        ):
            raise ArticleEndsBefore
        return self

    def fields(self) -> dict[str, Any]:
        """The fields as plain values."""
        texts = {language: ArticleText.model_dump(text) for language, text in self.texts.items()}
        return self.model_dump() | {"texts": texts}

    def bodies(self) -> dict[str, str]:
        """The bodies by language."""
        return {language: text.body for language, text in self.texts.items()}


class StateIn(RequestModel):
    """The state that an article is to have."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "published"}]})

    state: ArticleState
    """The state: `draft`, `published` or `withdrawn`."""


class ArticleTextOut(ArticleText, Shown):
    """An article in one language, ready to be shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TEXT]})

    html: str
    """The body as HTML that is safe to show: no scripts, no images, no styles."""


class ArticleListed(Shown):
    """An article in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LISTED]})

    id: int
    """The article's id."""
    version: int
    """The number of the version."""
    state: ArticleState
    """Whether operators find it."""
    titles: dict[str, str]
    """The titles by language."""
    tags: list[str]
    """Words that it is found by."""
    owner: int | None
    """The id of the user who keeps it true."""
    review_on: date | None
    """The day on which its owner should look at it again."""
    changed_at: datetime
    """When it was changed last."""
    changed_by: str
    """Who changed it last."""

    @classmethod
    def of_row(cls, row: ArticleRow, titles: Mapping[str, str]) -> Self:
        """The article as a list shows it."""
        assert row.id is not None
        return cls(
            id=row.id,
            version=row.version,
            state=row.state,
            titles=dict(titles),
            tags=row.tags,
            owner=row.owner,
            review_on=row.review_on,
            changed_at=row.changed_at,
            changed_by=row.changed_by,
        )


class Articles(Shown):
    """A page of articles."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_LISTED], "next": None}]})

    items: list[ArticleListed]
    """The articles, in the order in which they were made."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class ArticleOut(ArticleFields, Shown):
    """An article with its texts in all languages."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _SAID
                | {
                    "texts": {"et": _TEXT},
                    "id": 7,
                    "version": 3,
                    "state": "published",
                    "changed_at": "2026-11-02T08:00:00Z",
                    "changed_by": "Mari Tamm",
                }
            ]
        }
    )

    texts: dict[TextLanguage, ArticleTextOut]  # type: ignore[assignment]  # with their HTML
    """The texts by language."""
    id: int
    """The article's id."""
    version: int
    """The number of the version."""
    state: ArticleState
    """Whether operators find it."""
    changed_at: datetime
    """When it was changed last."""
    changed_by: str
    """Who changed it last."""

    @classmethod
    def of(cls, article: Article) -> Self:
        """The article as the API shows it."""
        texts = {
            language: {"title": text.title, "body": text.body, "html": text.html}
            for language, text in article.texts.items()
        }
        columns = {name: getattr(article.row, name) for name in cls.model_fields if name != "texts"}
        return cls.model_validate(columns | {"texts": texts})


class VersionListed(Shown):
    """A version of an article in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION]})

    version: int
    """The number of the version."""
    state: ArticleState
    """The state that the article had."""
    at: datetime
    """When it was saved."""
    user: int | None
    """The id of the user who saved it."""
    user_name: str
    """The name of who saved it."""

    @classmethod
    def of(cls, row: ArticleVersionRow) -> Self:
        """The version as a list shows it."""
        return cls(version=row.version, state=row.state, at=row.at, user=row.user_id, user_name=row.user_name)


class Versions(Shown):
    """A page of an article's versions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_VERSION], "next": None}]})

    items: list[VersionListed]
    """The versions, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


class VersionOut(VersionListed):
    """A version of an article, whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION | {"content": _SAID}]})

    content: dict[str, JsonValue]
    """The fields of the article as they were; restore them with `POST .../restoration`."""

    @classmethod
    def of(cls, row: ArticleVersionRow) -> Self:
        """The version as the API shows it."""
        return cls(**VersionListed.of(row).model_dump(), content=row.content)


class LinesOut(Shown):
    """Lines that stayed, came, went, or were replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINES]})

    operation: str
    """What happened to the lines: `equal`, `insert`, `delete` or `replace`."""
    before: list[str]
    """The lines as they were."""
    after: list[str]
    """The lines as they are."""


class FieldOut(Shown):
    """A field with another value."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHANGE]})

    field: str
    """The field's name; a title is `texts.et.title`."""
    before: JsonValue
    """The value as it was."""
    after: JsonValue
    """The value as it is."""


class ComparisonOut(Shown):
    """What differs between two versions of an article."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"fields": [_CHANGE], "bodies": {"et": [_LINES]}}]}
    )

    fields: list[FieldOut]
    """Fields that differ, but for the bodies."""
    bodies: dict[str, list[LinesOut]]
    """The bodies that differ, by language, line by line."""

    @classmethod
    def of(cls, found: Comparison) -> Self:
        """The comparison as the API shows it."""
        return cls(
            fields=[FieldOut(field=one.field, before=one.before, after=one.after) for one in found.fields],
            bodies={
                language: [
                    LinesOut(operation=one.operation, before=list(one.before), after=list(one.after))
                    for one in lines
                ]
                for language, lines in found.bodies.items()
            },
        )


CallId = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[A-Za-z0-9_.:\-]+$")]


class AnswerIn(RequestModel):
    """Whether an article helped."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"helped": True, "question": "nett venib", "call": "1764000000.1"}]}
    )

    helped: bool
    """It helped."""
    question: Annotated[str, StringConstraints(max_length=400)] = ""
    """What was searched for; it is kept short, and without long numbers."""
    call: CallId | None = None
    """The id of the call; its queue and contact are kept with the answer."""


class AnswerOut(Shown):
    """An answer about an article."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    id: int
    """The answer's id."""
    article: int
    """The article's id."""
    helped: bool
    """It helped."""
    question: str
    """What was searched for; empty: nothing."""
    queue: str
    """The queue of the call; empty: none."""
    call: str | None
    """The id of the call."""
    contact: int | None
    """The id of the call's contact."""
    user: int | None
    """The id of the user who said so."""
    user_name: str
    """The name of who said so."""
    at: datetime
    """When it was said."""

    @classmethod
    def of(cls, row: ArticleAnswerRow) -> Self:
        """The answer as the API shows it."""
        assert row.id is not None
        return cls(
            id=row.id,
            article=row.article_id,
            helped=row.helped,
            question=row.question,
            queue=row.queue,
            call=row.call_id,
            contact=row.contact_id,
            user=row.user_id,
            user_name=row.user_name,
            at=row.at,
        )


class ArticleAnswers(Shown):
    """A page of answers about an article."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ANSWER], "next": None}]})

    items: list[AnswerOut]
    """The answers, the newest first."""
    next: str | None
    """Give it as `cursor` for the next page; null on the last page."""


__all__ = [
    "AnswerIn",
    "AnswerOut",
    "ArticleAnswers",
    "ArticleIn",
    "ArticleListed",
    "ArticleOut",
    "ArticleTextOut",
    "Articles",
    "ComparisonOut",
    "FieldOut",
    "LinesOut",
    "StateIn",
    "VersionListed",
    "VersionOut",
    "Versions",
]
