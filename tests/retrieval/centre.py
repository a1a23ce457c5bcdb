"""The articles and questions of the invented company, as the index takes them."""

from datetime import UTC, datetime
from typing import cast

from app.demo.knowledge import DemoQuestion, articles
from app.retrieval.concepts import Concepts, shipped
from app.retrieval.index import Index, Text, analyse
from app.retrieval.prior import Matters, Situation, Subject
from app.retrieval.spelling import folded
from app.retrieval.stems import Language

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CONCEPTS = Concepts(shipped())
IDS = {one.key: place for place, one in enumerate(articles(), 1)}


def make_index(concepts: Concepts = CONCEPTS) -> Index:
    index = Index()
    for one in articles():
        subject = Subject(
            queues=frozenset(one.queues),
            products=frozenset(one.products),
            topics=frozenset(one.topics),
            tags=frozenset(folded(tag.casefold()) for tag in one.tags),
        )
        texts = [
            Text(
                article=IDS[one.key],
                language=cast("Language", language),
                title=title,
                tags=one.tags,
                body=body,
                subject=subject,
            )
            for language, (title, body) in one.texts.items()
        ]
        index.put(IDS[one.key], [analyse(text, concepts) for text in texts])
    return index


def situation_of(question: DemoQuestion) -> Situation:
    return Situation(
        queue=question.queue,
        customer=True,
        products=Matters(frozenset([question.product] if question.product else ())),
        topics=Matters(frozenset([question.topic] if question.topic else ())),
    )
