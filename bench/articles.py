"""The search for articles: which share of questions finds its article, beside SQLite's FTS5.

The questions are split by a checksum: concepts and weights were tuned on one half, figures are of the other. Half of
the questions come from customers without an open order or complaint: where nothing is typed, the queue speaks then,
and what they do not have; every article has as many questions as the next, so little of a queue of twenty articles can
be guessed.

Replays count `this helped`, with the words of the question, as the service does: once for each question of the tuned
half; once for each question of the other half itself; and `ANSWERS` times in centres where some articles are asked for
far more often than others (the n-th of them in a random order 1/n as often as the first), whose questions are weighed
the same when the other half is asked.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from random import Random
from statistics import fmean, quantiles
from time import perf_counter
from typing import Final, cast
from zlib import crc32

from app.demo.knowledge import DemoQuestion, articles, questions
from app.retrieval.concepts import Concepts, shipped
from app.retrieval.index import Index, Text, analyse
from app.retrieval.measures import recall_at, reciprocal_rank
from app.retrieval.prior import Decayed, Matters, Situation, Subject
from app.retrieval.query import question_tokens
from app.retrieval.ranking import search
from app.retrieval.spelling import folded, words_of
from app.retrieval.stems import Language
from bench.table import Row, print_table

NOW: Final = datetime(2026, 11, 1, tzinfo=UTC)
IDS: Final = {one.key: place for place, one in enumerate(articles(), 1)}
COPIES: Final = 20
"""How often the set is put into the index for the times: two thousand articles."""

ANSWERS: Final = 2000
"""How often an article helped in a centre with uneven questions."""
CENTRES: Final = 5
"""How many such centres there are."""

Asked = dict[int, dict[str, float]]
Answers = dict[int, dict[str, Decayed]]
Finder = Callable[[DemoQuestion], Sequence[int]]


def main() -> None:
    """Print the figures."""
    concepts = Concepts(shipped())
    index = _index(concepts)
    tuned = [one for one in questions() if crc32(one.text.encode()) % 2 == 0]
    asked = [one for one in questions() if crc32(one.text.encode()) % 2]
    answers, words = _helped(tuned, concepts)
    taught = _index(concepts, words)
    replayed = _index(concepts, _helped(asked, concepts)[1])
    known = [one for one in asked if one.product or one.topic]

    def ours(of: Index, given: Answers | None = None, *, typed: bool = True) -> Finder:
        return lambda one: [
            hit.article
            for hit in search(
                of, concepts, one.text if typed else "", _situation(one), now=NOW, answers=given
            )
        ]

    without = [0.0] * 2
    lines = [
        ("with a question, tuned half", _measure(ours(index), tuned), (0.9, 0.8)),
        ("with a question", _measure(ours(index), asked), (0.9, 0.8)),
        ("with a question, after others helped", _measure(ours(taught, answers), asked), (0.9, 0.8)),
        ("with a question, after it helped once", _measure(ours(replayed), asked), (0.9, 0.8)),
        ("nothing typed", _measure(ours(index, typed=False), asked), (0.6, 0.0)),
        ("nothing typed, open order or complaint", _measure(ours(index, typed=False), known), (0.6, 0.0)),
    ]
    fts = {name: _measure(_fts(name), asked) for name in ("prefixes", "trigrams")}
    rows = []
    for name, (recall, rank), (least_recall, least_rank) in lines:
        reference = without if name.startswith("nothing") else fts["prefixes"]
        rows += [
            Row(f"{name}: recall@3", f"{recall:.3f}", f"{reference[0]:.3f}", recall, f">= {least_recall}"),
            Row(f"{name}: MRR", f"{rank:.3f}", f"{reference[1]:.3f}", rank, f">= {least_rank}"),
        ]
    rows += _uneven(concepts, index, tuned, asked)
    recall, rank = fts["trigrams"]
    rows.append(Row("FTS5, every trigram: recall@3", f"{recall:.3f}", "", recall))
    rows.append(Row("FTS5, every trigram: MRR", f"{rank:.3f}", "", rank))
    many = _index(concepts, copies=COPIES)
    for name, of in ((f"{len(IDS)} articles", index), (f"{len(IDS) * COPIES} articles", many)):
        times = _times_ms(ours(of), asked)
        rows.append(Row(f"p95, {name}", f"{times:.1f} ms", "30 ms", times, "<= 30"))
    print_table("Articles: ours beside FTS5 with prefixes", rows)


def _uneven(
    concepts: Concepts, index: Index, tuned: Sequence[DemoQuestion], asked: Sequence[DemoQuestion]
) -> list[Row]:
    """Centres where some articles are asked for far more often: after answers, beside before them."""
    found: dict[tuple[bool, bool], list[tuple[float, float]]] = {}
    for seed in range(CENTRES):
        random = Random(seed)
        order = random.sample(sorted(IDS), len(IDS))
        often = {key: 1 / place for place, key in enumerate(order, 1)}
        weights = [_weight(one, often, tuned) for one in tuned]
        answers, words = _helped(random.choices(tuned, weights, k=ANSWERS), concepts)
        taught = _index(concepts, words)
        for typed, after in product((True, False), (False, True)):
            of, given = (taught, answers) if after else (index, None)

            def find(
                one: DemoQuestion, of: Index = of, given: Answers | None = given, *, typed: bool = typed
            ) -> Sequence[int]:
                hits = search(
                    of, concepts, one.text if typed else "", _situation(one), now=NOW, answers=given
                )
                return [hit.article for hit in hits]

            weights = [_weight(one, often, asked) for one in asked]
            found.setdefault((typed, after), []).append(_measure(find, asked, weights))
    rows = []
    for typed, name in ((True, "with a question"), (False, "nothing typed")):
        for place, what in enumerate(("recall@3", "MRR")):
            was, now = (fmean(one[place] for one in found[typed, then]) for then in (False, True))
            case = f"uneven, {name}, after answers, beside before: {what}"
            rows.append(Row(case, f"{now:.3f}", f"{was:.3f}", now / was, ">= 1"))
    return rows


def _weight(one: DemoQuestion, often: Mapping[str, float], those: Sequence[DemoQuestion]) -> float:
    """How often a question is asked: as often as its first article, shared by that article's questions."""
    return often[one.right[0]] / sum(other.right[0] == one.right[0] for other in those)


def _index(concepts: Concepts, asked: Asked | None = None, *, copies: int = 1) -> Index:
    index = Index()
    for copy, one in product(range(copies), articles()):
        id_ = IDS[one.key] + copy * len(IDS)
        subject = Subject(
            queues=frozenset(one.queues),
            products=frozenset(one.products),
            topics=frozenset(one.topics),
            tags=frozenset(folded(tag.casefold()) for tag in one.tags),
        )
        texts = [
            Text(
                article=id_,
                language=cast("Language", language),
                title=title,
                tags=one.tags,
                body=body,
                subject=subject,
            )
            for language, (title, body) in one.texts.items()
        ]
        index.put(id_, [analyse(text, concepts, (asked or {}).get(id_)) for text in texts])
    return index


def _situation(one: DemoQuestion) -> Situation:
    return Situation(
        queue=one.queue,
        customer=True,
        products=Matters(frozenset([one.product] if one.product else ())),
        topics=Matters(frozenset([one.topic] if one.topic else ())),
    )


def _helped(those: Sequence[DemoQuestion], concepts: Concepts) -> tuple[Answers, Asked]:
    """What is counted after each question's article helped once."""
    answers: Answers = {}
    asked: Asked = {}
    for one, key in [(each, key) for each in those for key in each.right]:
        of_article = answers.setdefault(IDS[key], {})
        for queue in ("", one.queue):
            of_article.setdefault(queue, Decayed()).add(NOW, helped=True)
        tokens = asked.setdefault(IDS[key], {})
        for token in question_tokens(one.text, concepts):
            tokens[token] = tokens.get(token, 0.0) + 0.5
    return answers, asked


def _measure(
    find: Finder, those: Sequence[DemoQuestion], weights: Sequence[float] | None = None
) -> tuple[float, float]:
    """Recall@3 and MRR."""
    found = [(find(one), {IDS[key] for key in one.right}) for one in those]
    recall = fmean((recall_at(*one) for one in found), weights)
    return recall, fmean((reciprocal_rank(*one) for one in found), weights)


def _times_ms(find: Finder, those: Sequence[DemoQuestion]) -> float:
    times = []
    for one in those:
        begun = perf_counter()
        find(one)
        times.append((perf_counter() - begun) * 1000)
    return quantiles(times, n=20)[-1]


def _fts(kind: str) -> Finder:
    tokenizer = "trigram" if kind == "trigrams" else "unicode61"
    database = sqlite3.connect(":memory:")
    database.execute(
        f"CREATE VIRTUAL TABLE text USING fts5(article UNINDEXED, title, tags, body, tokenize = '{tokenizer}')"
    )
    for one in articles():
        for title, body in one.texts.values():
            row = (IDS[one.key], title, " ".join(one.tags), body)
            database.execute("INSERT INTO text VALUES (?, ?, ?, ?)", row)

    def find(one: DemoQuestion) -> Sequence[int]:
        words = words_of(one.text)
        if kind == "prefixes":
            parts = [f'"{word}"*' for word in words]
        else:
            parts = [f'"{word[at : at + 3]}"' for word in words for at in range(len(word) - 2)]
        if not parts:
            return []
        query = "SELECT article FROM text WHERE text MATCH ? ORDER BY bm25(text, 0, 8, 4, 1) LIMIT 30"
        found = database.execute(query, (" OR ".join(parts),))
        return list(dict.fromkeys(int(article) for (article,) in found))[:10]

    return find
