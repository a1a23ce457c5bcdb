"""The index of articles in memory, and the search in it.

A text is kept as tokens: the word itself (`=arvet`), its stem (`et:arve`) and the concepts it speaks of
(`#invoice`). The score of a text is BM25F: how often a token stands in each field, by the field's weight and length,
saturating, times how rare what was asked is. A word of the question is looked for in several ways
(`app.retrieval.query`); the best one counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Final

from app.retrieval.concepts import Concepts
from app.retrieval.prior import Subject
from app.retrieval.spelling import folded, is_cyrillic, sound, trigrams, words_of
from app.retrieval.stems import Language, is_silent, stem, stems


class Where(IntFlag):
    """Fields of a text."""

    TITLE = 1
    TAGS = 2
    BODY = 4
    ASKED = 8


WEIGHTS: Final = {Where.TITLE: 8.0, Where.TAGS: 4.0, Where.BODY: 1.0, Where.ASKED: 2.0}
"""What one word in a field counts."""
USUAL: Final = {Where.TITLE: 5, Where.TAGS: 6, Where.BODY: 60, Where.ASKED: 12}
"""The usual number of words in a field, for which its weight holds as it is. Fixed, so that one new article does not
change the score of all others."""
LENGTH_COUNTS: Final = {Where.TITLE: 0.4, Where.TAGS: 0.4, Where.BODY: 0.6, Where.ASKED: 0.5}
"""How much longer fields lose, 0..1 (the `b` of BM25F)."""
WORDS_MOST: Final = 4000
"""The most words of a body that are kept."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Text:
    """One language version of an article."""

    article: int
    language: Language
    title: str
    tags: Sequence[str] = ()
    body: str = ""
    """Plain text."""
    subject: Subject = field(default_factory=Subject)


@dataclass(slots=True)
class Analysed:
    """A text as the index keeps it."""

    text: Text
    tokens: dict[str, tuple[float, int]]
    """By token: its pseudo-frequency, and the fields (`Where`) it stands in."""
    words: frozenset[str]
    """Its words, without accents."""


@dataclass(slots=True)
class Posting:
    """A token in one text."""

    frequency: float
    where: int


def analyse(text: Text, concepts: Concepts, asked: Mapping[str, float] | None = None) -> Analysed:
    """Read a text; takes about a millisecond for a hundred words the first time, less for words seen before.

    Args:
        text: to be read.
        concepts: to be found in it.
        asked: words of questions that the article helped with, and how much each counts.
    """
    counts: dict[str, dict[int, float]] = {}
    seen: set[str] = set()
    fields: list[tuple[Where, list[str], Language | None]] = [
        (Where.TITLE, words_of(text.title), text.language),
        (Where.TAGS, [word for tag in text.tags for word in words_of(tag)], None),
        (Where.BODY, words_of(text.body)[:WORDS_MOST], text.language),
    ]
    for where, words, language in fields:
        usual = USUAL[where]
        longer = 1 - LENGTH_COUNTS[where] + LENGTH_COUNTS[where] * max(len(words), 1) / usual
        each = WEIGHTS[where] / longer
        loud = [word for word in words if not is_silent(word)]
        seen.update(folded(word) for word in loud)
        for word, times in Counter(loud).items():
            for token in _tokens_of(word, language):
                _count(counts, token, where, each * times)
        for code in concepts.of_text(words):
            _count(counts, f"#{code}", where, each)
    for token, weight in (asked or {}).items():
        _count(counts, token, Where.ASKED, min(weight, 1.0) * WEIGHTS[Where.ASKED])
    tokens = {token: (sum(of.values()), sum(of)) for token, of in counts.items()}
    return Analysed(text, tokens, frozenset(seen))


def _tokens_of(word: str, language: Language | None) -> list[str]:
    plain = [f"={folded(word)}"]
    if language is None or is_cyrillic(word) != (language == "ru"):
        return plain + [f"{of}:{form}" for of, form in stems(word)]
    return [*plain, f"{language}:{stem(word, language)}"]


def _count(counts: dict[str, dict[int, float]], token: str, where: Where, much: float) -> None:
    of = counts.setdefault(token, {})
    of[where.value] = of.get(where.value, 0.0) + much


class Index:
    """Texts by token. A new version of an article takes the place of the old one at once."""

    def __init__(self) -> None:
        self.texts: dict[int, Analysed] = {}
        """By a number of their own."""
        self.postings: dict[str, dict[int, Posting]] = {}
        self._of_article: dict[int, list[int]] = {}
        self._next = 0
        self._word_count: Counter[str] = Counter()
        self._by_sound: dict[str, set[str]] = {}
        self._by_trigram: dict[str, set[str]] = {}
        self._stem_sounds: dict[str, set[str]] = {}

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    def articles(self) -> Iterable[int]:
        """The ids of all articles."""
        return self._of_article.keys()

    def texts_of(self, article: int) -> list[Analysed]:
        """The language versions of an article."""
        return [self.texts[number] for number in self._of_article.get(article, ())]

    def put(self, article: int, texts: Sequence[Analysed]) -> None:
        """Put an article's texts in place of what is there; without texts, take it out."""
        for number in self._of_article.pop(article, ()):
            self._take_out(number)
        if texts:
            self._of_article[article] = [self._put_in(one) for one in texts]

    def _put_in(self, one: Analysed) -> int:
        number = self._next
        self._next += 1
        self.texts[number] = one
        for token, (frequency, where) in one.tokens.items():
            of = self.postings.get(token)
            if of is None:
                of = self.postings[token] = {}
                if token[0] == "r":  # a stem in Russian
                    self._stem_sounds.setdefault(sound(token[3:]), set()).add(token)
            of[number] = Posting(frequency, where)
        for word in one.words:
            self._word_count[word] += 1
            if self._word_count[word] == 1:
                heard = sound(word)
                self._by_sound.setdefault(heard, set()).add(word)
                for part in trigrams(heard):
                    self._by_trigram.setdefault(part, set()).add(heard)
        return number

    def _take_out(self, number: int) -> None:
        one = self.texts.pop(number)
        for token in one.tokens:
            of = self.postings[token]
            del of[number]
            if not of:
                del self.postings[token]
                if token[0] == "r":
                    _drop(self._stem_sounds, sound(token[3:]), token)
        for word in one.words:
            self._word_count[word] -= 1
            if not self._word_count[word]:
                del self._word_count[word]
                heard = sound(word)
                _drop(self._by_sound, heard, word)
                if heard not in self._by_sound:
                    for part in trigrams(heard):
                        _drop(self._by_trigram, part, heard)

    def has(self, token: str) -> bool:
        """Whether a text has this token."""
        return token in self.postings

    def stems_that_sound(self, heard: str) -> set[str]:
        """Tokens of Russian stems by their sound."""
        return self._stem_sounds.get(heard, set())

    def words_that_sound(self, heard: str) -> set[str]:
        """Words by their sound."""
        return self._by_sound.get(heard, set())

    def words_beginning(self, heard: str, most: int = 40) -> list[str]:
        """Words that begin with a sound, the shortest first."""
        of = self._by_trigram.get(f"_{heard[:2]}", set()) if len(heard) > 1 else set()
        found = sorted((one for one in of if one.startswith(heard)), key=lambda one: (len(one), one))
        return [word for one in found[:most] for word in sorted(self._by_sound[one])]

    def words_like(self, heard: str, least: float = 0.5, most: int = 12) -> list[tuple[str, float]]:
        """Words that sound similar, the most similar first, each with its likeness, `least`..1."""
        parts = trigrams(heard)
        shared: Counter[str] = Counter()
        for part in parts:
            shared.update(self._by_trigram.get(part, ()))
        floor = max(2, len(parts) // 3)
        found = []
        for one, count in shared.items():
            if count >= floor and one != heard:
                likeness = _likeness(heard, one, count, len(parts))
                if likeness >= least:
                    found.append((likeness, one))
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(word, likeness) for likeness, one in found[:most] for word in sorted(self._by_sound[one])]


def _likeness(asked: str, one: str, shared: int, parts: int) -> float:
    """How alike two words are, 0..1: by shared trigrams, by a common beginning, or as a part of a compound."""
    dice = 2 * shared / (parts + len(one))
    begins = 0
    for a, b in zip(asked, one, strict=False):
        if a != b:
            break
        begins += 1
    common = begins / max(len(asked), len(one)) if begins >= 4 else 0.0
    short, long_ = sorted((asked, one), key=len)
    part = 0.75 if len(short) >= 5 and (long_.endswith(short) or long_.startswith(short)) else 0.0
    return max(dice, common, part)


def _drop(of: dict[str, set[str]], key: str, value: str) -> None:
    of[key].discard(value)
    if not of[key]:
        del of[key]
