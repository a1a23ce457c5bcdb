"""The rule for new passwords, the same for the interface, the command line, the settings and the demo.

After NIST SP 800-63B (section 5.1.1.2 of revision 3) and OWASP's Authentication Cheat Sheet: length counts, no mixture
of kinds of characters is required, and every printable character is allowed. Passwords that are guessed first are
refused: blanks, repetitions, keyboard rows, the user's own names, the service's name, and the commonest words, also
with years, numbers or substituted letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from app.accounts.errors import (
    PasswordBlank,
    PasswordGuessable,
    PasswordIsCommon,
    PasswordIsName,
    PasswordIsRow,
    PasswordOfFewCharacters,
    PasswordRepeats,
    PasswordTooLong,
    PasswordTooShort,
    PasswordWithControl,
)

PASSWORD_MIN, PASSWORD_MAX = 10, 1000
"""Length in characters after normalising. The upper bound limits the server's work for a long password."""
_LEFT_MIN: Final = 5
"""How many different characters must be left when every easily guessed part is removed."""
_RUN_MIN, _SAME_MIN, _NAME_MIN = 4, 3, 3  # characters
_PRODUCT: Final = "keskus"

_ROWS: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopüõ",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjklöä",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujm",
    "!@#$%^&*()",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
_RUNS: Final = (*_ROWS, *(row[::-1] for row in _ROWS))
_COMMON: Final = sorted(
    (  # noqa: SIM905 - a list of words, and no more to read than that
        "password passwort passord parool paroolid salasõna salasona salajane пароль parol parole senha "
        "qwerty qwertz azerty letmein welcome teretulemast changeme default guest temp secret iloveyou "
        "admin administrator administraator root user kasutaja test testing demo login operator operaator "
        "supervisor callcenter callcentre kõnekeskus konekeskus asterisk telefon telephone company office "
        "monkey dragon football baseball basketball hockey master sunshine princess shadow superman batman "
        "pokemon starwars trustno whatever michael jennifer jordan hunter killer computer internet freedom "
        "flower cheese charlie summer winter spring autumn january february march april june july august "
        "september october november december monday friday kevad suvi sügis sugis talv jaanuar veebruar märts "
        "aprill juuni juuli oktoober detsember esmaspäev reede tere kallis armastus päike paike kiisu "
        "tallinn tartu eesti estonia latvia moscow moskva москва россия привет любовь солнышко наташа марина "
        "лето зима весна осень hello hallo abcdef asdf zxcv"
    ).split(),
    key=len,
    reverse=True,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_BETWEEN: Final = re.compile(r"[\s\-_.,/+]+")
_OTHERS_FOR: Final = (
    str.maketrans("01345789@$!", "oieasyb9asi"),
    str.maketrans("01345789@$!", "oleastb9asi"),
)


def normalised(password: str) -> str:
    """A password in Unicode form NFKC: the same on every keyboard and system."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *names: str) -> None:
    """Refuse a new password that is easily guessed.

    >>> check_password("kevadine metsarada", "mari.maasikas")

    Args:
        password: as it was typed.
        names: the user's names: username and display name.

    Raises:
        PasswordUnfit: too short, too long, or easily guessed.
    """
    text = normalised(password)
    if len(text) < PASSWORD_MIN:
        raise PasswordTooShort(least=PASSWORD_MIN)
    if len(text) > PASSWORD_MAX:
        raise PasswordTooLong(most=PASSWORD_MAX)
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise PasswordWithControl
    why = _easily_guessed(text.casefold(), names)
    if why is not None:
        raise why


def _easily_guessed(text: str, names: Iterable[str]) -> type[PasswordGuessable] | None:
    if not text.strip():
        return PasswordBlank
    bare = _BETWEEN.sub("", text)
    if _few(bare):
        return PasswordOfFewCharacters
    once = bare[: _period(bare)]
    if len(once) < PASSWORD_MIN and once != bare:
        return PasswordRepeats
    left = _YEAR.sub("", _without_runs(once))
    if _few(left):
        return PasswordIsRow
    for spelling in (left, *(left.translate(other) for other in _OTHERS_FOR)):
        without_names = _without(spelling, _names(names))
        if _few(without_names):
            return PasswordIsName
        if _few(_without(without_names, _COMMON)):
            return PasswordIsCommon
    return None


def _few(text: str) -> bool:
    return len(set(text)) < _LEFT_MIN


def _period(text: str) -> int:
    """Length of the shortest prefix that, repeated, gives the text; the last repetition may be cut off."""
    longest = [0] * len(text)
    matched = 0
    for place in range(1, len(text)):
        while matched and text[place] != text[matched]:
            matched = longest[matched - 1]
        matched += text[place] == text[matched]
        longest[place] = matched
    period = len(text) - longest[-1]
    return period if period * 2 <= len(text) else len(text)


def _without_runs(text: str) -> str:
    kept: list[str] = []
    place = 0
    while place < len(text):
        length = _run_at(text, place)
        if length:
            place += length
        else:
            kept.append(text[place])
            place += 1
    return "".join(kept)


def _run_at(text: str, place: int) -> int:
    """How many characters from `place` on are a sequence of `_RUNS` or the same character; 0 when too few are."""
    same = 1
    while place + same < len(text) and text[place + same] == text[place]:
        same += 1
    if same >= _SAME_MIN:
        return same
    longest = 0
    for row in _RUNS:
        length = _RUN_MIN
        while place + length <= len(text) and text[place : place + length] in row:
            longest = max(longest, length)
            length += 1
    return longest


def _names(names: Iterable[str]) -> list[str]:
    found = {part for name in names for part in _parts(name)} | {_PRODUCT}
    return sorted(found, key=len, reverse=True)


def _parts(name: str) -> Iterator[str]:
    folded = normalised(name).casefold()
    yield from (part for part in re.split(r"[\W_]+", folded) if len(part) >= _NAME_MIN)


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text
