"""Folds text into search terms: small ASCII letters and digits, the same for all alphabets. No I/O.

The index holds terms, and a query asks for beginnings of terms. A term's first character tells its kind:

- a letter or digit: a word, such as `ounapuu`.
- `~`: the sound of a word, the same for the ways in which a Russian name is written in Latin letters: Юлия, Julia and
  Yuliya are `~iulia`.
- `#`: up to `WINDOW` digits of a number, one term from each of its digits on. So any part of a number is the beginning
  of a term, or several terms.
- `@`: an e-mail address; `@@`: its domain.
- `:`: something to filter by, such as `:tag:3`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from anyascii import anyascii

WINDOW: Final = 6
"""The most digits of one term of a number."""
TERM_MOST: Final = 40
"""The most characters of one term; what is longer is cut, in the index as in queries."""
FORM: Final = 2
"""The version of these rules: what an older version has indexed is indexed anew."""

_JOINED: Final = re.compile(r"(?<![^\W_])[^\W_]++(?:[-'’ʼ`.][^\W_]++)+")
_OTHER: Final = re.compile(r"[^a-z0-9]+")
_ADDRESS_OTHER: Final = re.compile(r"[^a-z0-9@._+-]+")
_SOUNDS: Final = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("shch|sch|sts|sh", "s"),
        ("tsch|tch|tsh|ch|ts|tz", "c"),
        ("zh", "z"),
        ("kh|hh", "h"),
        ("ph", "f"),
        ("w", "v"),
        ("x", "ks"),
        ("ck", "k"),
        ("[yj]", "i"),
        ("ss", "s"),
        ("ie|io", "e"),
        ("i+", "i"),
    )
)
_SOUND_LEAST: Final = 3


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in their order; words joined by a hyphen or the like also come as one.

    >>> words_of("ÕUNAPUU, Mari-Liis"), words_of("Королёв"), words_of("Łódź")
    (['ounapuu', 'mari', 'liis', 'mariliis'], ['korolev'], ['lodz'])
    """
    composed = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    words: list[str] = []
    for piece in composed.split():
        words += _split(piece)
        for joined in _JOINED.findall(piece):
            words += _split("".join(letter for letter in joined if letter.isalnum()))
    return words


@lru_cache(maxsize=50_000)
def sound_of(word: str) -> str:
    """The sound of a folded word; empty for a word that is short, or has digits.

    >>> {sound_of(word) for word in ("mikhail", "mihhail")}, {sound_of(word) for word in ("tsernov", "chernov")}
    ({'~mihail'}, {'~cernov'})
    """
    if len(word) < _SOUND_LEAST or not word.isalpha():
        return ""
    for pattern, by in _SOUNDS:
        word = pattern.sub(by, word)
    return "~" + word


def name_terms(text: str) -> list[str]:
    """The terms of a name: its words and their sounds."""
    words = words_of(text)
    return [term[:TERM_MOST] for word in words for term in (word, sound_of(word)) if term]


def number_terms(number: str) -> list[str]:
    """The terms of a number: its digits from each one on.

    >>> number_terms("+3725550123")[:3], number_terms("201")
    (['#372555', '#725550', '#255501'], ['#201', '#01'])
    """
    digits = digits_of(number)[:TERM_MOST]
    return ["#" + digits[place : place + WINDOW] for place in range(len(digits) - 1)]


def address_terms(address: str) -> list[str]:
    """The terms of an e-mail address: itself, its domain, and the words before the @.

    >>> address_terms("Mari.Tamm@Example.ee")
    ['@mari.tamm@example.ee', '@@example.ee', 'mari', 'tamm', 'maritamm']
    """
    folded = fold_address(address)
    local, _, domain = folded.rpartition("@")
    words = [word[:TERM_MOST] for word in words_of(local)]
    return [("@" + folded)[:TERM_MOST], *([("@@" + domain)[:TERM_MOST]] if domain else []), *words]


def value_term(value: str) -> str:
    """A value of a custom field in the letters of a term.

    >>> value_term("Väga hea"), value_term("-12.5")
    ('vaga_hea', '-12.5')
    """
    return _ADDRESS_OTHER.sub("_", anyascii(unicodedata.normalize("NFKC", value).casefold()).lower())


def fold_address(address: str) -> str:
    """An e-mail address, or a part of one, in small ASCII letters."""
    return _ADDRESS_OTHER.sub("", anyascii(unicodedata.normalize("NFKC", address).casefold()).lower())


def digits_of(text: str) -> str:
    """The digits of a text, of any script, as ASCII digits."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())


def once(terms: Iterable[str]) -> list[str]:
    """Each term once, in the order of its first coming."""
    return list(dict.fromkeys(terms))


@lru_cache(maxsize=50_000)
def _split(piece: str) -> tuple[str, ...]:
    """The words of a piece in small ASCII letters and digits, without those that cannot be written so."""
    kept = (letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in piece)
    words = (_OTHER.sub("", anyascii(part).lower()) for part in "".join(kept).split())
    return tuple(word for word in words if word)
