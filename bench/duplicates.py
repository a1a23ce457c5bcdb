"""Finding duplicates in a labelled set: `python -m bench.duplicates`, or another set with `--seed 7`.

Of 1,000 invented contacts some come a second time, as centres have them: written in the other alphabet, with slips of
the finger, parts in another order, without the patronymic, with another number and the same address, with a slip in the
number. Beside them live families with one landline, fathers and sons of one name, and namesakes. All pairs are
compared. The reference is the rule that most programs have: the same number, or the same folded name.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Final

from app.crm.duplicates.scoring import Identity, compare
from app.domain.names import fold
from bench.people import Person, latin, make_people
from bench.table import Row, print_table

CONTACTS: Final = 1_000
STRANGERS: Final = 1_000_000
"""From this number on, people are those who only look like another."""
PRECISION, RECALL = 0.98, 0.90
Change = Callable[[Random, Identity], Identity]
_CYRILLIC: Final = dict(zip("abvgdeziklmnoprstufh", "абвгдезиклмнопрстуфх", strict=True)) | {"j": "й"}


def _number(random: Random, *, landline: bool = False) -> str:
    return f"+372{random.randrange(6_000_000, 6_999_999) if landline else random.randrange(50_000_000, 59_999_999)}"


def _slip(random: Random, word: str) -> str:
    """A word with one letter left out, doubled, changed, or in its neighbour's place."""
    if len(word) < 5:
        return word
    place = random.randrange(1, len(word) - 1)
    kind = random.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2:
        return word[:place] + random.choice("aeiklmnrst") + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _typed_badly(random: Random, one: Identity) -> Identity:
    if random.random() < 0.6:
        return replace(one, surname=_slip(random, one.surname))
    return replace(one, given_name=_slip(random, one.given_name))


def _other_alphabet(_: Random, one: Identity) -> Identity:
    def other(text: str) -> str:
        if any("а" <= letter <= "я" for letter in text.lower()):
            return latin(text)
        return "".join(_CYRILLIC.get(letter, letter) for letter in text.lower()).title()

    return replace(
        one, surname=other(one.surname), given_name=other(one.given_name), patronymic=other(one.patronymic)
    )


def _other_order(random: Random, one: Identity) -> Identity:
    if one.patronymic and random.random() < 0.5:
        return replace(one, given_name=one.patronymic, patronymic=one.given_name)
    return replace(one, surname=one.given_name, given_name=one.surname)


def _without_patronymic(_: Random, one: Identity) -> Identity:
    return replace(one, patronymic="")


def _other_number(random: Random, one: Identity) -> Identity:
    return replace(one, mobiles=(_number(random),))


def _slip_in_number(random: Random, one: Identity) -> Identity:
    number = next(iter(one.mobiles))
    place = random.randrange(5, len(number) - 1)
    return replace(one, mobiles=(number[:place] + number[place + 1] + number[place] + number[place + 2 :],))


def _same(_: Random, one: Identity) -> Identity:
    return one


NAMES: Final[tuple[Change, ...]] = (
    _same,
    _typed_badly,
    _typed_badly,
    _other_alphabet,
    _other_order,
    _without_patronymic,
)


def make_set(seed: int) -> list[tuple[int, Identity]]:
    """Contacts, each with the number of the person it is."""
    random = Random(seed)
    made: list[tuple[int, Identity]] = []
    people = (one for one in make_people(10 * CONTACTS, seed) if not one.company)
    while len(made) < CONTACTS:
        person = len(made)
        some = next(people)
        given = some.given_name
        one = Identity(
            surname=some.surname,
            given_name=given,
            patronymic=some.patronymic,
            mobiles=(_number(random),),
            emails=(f"u{person}@example.ee",) if random.random() < 0.4 else (),
        )
        made.append((person, one))
        kind = random.random()
        home = _number(random, landline=True)
        if kind < 0.25:
            made.append((person, _again(random, one)))
        elif kind < 0.40:
            made[-1] = (person, replace(one, landlines=(home,)))
            for other in (next(people), next(people)):
                if latin(other.given_name) != latin(given):
                    made.append((len(made) + STRANGERS, _relative(random, one, other, home)))
        elif kind < 0.47:
            made[-1] = (person, replace(one, landlines=(home,)))
            made.append((len(made) + STRANGERS, _son(random, one, home)))
        elif kind < 0.57:
            namesake = replace(one, mobiles=(_number(random),), emails=())
            made.append((len(made) + STRANGERS, namesake))
    return made


def _again(random: Random, one: Identity) -> Identity:
    """The same person, as written down a second time."""
    again = random.choice(NAMES)(random, one)
    if random.random() < 0.2:
        again = _other_alphabet(random, again)
    if one.emails and random.random() < 0.5:
        return _other_number(random, again)
    return _slip_in_number(random, again) if random.random() < 0.05 else again


def _relative(random: Random, one: Identity, other: Person, home: str) -> Identity:
    return Identity(
        surname=one.surname,
        given_name=other.given_name,
        patronymic=one.patronymic and other.patronymic,
        mobiles=(_number(random),) if random.random() < 0.7 else (),
        landlines=(home,),
    )


def _son(random: Random, one: Identity, home: str) -> Identity:
    return Identity(
        surname=one.surname,
        given_name=one.given_name,
        patronymic="Егорович" if one.patronymic else "",
        mobiles=(_number(random),),
        landlines=(home,),
    )


def judge(
    made: list[tuple[int, Identity]], same: Callable[[Identity, Identity], bool]
) -> tuple[float, float]:
    """Precision and recall of a rule over all pairs."""
    right = found = there = 0
    for (mine, one), (theirs, other) in combinations(made, 2):
        is_same = mine == theirs
        there += is_same
        if same(one, other):
            found += 1
            right += is_same
    return right / max(found, 1), right / max(there, 1)


def _plain(one: Identity, other: Identity) -> bool:
    names = [fold(f"{some.surname} {some.given_name} {some.patronymic}") for some in (one, other)]
    numbers = [{*some.mobiles, *some.landlines} for some in (one, other)]
    return names[0] == names[1] or bool(numbers[0] & numbers[1])


def wrong(made: list[tuple[int, Identity]]) -> Iterator[tuple[str, Identity, Identity]]:
    """The pairs that are judged wrongly."""
    for (mine, one), (theirs, other) in combinations(made, 2):
        if (compare(one, other) is not None) != (mine == theirs):
            yield ("missed" if mine == theirs else "invented"), one, other


def main() -> None:
    """Print the table."""
    seed = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else 1
    gc.disable()
    made = make_set(seed)
    ours = judge(made, lambda one, other: compare(one, other) is not None)
    plain = judge(made, _plain)
    print_table(
        f"Duplicates among {len(made):,} contacts, seed {seed}; beside the same number or name",
        [
            Row("precision", f"{ours[0]:.3f}", f"{plain[0]:.3f}", ours[0], f">= {PRECISION}"),
            Row("recall", f"{ours[1]:.3f}", f"{plain[1]:.3f}", ours[1], f">= {RECALL}"),
        ],
    )


if __name__ == "__main__":
    main()
