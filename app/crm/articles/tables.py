"""Articles as rows: what stands now, every version, and what operators said of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import pydantic
from pydantic import StringConstraints
from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import AutoString, Field

from app.crm.privacy.holdings import holds
from app.domain.roles import Permission
from app.events.subjects import describe, describe_part
from app.records.base import Json, Row, UtcDateTime
from app.system.fields import Fields, Line, Moment, Prose, QueueName, Title

TextLanguage = Literal["et", "ru", "en"]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.:\-]+$")]
Codes = Annotated[list[Code], pydantic.Field(max_length=200)]


class ArticleState(StrEnum):
    """Whether operators find an article."""

    DRAFT = "draft"
    """It is being written; only those who write articles see it."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """It no longer holds; it stays, because records refer to it."""


class ArticleText(Fields):
    """An article in one language."""

    title: Title
    """The title."""
    body: Prose = ""
    """The text in Markdown."""


class ArticleFields(Fields):
    """The fields of an article that people set."""

    texts: dict[TextLanguage, ArticleText]
    """The article's texts by language: `et`, `ru`, `en`; at least one."""
    tags: Annotated[list[Title], pydantic.Field(max_length=30)] = pydantic.Field(default_factory=list)
    """Words that the article is found by; those that a contact has as tags, too, bring it forward."""
    queues: Annotated[list[QueueName], pydantic.Field(max_length=100)] = pydantic.Field(default_factory=list)
    """The queues whose calls it belongs to."""
    campaigns: Annotated[
        list[Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)]], pydantic.Field(max_length=100)
    ] = pydantic.Field(default_factory=list)
    """The ids of the campaigns whose calls it belongs to."""
    products: Codes = pydantic.Field(default_factory=list)
    """The codes of the products it is about."""
    topics: Codes = pydantic.Field(default_factory=list)
    """The codes of the categories of complaints it is about."""
    valid_from: Moment | None = None
    """When it begins to hold; null: at once."""
    valid_until: Moment | None = None
    """The first moment at which it no longer holds; null: it has no end."""
    owner: Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)] | None = None
    """The id of the user who keeps it true; null: nobody."""
    review_on: date | None = None
    """The day on which the owner should look whether it still holds; null: none."""


class ArticleRow(Row, table=True):
    """An article; records refer to it, so it is withdrawn and never deleted."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_review_on", "review_on"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    version: int = 1
    """Counts the changes."""
    state: ArticleState = Field(default=ArticleState.DRAFT, sa_type=AutoString)
    tags: list[str] = Field(default_factory=list, sa_type=Json)
    queues: list[str] = Field(default_factory=list, sa_type=Json)
    campaigns: list[int] = Field(default_factory=list, sa_type=Json)
    products: list[str] = Field(default_factory=list, sa_type=Json)
    topics: list[str] = Field(default_factory=list, sa_type=Json)
    valid_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    valid_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owner: int | None = Field(
        default=None, sa_column=Column(ForeignKey("user_account.id", ondelete="SET NULL"), nullable=True)
    )
    review_on: date | None = None
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = ""
    """The display name of who changed it last."""


class ArticleTextRow(Row, table=True):
    """What an article says in one language now."""

    __tablename__ = "article_text"

    article_id: int = Field(
        sa_column=Column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    language: str = Field(primary_key=True, max_length=2)
    title: str
    body: str
    html: str
    """The body, rendered and sanitised."""
    plain: str
    """The body without marks."""


class ArticleVersionRow(Row, table=True):
    """An article as it was."""

    __tablename__ = "article_version"
    __table_args__ = (UniqueConstraint("article_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(sa_column=Column(ForeignKey("article.id", ondelete="CASCADE"), nullable=False))
    version: int
    state: ArticleState = Field(sa_type=AutoString)
    content: dict[str, Any] = Field(sa_type=Json)
    """Of `ArticleFields`."""
    at: datetime = Field(sa_type=UtcDateTime)
    user_id: int | None = None
    """Who saved it; without a foreign key, so that it stays as it was."""
    user_name: str = ""


class ArticleAnswerRow(Row, table=True):
    """Whether an article helped somebody in a call."""

    __tablename__ = "article_answer"
    __table_args__ = (Index("ix_article_answer_contact_id", "contact_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(
        sa_column=Column(ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    helped: bool
    question: str = ""
    """What was searched for, without long numbers."""
    queue: str = ""
    call_id: str | None = Field(default=None, index=True)
    contact_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("contact.id", ondelete="SET NULL"), nullable=True),
    )
    user_id: int | None = None
    user_name: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


class ArticleCountRow(Row, table=True):
    """Answers about an article in a queue, or to a question, each counted less as it grows old."""

    __tablename__ = "article_count"

    article_id: int = Field(
        sa_column=Column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    queue: str = Field(primary_key=True, max_length=40)
    """Empty: all queues together."""
    question: str = Field(primary_key=True, max_length=100)
    """Empty: all questions together."""
    helped: float = 0.0
    not_helped: float = 0.0
    at: datetime = Field(sa_type=UtcDateTime)
    """The moment for which the two numbers hold."""
    answers: int = 0
    """How many answers were counted."""


class UnansweredRow(Row, table=True):
    """A search that found nothing of use: an article to write, or a synonym to add."""

    __tablename__ = "article_unanswered"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    question: str = Field(unique=True)
    times: int = 1
    queue: str = ""
    """The queue in which it was searched last."""
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    done: bool = False
    article_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("article.id", ondelete="SET NULL"), nullable=True)
    )
    """The article that answers it now."""


class SynonymFields(Fields):
    """The fields of synonyms that people set."""

    code: Code
    """Their name; with the name of synonyms that come with the program, they take their place."""
    et: Annotated[list[Line], pydantic.Field(max_length=50)] = pydantic.Field(default_factory=list)
    """Words and phrases in Estonian."""
    ru: Annotated[list[Line], pydantic.Field(max_length=50)] = pydantic.Field(default_factory=list)
    """Words and phrases in Russian."""
    en: Annotated[list[Line], pydantic.Field(max_length=50)] = pydantic.Field(default_factory=list)
    """Words and phrases in English."""
    active: bool = True
    """They are in use."""


class SynonymRow(Row, SynonymFields, table=True):  # type: ignore[misc]  # each has a configuration of its own type
    """Words that mean the same to whoever searches."""

    __tablename__ = "article_synonym"

    id: int | None = Field(default=None, primary_key=True)
    version: int = 1
    code: str = Field(unique=True, max_length=60)
    et: list[str] = Field(default_factory=list, sa_type=Json)
    ru: list[str] = Field(default_factory=list, sa_type=Json)
    en: list[str] = Field(default_factory=list, sa_type=Json)


describe(ArticleRow, "article", reads=Permission.ARTICLES_READ, without={"changed_at", "changed_by"})
describe_part(ArticleTextRow, "texts", of=ArticleRow, key="article_id", shows=("language", "title"))
describe(ArticleAnswerRow, "article_answer", reads=Permission.ARTICLES_WRITE)
describe(UnansweredRow, "article_unanswered", reads=Permission.ARTICLES_WRITE)
describe(SynonymRow, "synonyms", reads=Permission.ARTICLES_READ)
holds(
    ArticleAnswerRow,
    shows=("at", "article_id", "question", "helped", "call_id"),
    clears=("question",),
)
