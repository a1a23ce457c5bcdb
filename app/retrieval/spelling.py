"""Spellings of one word: without accents, in the other alphabet, on the other keyboard layout, by sound."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CYRILLIC: Final = re.compile(r"[а-яё]")
_QWERTY: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN: Final = str.maketrans(_QWERTY, _RUSSIAN_KEYS)
_TO_LATIN_KEYS: Final = str.maketrans(_RUSSIAN_KEYS, _QWERTY)
_LATIN: Final = {
    **dict(zip("абвгдежзийклмнопрстуфхцчшщыэюя", "abvgdezziiklmnoprstufhccssieua", strict=True)),
    "ъ": "",
    "ь": "",
    "ё": "e",
}
_READ: Final = {
    **dict.fromkeys("а", "a"),
    "б": "b",
    "в": "v",
    "г": "g",
    "д": "d",
    "е": "e",
    "ж": "zh",
    "з": "z",
    "и": "i",
    "й": "j",
    "к": "k",
    "л": "l",
    "м": "m",
    "н": "n",
    "о": "o",
    "п": "p",
    "р": "r",
    "с": "s",
    "т": "t",
    "у": "u",
    "ф": "f",
    "х": "h",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ъ": "",
    "ы": "y",
    "ь": "",
    "э": "e",
    "ю": "ju",
    "я": "ja",
}
_TO_CYRILLIC: Final = (
    *(("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш")),
    *(("yu", "ю"), ("ju", "ю"), ("ya", "я"), ("ja", "я"), ("yo", "е"), ("jo", "е"), ("ye", "е"), ("je", "е")),
    *(("iy", "ий"), ("yj", "ый"), ("ij", "ий"), ("ay", "ай"), ("oy", "ой"), ("ey", "ей"), ("uy", "уй")),
    *(("a", "а"), ("b", "б"), ("c", "ц"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х")),
    *(("i", "и"), ("j", "й"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п")),
    *(("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "х")),
    *(("y", "ы"), ("z", "з"), ("4", "ч"), ("6", "ш"), ("'", "ь"), ("’", "ь")),
)
_SOUNDS: Final = (
    (re.compile(r"shch|sch"), "s"),
    (re.compile(r"zh"), "z"),
    (re.compile(r"kh|x"), "h"),
    (re.compile(r"ts|tz|ch"), "c"),
    (re.compile(r"sh"), "s"),
    (re.compile(r"[yji]u"), "u"),
    (re.compile(r"[yji]a"), "a"),
    (re.compile(r"[yj]e"), "e"),
    (re.compile(r"[yj]"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"q"), "k"),
    (re.compile(r"(?<=[a-z])6(?=[a-z])"), "o"),
    (re.compile(r"['’]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def words_of(text: str) -> list[str]:
    """The words of a text in their order, in small letters; ё counts as е.

    >>> words_of("Wi-Fi ei tööta?")
    ['wi', 'fi', 'ei', 'tööta']
    """
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("ё", "е"))


def is_cyrillic(word: str) -> bool:
    """Whether a word has Cyrillic letters."""
    return _CYRILLIC.search(word) is not None


@lru_cache(maxsize=65_536)
def folded(word: str) -> str:
    """A word without accents; Cyrillic letters stay as they are.

    >>> folded("õunapuu"), folded("счёт"), folded("чей")
    ('ounapuu', 'счет', 'чей')
    """
    if is_cyrillic(word):
        return word.replace("ё", "е")
    return "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """A word as it sounds, in Latin letters: the same for the ways in which people write Russian in Latin letters.

    >>> sound("счет"), sound("schet"), sound("оплатить"), sound("oplatit'")
    ('scet', 'set', 'oplatit', 'oplatit')
    """
    if is_cyrillic(word):
        latin = "".join(_LATIN.get(one, one) for one in word)
        return re.sub(r"(.)\1+", r"\1", latin)
    plain = folded(word)
    for pattern, by in _SOUNDS:
        plain = pattern.sub(by, plain)
    return plain


def in_cyrillic(word: str) -> list[str]:
    """What a word in Latin letters may be in Russian; `sch` is read in two ways.

    >>> in_cyrillic("schet")
    ['щет', 'счет']
    """
    word = folded(word)
    readings = [_cyrillic(word)]
    if "sch" in word:
        readings.append(_cyrillic(word.replace("sch", "sч")))
    return [one for one in readings if is_cyrillic(one)]


def in_latin(word: str) -> str:
    """A word in Cyrillic letters as it is read, in Latin letters.

    >>> in_latin("арве"), in_latin("роутер")
    ('arve', 'router')
    """
    return "".join(_READ.get(one, one) for one in word)


def other_layout(word: str) -> str:
    """The word that the same keys give on the other keyboard layout.

    >>> other_layout("cxtn"), other_layout("фкму")
    ('счет', 'arve')
    """
    return word.translate(_TO_LATIN_KEYS if is_cyrillic(word) else _TO_RUSSIAN)


def trigrams(word: str) -> set[str]:
    """The groups of three letters of a word with its ends marked."""
    marked = f"_{word}_"
    return {marked[at : at + 3] for at in range(len(marked) - 2)}


def _cyrillic(word: str) -> str:
    out, at = [], 0
    while at < len(word):
        for latin, cyrillic in _TO_CYRILLIC:
            if word.startswith(latin, at):
                out.append(cyrillic)
                at += len(latin)
                break
        else:
            out.append(word[at])
            at += 1
    return "".join(out)
