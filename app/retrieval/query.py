"""What is asked, as tokens to look for: each word with the ways in which an article may say it."""

from dataclasses import dataclass, field
from typing import Final

from app.retrieval.concepts import Concepts
from app.retrieval.index import Index
from app.retrieval.prior import Reason
from app.retrieval.spelling import (
    folded,
    in_cyrillic,
    in_latin,
    is_cyrillic,
    other_layout,
    sound,
    words_of,
)
from app.retrieval.stems import is_silent, stem, stems

WORDS_MOST: Final = 24
"""The most words of a question that count."""
AS_TYPED: Final = 1.0
INFLECTED: Final = 0.95
OTHER_ALPHABET: Final = 0.85
MEANS_THE_SAME: Final = 0.7
OTHER_LAYOUT: Final = 0.75
BEGINS: Final = 0.7
SIMILAR: Final = 0.75
"""Times the square of the likeness."""
SILENT: Final = 0.1
"""What a word counts that says nothing about a subject, where others do."""


@dataclass(slots=True)
class Asked:
    """One word of a question."""

    word: str
    weight: float = 1.0
    ways: dict[str, tuple[float, Reason | None]] = field(default_factory=dict)
    """By token: how much it counts, and why; None: the word itself."""

    def add(self, token: str, much: float, reason: Reason | None) -> None:
        """Look for a token, too, unless it counts more already."""
        if much > self.ways.get(token, (0.0, None))[0]:
            self.ways[token] = much, reason


def read_question(question: str, index: Index, concepts: Concepts) -> list[Asked]:
    """Read a question.

    Args:
        question: as typed; its last word may be unfinished.
        index: what words there are.
        concepts: what they mean.
    """
    words = words_of(question)[:WORDS_MOST]
    asked = [Asked(word) for word in words]
    loud = any(not is_silent(one.word) for one in asked)
    unfinished = bool(question) and not question[-1].isspace()
    for place, one in enumerate(asked):
        if loud and is_silent(one.word):
            one.weight = SILENT if place + 1 < len(asked) or not unfinished else 0.3
        _add_ways(one, index, concepts, unfinished=unfinished and place + 1 == len(asked))
    for code, place in concepts.of_text(words).items():
        asked[place].add(f"#{code}", MEANS_THE_SAME, Reason.SYNONYM)
        if asked[place].weight < 1.0:
            asked[place].weight = 0.6  # a phrase begins with a silent word
    return asked


def question_tokens(question: str, concepts: Concepts) -> list[str]:
    """The tokens by which a question is remembered for the article that helped with it."""
    words = [word for word in words_of(question)[:WORDS_MOST] if not is_silent(word)]
    found = [f"{language}:{form}" for word in words for language, form in stems(word)]
    return sorted({*found, *(f"#{code}" for code in concepts.of_text(words))})


def _add_ways(one: Asked, index: Index, concepts: Concepts, *, unfinished: bool) -> None:
    word, heard = one.word, sound(one.word)
    one.add(f"={folded(word)}", AS_TYPED, None)
    for language, form in stems(word):
        one.add(f"{language}:{form}", INFLECTED, None)
    if word.isdigit() or is_silent(word):
        return
    known = any(index.has(token) for token in one.ways) or bool(concepts.of_word(word))
    _add_other_alphabet(one, index, concepts)
    for other in index.words_that_sound(heard):
        one.add(f"={other}", OTHER_ALPHABET, Reason.SPELLING)
    if not known and not any(index.has(token) for token in one.ways):
        _add_other_layout(one, index, concepts)
    if unfinished and len(heard) >= 2:
        for other in index.words_beginning(heard):
            one.add(f"={other}", BEGINS * (0.5 + 0.5 * len(heard) / len(sound(other))), Reason.BEGINNING)
    if len(heard) >= 4:
        _add_similar(one, index, None if known else concepts)


def _add_similar(one: Asked, index: Index, concepts: Concepts | None) -> None:
    for other, likeness in index.words_like(sound(one.word)):
        much = SIMILAR * likeness * likeness
        one.add(f"={other}", much, Reason.SPELLING)
        if concepts is not None and likeness >= 0.6:
            for code in concepts.of_word(other):
                one.add(f"#{code}", much * MEANS_THE_SAME, Reason.SYNONYM)


def _add_other_alphabet(one: Asked, index: Index, concepts: Concepts) -> None:
    if is_cyrillic(one.word):
        latin = in_latin(one.word)
        for language, form in stems(latin):
            one.add(f"{language}:{form}", OTHER_ALPHABET, Reason.SPELLING)
        readings = [latin]
    else:
        readings = in_cyrillic(one.word)
        for reading in readings:
            for token in index.stems_that_sound(sound(stem(reading, "ru"))):
                one.add(token, OTHER_ALPHABET, Reason.SPELLING)
    for reading in readings:
        for code in concepts.of_word(reading):
            one.add(f"#{code}", OTHER_ALPHABET * MEANS_THE_SAME, Reason.SYNONYM)


def _add_other_layout(one: Asked, index: Index, concepts: Concepts) -> None:
    other = other_layout(one.word)
    for language, form in stems(other):
        if index.has(f"{language}:{form}"):
            one.add(f"{language}:{form}", OTHER_LAYOUT, Reason.SPELLING)
    for code in concepts.of_word(other):
        one.add(f"#{code}", OTHER_LAYOUT * MEANS_THE_SAME, Reason.SYNONYM)
