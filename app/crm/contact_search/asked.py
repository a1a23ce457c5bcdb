"""Reads what was typed into the search: for each word, the terms of which a contact must have one. No I/O."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from app.crm.contact_search.terms import TERM_MOST, WINDOW, digits_of, fold_address, once, sound_of, words_of
from app.numbers.reader import number_prefixes

TEXT_MOST: Final = 200
"""The most characters that are read."""
WORDS_MOST: Final = 8
"""The most words that are read; further ones are left out."""
_LONG: Final = 5
"""Digits with blanks or signs between them are one number from this many on."""
_NUMBER: Final = re.compile(r"(?<![^\W_])\+?\(?\d[\d ()\-./\u00a0\u2011\u2013]*\d(?![^\W_])")


class Term(NamedTuple):
    """One term to look for."""

    text: str
    begins: bool = True
    """It may be the beginning of a contact's term; False: it must be the whole term."""


class Clause(NamedTuple):
    """One word of the query, or one number."""

    said: str
    """The word folded; the digits of a number."""
    any: tuple[tuple[Term, ...], ...]
    """Alternatives: of one of them, a contact must have all terms."""


def read_query(text: str, region: str) -> tuple[Clause, ...]:
    """The clauses of a query, of which a contact must fulfil all; empty: nothing is asked.

    Args:
        text: as typed; only its first `TEXT_MOST` characters count.
        region: ISO 3166 code of the country for numbers without a country code.
    """
    text, clauses = text[:TEXT_MOST], list[Clause]()
    place = 0
    for found in _NUMBER.finditer(text):
        typed = found.group()
        digits = digits_of(typed)
        if len(digits) < _LONG and not typed.isdecimal():
            continue
        clauses += _words(text[place : found.start()])
        clauses.append(_number(typed, digits, region))
        place = found.end()
    clauses += _words(text[place:])
    return tuple({clause.said: clause for clause in clauses}.values())[:WORDS_MOST]


def filters(terms: Sequence[str]) -> tuple[Clause, ...]:
    """Clauses that ask for whole terms, such as `:tag:3`."""
    return tuple(Clause("", ((Term(term, begins=False),),)) for term in terms)


def whole(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """The same query, but each word must be a contact's whole word."""
    return tuple(
        Clause(one.said, tuple(tuple(Term(term.text, begins=False) for term in all_) for all_ in one.any))
        for one in clauses
    )


def fulfils(terms: Sequence[str], clause: Clause) -> bool:
    """Whether some terms, such as those of one field, fulfil a clause."""
    return any(all(_has(terms, term) for term in all_) for all_ in clause.any)


def _has(terms: Sequence[str], term: Term) -> bool:
    return any(one.startswith(term.text) for one in terms) if term.begins else term.text in terms


def _words(text: str) -> list[Clause]:
    clauses = []
    for piece in text.split():
        if "@" in piece:
            if len(folded := fold_address(piece)) > 1:
                clauses.append(Clause(folded, ((Term(("@" + folded)[:TERM_MOST]),),)))
        else:
            clauses += [_word(word) for word in _pieces(piece)]
    return clauses


def _pieces(piece: str) -> list[str]:
    """The words of a piece of the query, without those that join others of it."""
    words = once(words_of(piece))
    return [word for word in words if not (len(words) > 1 and word == "".join(words[: words.index(word)]))]


def _word(word: str) -> Clause:
    terms = [word[:TERM_MOST]]
    if sound := sound_of(word):
        terms += [sound[:TERM_MOST]]
    if word.isdecimal() and len(word) > 1:
        return Clause(word, ((Term(word[:TERM_MOST]),), *_digits(word)))
    return Clause(word, tuple((Term(term),) for term in terms))


def _number(typed: str, digits: str, region: str) -> Clause:
    """A number in any of the ways in which people dial it: `8 495`, `00372 55`, `5550`."""
    dialled = {prefix.removeprefix("+") for prefix in number_prefixes(typed, region)} - {""} | {digits}
    least = [one for one in sorted(dialled) if not any(other != one and other in one for other in dialled)]
    alternatives = [all_ for one in least for all_ in _digits(one)]
    if typed.isdecimal():
        alternatives.append((Term(digits[:TERM_MOST]),))
    return Clause(digits, tuple(alternatives))


def _digits(digits: str) -> list[tuple[Term, ...]]:
    """The terms of digits that stand anywhere in a number."""
    digits = digits[:TERM_MOST]
    if len(digits) <= WINDOW:
        return [(Term("#" + digits, begins=len(digits) < WINDOW),)]
    last = len(digits) - WINDOW
    places = [*range(0, last, WINDOW - 1), last]
    return [tuple(Term("#" + digits[place : place + WINDOW], begins=False) for place in places)]
