"""What people type is read in time that grows with its length, whatever it repeats.

Each reader gets a text and one four times as long in the same run, and processor time is compared: a reader whose time
grows with the square takes sixteen times as long. The longer text is as long as the reader takes any.
"""

from collections.abc import Callable
from time import process_time

import pytest

from app.crm.articles.answers import kept_question
from app.crm.contact_search.terms import address_terms, name_terms
from app.crm.scripts.wording import filled
from app.crm_template.expressions import WRITTEN_MOST, Scope, evaluate
from app.lists.contacts.cards import parts_of, plain, read_property
from app.lists.contacts.roles import label_of
from app.lists.headers import role_of_header
from app.lists.numbers_shown import shown_by
from app.lists.rows import CELL_MOST

_TIMES = 10
"""Below it the time is no square; a stall of the machine does not count, for it takes no processor time."""


def _seconds(reader: Callable[[str], object], text: str) -> float:
    """Processor time for reading a text once: the least of three, each of some milliseconds."""
    times, least = 1, float("inf")
    while True:
        begun = process_time()
        for _ in range(times):
            reader(text)
        took = process_time() - begun
        if took > 0.004:
            break
        times *= 4
    for _ in range(2):
        begun = process_time()
        for _ in range(times):
            reader(text)
        least = min(least, process_time() - begun, took)
    return least / times


def _template(text: str) -> str:
    return evaluate(text, Scope({"a": "x"}))


@pytest.mark.parametrize(
    ("reader", "most", "pieces"),
    [
        (_template, WRITTEN_MOST, ("[", "[[]", "[a]", "{{")),
        (name_terms, 8000, ("a", "ß", "a-", "a b")),
        (address_terms, 8000, ("a", "a.", "@")),
        (lambda text: filled(text, {}), 20_000, ("{", "{a", "{a|", "{{")),
        (kept_question, 8000, ("1", "1 ", "+1")),
        (role_of_header, CELL_MOST, ("a", "_", "telefon", "1a")),
        (label_of, CELL_MOST, ("a", "mobil")),
        (lambda text: shown_by(text, 200), CELL_MOST, ("[", '"', "[a")),
        (read_property, 2 * CELL_MOST, ("TEL;a", 'A;a="', ";a,")),
        (parts_of, 2 * CELL_MOST, (";", "\\", "a")),
        (plain, 2 * CELL_MOST, ("\\", "a")),
    ],
)
def test_time_grows_no_faster_than_the_text(
    reader: Callable[[str], object], most: int, pieces: tuple[str, ...]
) -> None:
    for piece in pieces:
        short, long = (_seconds(reader, piece * (length // len(piece))) for length in (most // 4, most))
        assert long < _TIMES * short, (piece, short, long)
