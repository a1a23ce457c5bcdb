"""The articles of an invented company, and questions that they answer: for the demo, and to measure the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent


@dataclass(slots=True, frozen=True, kw_only=True)
class DemoArticle:
    """An article of the invented company."""

    key: str
    queues: Sequence[str]
    products: Sequence[str]
    topics: Sequence[str]
    tags: Sequence[str]
    texts: Mapping[str, tuple[str, str]]
    """By language: the title, and the text in Markdown."""


@dataclass(slots=True, frozen=True, kw_only=True)
class DemoQuestion:
    """A question that customers ask."""

    right: Sequence[str]
    """Keys of the articles that answer it."""
    queue: str
    product: str | None
    """The product of the customer's open order."""
    topic: str | None
    """The category of the customer's open complaint."""
    text: str


def articles() -> list[DemoArticle]:
    """All articles, in a fixed order."""
    found = []
    for path in sorted(_FOLDER.glob("*.txt")):
        found += [_article(block) for block in path.read_text(encoding="utf-8").split("=== ")[1:]]
    return found


def questions() -> list[DemoQuestion]:
    """All questions, in a fixed order."""
    found = []
    for line in (_FOLDER / "questions.tsv").read_text(encoding="utf-8").splitlines():
        right, queue, has, text = line.split("\t")
        found.append(
            DemoQuestion(
                right=right.split(","),
                queue=queue,
                product=has[2:] if has.startswith("p:") else None,
                topic=has[2:] if has.startswith("t:") else None,
                text=text,
            )
        )
    return found


def _article(block: str) -> DemoArticle:
    head, *versions = block.split("\n--- ")
    key, *lines = head.splitlines()
    of = dict(line.split(":", 1) for line in lines)
    texts = {}
    for version in versions:
        title, _, body = version.partition("\n")
        texts[title[:2]] = title[3:].strip(), body.strip()
    return DemoArticle(
        key=key,
        queues=of["queues"].split(),
        products=of["products"].split(),
        topics=of["topics"].split(),
        tags=[tag.strip() for tag in of["tags"].split(",") if tag.strip()],
        texts=texts,
    )
