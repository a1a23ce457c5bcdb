"""Invented contacts of an Estonian centre: people with Estonian and Russian names, the latter in either alphabet,
and companies. A seed gives the same contacts again.
"""

from collections.abc import Iterator
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ROOTS: Final = _names(
    """
    Kivi Metsa Õuna Lepa Kuuse Tamme Saare Mäe Jõe Järve Kase Põllu Raud Haava Pihla Vahtra Nurme Soo
    Laane Ranna  Linna Oja Vana Uus Suure Väike Must Valge Hõbe Kuld Kala Karu Hundi Rebase Kotka Luige
    Pääsu Kure Tuule Päikese
    """
)
_ENDS: Final = _names(
    """
    mägi puu salu saar maa ots nurm vere oja järv stein berg mets aru org pere sild väli välja nõmme ste
    la lt rand
    """
)
_COMMON: Final = _names(
    """
    Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Luik Kaasik Oja Raudsepp Lepik Vaher Kallas
    Kuusk Põder  Mets Laur Ots Teder Karu Kivi Pukk Hunt Kurg Peterson Raud Liiv Sild Toom Järv Vares
    Õunapuu Männik Kõiv Uibo
    """
)
_RUSSIAN: Final = _names(
    """
    Иван Петр Смирн Кузнец Попов Соколов Лебед Козл Новик Мороз Волк Солов Васил Зайц Павл Семен Голуб
    Виноград  Богдан Воробь Федор Михайл Беля Тарас Бел Комар Орл Киселе Макар Андре Ковал Ильи Гус Тит
    Кузьми Кудрявц Баран  Кулик Алексе Степан Яковл Сорок Серге Роман Захар Борис Корол Герасим Понома
    Григорь Лазар Медвед Ерш Никит
    """
)
_RUSSIAN_ENDS: Final = ("ов", "ев", "ин", "енко", "ский")
_GIVEN: Final = _names(
    """
    Mari Jaan Anne Toomas Kadri Andres Liis Martin Kristiina Rein Piret Urmas Tiina Margus Katrin Marko
    Triin Priit  Ülle Aivar Sirje Meelis Eve Peeter Merike Kalle Helle Ants Kersti Tõnu Mari-Liis Karl-Erik
    Anu Madis Laura Rasmus
    """
)
_RUSSIAN_GIVEN: Final = (
    (
        "Александр",
        "Сергей",
        "Владимир",
        "Андрей",
        "Алексей",
        "Дмитрий",
        "Николай",
        "Юрий",
        "Михаил",
        "Евгений",
    ),
    ("Елена", "Татьяна", "Ольга", "Наталья", "Ирина", "Светлана", "Анна", "Юлия", "Галина", "Людмила"),
)
_PATRONYMICS: Final = ("Иван", "Александр", "Николаев", "Владимир", "Михайл", "Петр", "Алексе")
_BUSINESS: Final = _names(
    "Ehitus Transport Kaubandus Disain Mööbel Aiandus Elekter Küte Auto Kinnisvara Tarkvara"
)
_LATIN: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _names("a b v g d e jo ž z i i k l m n o p r s t u f h ts tš š štš - õ - e ju ja"),
        strict=True,
    )
)


class Person(NamedTuple):
    """An invented contact."""

    surname: str
    given_name: str
    patronymic: str
    company_name: str
    company: bool
    external_id: str
    numbers: tuple[str, ...]
    """In E.164."""


def make_people(count: int, seed: int) -> Iterator[Person]:
    """Invented contacts: three of five with an Estonian name, one of five in Cyrillic, one of thirty a company."""
    random = Random(seed)
    estonian = [*_COMMON, *(root + end for root in _ROOTS for end in _ENDS)]
    russian = [root + end for end in _RUSSIAN_ENDS for root in _RUSSIAN]
    weights = {
        len(names): list(accumulate(1 / (n + 4) for n in range(len(names)))) for names in (estonian, russian)
    }

    def surname(names: list[str]) -> str:
        return random.choices(names, cum_weights=weights[len(names)])[0]

    for number in range(count):
        phones = tuple(f"+3725{random.randrange(10**6, 10**7)}" for _ in range(random.choice((1, 1, 1, 2))))
        kind = random.random()
        if kind < 1 / 30:
            name = f"{surname(estonian)} {random.choice(_BUSINESS)} OÜ"
            yield Person("", "", "", name, company=True, external_id=f"c-{number}", numbers=phones)
        elif kind < 0.6:
            yield Person(
                surname(estonian),
                random.choice(_GIVEN),
                "",
                "",
                company=False,
                external_id=f"c-{number}",
                numbers=phones,
            )
        else:
            sex = random.randrange(2)
            last = surname(russian) + ("а" if sex else "")
            given = random.choice(_RUSSIAN_GIVEN[sex])
            patronymic = random.choice(_PATRONYMICS) + ("овна" if sex else "ович")
            if kind < 0.8:
                last, given, patronymic = latin(last), latin(given), ""
            yield Person(
                last, given, patronymic, "", company=False, external_id=f"c-{number}", numbers=phones
            )


def latin(text: str) -> str:
    """A Russian name in Latin letters, as Estonians write it.

    >>> latin("Сергей"), latin("Чернов")
    ('Sergei', 'Tšernov')
    """
    written = "".join(_LATIN.get(letter, letter) for letter in text.lower()).replace("-", "")
    return written[:1].upper() + written[1:]
