"""Ideas: words and phrases of three languages that mean the same to whoever searches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.retrieval.spelling import folded, is_cyrillic, words_of
from app.retrieval.stems import LANGUAGES, Language, stem, stems

_SHORTEST: Final = 4
"""Letters of the shortest word that also stands for what begins with it."""
_ENDING: Final = 4
"""The most letters of an ending."""
_PART: Final = 5
"""Letters of the shortest last part of a compound."""


@dataclass(slots=True, frozen=True)
class Concept:
    """One idea."""

    code: str
    """Its name, by which a centre replaces a concept that came with the program."""
    words: Mapping[Language, Sequence[str]]
    """Words and phrases by language."""


@lru_cache(maxsize=1)
def shipped() -> tuple[Concept, ...]:
    """The concepts that come with the program."""
    text = Path(__file__).with_name("concepts.txt").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, en, et, ru = (part.strip() for part in line.split("|"))
            said: dict[Language, tuple[str, ...]] = {}
            for language, words in zip(LANGUAGES, (et, ru, en), strict=True):
                said[language] = tuple(word.strip() for word in words.split(","))
            found.append(Concept(code, said))
    return tuple(found)


class Concepts:
    """Finds the concepts that a text speaks of.

    Args:
        concepts: later ones replace earlier ones of the same code; one without words is switched off.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {one.code: one for one in concepts}
        self._words: dict[str, set[str]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for one in self.concepts.values():
            for language, words in one.words.items():
                for word in words:
                    self._add(one.code, language, words_of(word))
        self._cache: dict[str, frozenset[str]] = {}

    def _add(self, code: str, language: Language, words: list[str]) -> None:
        if len(words) == 1:
            for form in {folded(words[0]), stem(words[0], language)}:
                self._words.setdefault(form, set()).add(code)
        elif words:
            stemmed = tuple(stem(word, language) for word in words)
            self._phrases.setdefault(stemmed[0], []).append((stemmed, code))

    def of_word(self, word: str) -> frozenset[str]:
        """The codes of the concepts of one word, its inflections and the compounds that it ends."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) > 100_000:
                self._cache.clear()
            found = self._cache[word] = frozenset(self._find(word))
        return found

    def of_text(self, words: Sequence[str]) -> dict[str, int]:
        """The codes of the concepts of a text, each with the place of its first word."""
        found: dict[str, int] = {}
        forms = [{form for _, form in stems(word)} | {folded(word)} for word in words]
        for at, word in enumerate(words):
            for code in self.of_word(word):
                found.setdefault(code, at)
            for form in forms[at]:
                for phrase, code in self._phrases.get(form, ()):
                    if at + len(phrase) <= len(words) and all(
                        _meets(part, forms[at + place]) for place, part in enumerate(phrase)
                    ):
                        found.setdefault(code, at)
        return found

    def _find(self, word: str) -> set[str]:
        plain = folded(word)
        found = set(self._words.get(plain, ()))
        for _, form in stems(word):
            found |= self._words.get(form, set())
        if found:
            return found
        found = self._beginning(plain)
        if found or is_cyrillic(word):
            return found
        for at in range(2, len(plain) - _PART + 1):  # the longest last part first
            found = self._words.get(plain[at:], set()) or self._beginning(plain[at:], shortest=_PART)
            if found:
                return set(found)
        return set()

    def _beginning(self, word: str, *, shortest: int = _SHORTEST) -> set[str]:
        for cut in range(1, min(_ENDING, len(word) - shortest) + 1):
            found = self._words.get(word[:-cut])
            if found:
                return set(found)
        return set()


def _meets(part: str, forms: set[str]) -> bool:
    return any(form == part or (len(part) >= _SHORTEST and form.startswith(part)) for form in forms)
