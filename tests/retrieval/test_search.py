"""Articles are found: as they are inflected, mistyped, typed in the other alphabet, or said in another language."""

import pytest

from app.demo.knowledge import articles, questions
from app.retrieval.index import Index
from app.retrieval.measures import recall_at, reciprocal_rank
from app.retrieval.prior import Reason, Situation
from app.retrieval.ranking import search

from .centre import CONCEPTS, IDS, NOW, make_index, situation_of


@pytest.fixture(scope="module")
def index() -> Index:
    return make_index()


@pytest.mark.parametrize(
    ("question", "key", "reason"),
    [
        ("lepingute lõpetamine", "contract-end", Reason.TITLE),
        ("lepinguga lopetamisest", "contract-end", Reason.TITLE),
        ("telefoni kindlustsu", "phone-insurance", Reason.SPELLING),
        ("расторжения договоров", "contract-end", Reason.TITLE),
        ("rastorzhenie dogovora", "contract-end", Reason.SPELLING),
        ("hfcnjh;tybt ljujdjhf", "contract-end", Reason.SPELLING),
        ("vacancies", "jobs", Reason.SYNONYM),
        ("расписание термостата", "heat-thermostat", Reason.SYNONYM),
        ("neustojka", "penalty", Reason.SPELLING),
        ("termost", "heat-thermostat", Reason.BEGINNING),
    ],
)
def test_how_an_article_is_found(index: Index, question: str, key: str, reason: Reason) -> None:
    hits = search(index, CONCEPTS, question, Situation(), now=NOW)
    assert IDS[key] in [hit.article for hit in hits[:3]]
    (hit,) = [hit for hit in hits if hit.article == IDS[key]]
    assert reason in {why.reason for why in hit.why}, hit.why


def test_the_set_is_large_enough_and_names_articles_that_exist() -> None:
    assert len(articles()) >= 100
    assert len(questions()) >= 300
    assert {key for one in questions() for key in one.right} == set(IDS)


def test_enough_questions_find_their_article(index: Index) -> None:
    found = {True: 0.0, False: 0.0}
    ranks = 0.0
    for one in questions():
        right = {IDS[key] for key in one.right}
        for typed in (True, False):
            hits = search(index, CONCEPTS, one.text if typed else "", situation_of(one), now=NOW)
            ids = [hit.article for hit in hits]
            found[typed] += recall_at(ids, right)
            ranks += reciprocal_rank(ids, right) if typed else 0.0
    count = len(questions())
    assert found[True] / count >= 0.86
    assert found[False] / count >= 0.6
    assert ranks / count >= 0.79
