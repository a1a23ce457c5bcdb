"""Whether two contacts are the same person or company. Pure: no clock, no I/O.

Nobody is a duplicate by name alone, nor by a number alone: families share numbers, and strangers share names. Two
contacts are the same when their names agree, whatever the alphabet, order and typing, and something else that
belongs to one person agrees, too. What contradicts stops it: another patronymic, another
registry code, another known given name.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from app.crm.contact_search.terms import sound_of, words_of
from app.crm.duplicates.given_names import GIVEN_NAMES

CERTAIN: Final = 0.99
LIKELY: Final = 0.95
POSSIBLE: Final = 0.9
_LEGAL_FORMS: Final = frozenset(
    words_of(
        "ou as mtu sa fie tu uu oy oyj ab sia uab ltd llc inc gmbh ag ooo oao zao pao ip osauhing aktsiaselts"
    )
)
_LONG: Final = 8
"""A word of so many letters may differ in two."""
_SHORT: Final = 5
"""A word of fewer letters may differ only by letters that changed places, or one that is doubled."""
_NUMBER_LEAST: Final = 7
_PARTS: Final = 2
_WORDS_MOST: Final = 5
_SAME: Final = 1.0


@dataclass(slots=True, frozen=True)
class Identity:
    """What a contact is compared by."""

    company: bool = False
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    company_name: str = ""
    mobiles: Collection[str] = ()
    """Numbers that belong to one person, in E.164."""
    landlines: Collection[str] = ()
    """Numbers that a household or an office may share, in E.164."""
    emails: Collection[str] = ()
    """Folded."""
    registry_code: str = ""


class Reason(NamedTuple):
    """One thing in which two contacts agree."""

    what: str
    """`registry_code`, `phone`, `email`, `name` or `similar_phone`."""
    value: str
    """The value that both have; of a name, how it agrees: `same`, `alphabet`, `order` or `typing`."""


class Verdict(NamedTuple):
    """Two contacts are probably the same."""

    score: float
    """0..1."""
    reasons: Sequence[Reason]


class _Part(NamedTuple):
    word: str
    sound: str
    field: str
    latin: bool
    """It is not written in Cyrillic."""


class _Name(NamedTuple):
    how: str
    """How two names agree: see `Reason.value`."""
    fields: int
    """In how many of surname, given name and patronymic they agree."""
    exact: bool
    """All words sound the same."""
    whole: bool
    """Neither has a word of a surname or given name that the other has not."""


def compare(one: Identity, other: Identity) -> Verdict | None:
    """The verdict on two contacts; None: they are not the same, or nothing says so.

    >>> anna = Identity(surname="Иванова", given_name="Анна", mobiles=["+37255500123"])
    >>> compare(anna, Identity(surname="Ivanova", given_name="Anna", mobiles=["+37255500123"])).reasons
    [Reason(what='phone', value='+37255500123'), Reason(what='name', value='alphabet')]
    >>> compare(anna, Identity(surname="Ivanova", given_name="Olga", mobiles=["+37255500123"])) is None
    True
    """
    if one.company != other.company:
        return None
    return _companies(one, other) if one.company else _people(one, other)


def _people(one: Identity, other: Identity) -> Verdict | None:
    name = _names_agree(_parts(one), _parts(other))
    if name is None:
        return None
    mobiles, landlines = {*one.mobiles} & {*other.mobiles}, {*one.landlines} & {*other.landlines}
    emails = {*one.emails} & {*other.emails}
    reasons = [
        *(Reason("phone", number) for number in sorted(mobiles | landlines)),
        *(Reason("email", address) for address in sorted(emails)),
        Reason("name", name.how),
    ]
    if emails:
        return Verdict(CERTAIN if name.exact else LIKELY, reasons) if name.fields >= _PARTS else None
    apart = bool({*one.mobiles} - mobiles) and bool({*other.mobiles} - mobiles)
    if mobiles and (not apart or name.fields > _PARTS):
        return Verdict(CERTAIN if name.exact else LIKELY, reasons)
    if landlines and name.whole and name.fields >= _PARTS and (not apart or name.fields > _PARTS):
        return Verdict(LIKELY if name.exact else POSSIBLE, reasons)
    if name.fields >= _PARTS and (alike := _similar_number(one, other)):
        return Verdict(POSSIBLE, [Reason("similar_phone", alike), *reasons])
    if name.exact and name.fields > _PARTS and not (_is_reached(one) and _is_reached(other)):
        return Verdict(POSSIBLE, reasons)
    return None


def _is_reached(one: Identity) -> bool:
    return bool(one.mobiles or one.landlines or one.emails)


def _similar_number(one: Identity, other: Identity) -> str:
    """A number of one of them that differs from a number of the other by one slip; empty for none."""
    for mine in sorted(one.mobiles):
        for theirs in other.mobiles:
            if len(mine) > _NUMBER_LEAST and OSA.distance(mine, theirs, score_cutoff=1) == 1:
                return min(mine, theirs)
    return ""


def _parts(one: Identity) -> list[_Part]:
    fields = (("surname", one.surname), ("given_name", one.given_name), ("patronymic", one.patronymic))
    return [
        _Part(word, sound_of(word)[1:] or word, field, text.isascii() or not _is_cyrillic(text))
        for field, text in fields
        for piece in text.replace("-", " ").split()
        for word in words_of(piece)[:1]
    ]


def _is_cyrillic(text: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


def _names_agree(one: list[_Part], other: list[_Part]) -> _Name | None:
    """How the names of two people agree; None: they do not."""
    few, many = sorted((one, other), key=len)
    if not few or len(many) > _WORDS_MOST:
        return None
    best = max(
        (
            (sum(likeness), [a.field == b.field for a, b in zip(few, chosen, strict=True)], chosen)
            for chosen in permutations(many, len(few))
            if all(likeness := [_likeness(a, b) for a, b in zip(few, chosen, strict=True)])
        ),
        key=lambda found: (found[0], sum(found[1])),
        default=None,
    )
    if best is None:
        return None
    total, in_place, chosen = best
    left = [part for part in many if part not in chosen]
    kept = {part.field for part in chosen}
    if len(few) == 1:
        if few[0].field != "given_name" or "given_name" not in kept or total < _SAME:
            return None
    elif any(part.field != "patronymic" and part.field not in kept for part in left):
        return None
    exact = total == _SAME * len(few)
    if not exact:
        how = "typing"
    elif not all(in_place):
        how = "order"
    elif any(a.latin != b.latin for a, b in zip(few, chosen, strict=True)):
        how = "alphabet"
    else:
        how = "same"
    return _Name(
        how, len({part.field for part in few}), exact, all(part.field == "patronymic" for part in left)
    )


@lru_cache(maxsize=10_000)
def _likeness(one: _Part, other: _Part) -> float:
    """How alike two words of names are: `_SAME`, less for a slip, 0 for different words."""
    a, b = one.sound, other.sound
    if one.word == other.word or a == b:
        return _SAME
    least = min(len(one.word), len(other.word))
    slips = 2 if least >= _LONG else 1
    if {one.field, other.field} == {"surname"}:
        slips = slips if least >= _SHORT - 1 else 0
    elif (a in GIVEN_NAMES and b in GIVEN_NAMES) or _of_two_sexes(one, other):
        return 0.0
    elif least < _SHORT and set(one.word) != set(other.word):
        slips = 0
    distance = min(OSA.distance(x, y, score_cutoff=slips) for x, y in ((a, b), (one.word, other.word)))
    return _SAME - distance / 10 if distance <= slips else 0.0


def _of_two_sexes(one: _Part, other: _Part) -> bool:
    """Whether one word is a man's form of a name, and the other a woman's."""
    a, b = one.sound, other.sound
    patronymic = "patronymic" in {one.field, other.field} and a[-1:] != b[-1:] and "a" in {a[-1:], b[-1:]}
    return patronymic or a + "a" == b or b + "a" == a


def _companies(one: Identity, other: Identity) -> Verdict | None:
    if one.registry_code and other.registry_code:
        if one.registry_code != other.registry_code:
            return None
        return Verdict(CERTAIN, [Reason("registry_code", one.registry_code)])
    mine, theirs = _company_words(one.company_name), _company_words(other.company_name)
    if not mine or not theirs:
        return None
    numbers = {*one.mobiles, *one.landlines} & {*other.mobiles, *other.landlines}
    emails = {*one.emails} & {*other.emails}
    shared = [Reason("phone", number) for number in sorted(numbers)]
    shared += [Reason("email", address) for address in sorted(emails)]
    a, b = "".join(mine), "".join(theirs)
    if a == b or sorted(mine) == sorted(theirs):
        how = "same" if a == b else "order"
        return Verdict(CERTAIN if shared else POSSIBLE, [*shared, Reason("name", how)])
    slips = 2 if min(len(a), len(b)) >= _LONG else 1
    if shared and OSA.distance(a, b, score_cutoff=slips) <= slips:
        return Verdict(LIKELY, [*shared, Reason("name", "typing")])
    return None


def _company_words(name: str) -> list[str]:
    words = [word for piece in name.split() for word in words_of(piece)[:1]]
    return [sound_of(word)[1:] or word for word in words if word not in _LEGAL_FORMS]
