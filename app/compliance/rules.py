"""The law as data: the rule sets a campaign may call under, with the source of each figure.

A campaign names its rule set. Its own settings may be stricter, never laxer: `too_lax` names those that are laxer, and
`stricter` combines both into the stricter ones. Nothing here is legal advice; `docs/law.md` explains it in plain words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from app.domain.campaigns import Purpose, Window
from app.domain.errors import Texts

DAY_S = 86_400.0
MINUTES = 1440  # of a day
T = TypeVar("T")


@dataclass(slots=True, frozen=True)
class Hours:
    """One weekday's calling hours, in minutes after local midnight: from `opens` up to, not including, `closes`."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES:
            raise ValueError(f"hours from minute {self.opens} to {self.closes} are none of a day")


Week = tuple[Hours | None, Hours | None, Hours | None, Hours | None, Hours | None, Hours | None, Hours | None]
"""Monday to Sunday; None: no calls on that day."""


@dataclass(slots=True, frozen=True)
class Source:
    """The source of some figures of a rule set."""

    of: tuple[str, ...]
    """Names of fields of `Limits`."""
    citation: str


@dataclass(slots=True, frozen=True)
class Limits:
    """The limits of a rule set, or of a campaign's own settings. None: no limit."""

    abandon_limit: float | None = None
    """Abandoned calls / (answered + abandoned), 0..1, over `window`."""
    window: Window | None = None
    ring_min_s: float | None = None
    """How long an unanswered call rings at least."""
    connect_s: float | None = None
    """How soon after the answer an operator must be connected; otherwise the call counts as abandoned."""
    message: bool | None = None
    """An abandoned call hears who called and how not to be called again."""
    redial_after_abandoned_s: float | None = None
    """How long the number rests after an abandoned call, unless an operator is reserved."""
    redial_after_machine_s: float | None = None
    """How long the number rests after a detected answering machine, unless an operator is reserved."""
    hours: Week | None = None
    """Calling hours in the called party's local time."""
    holidays: bool | None = None
    """Whether calls are made on public holidays of the called party's country."""
    consent_for: frozenset[Purpose] | None = None
    """Purposes for which a natural person must have consented."""
    keep_days: int | None = None
    """How many days records are kept at least."""

    def __post_init__(self) -> None:
        if self.abandon_limit is not None and not 0 <= self.abandon_limit <= 1:
            raise ValueError("an abandonment limit is a share, 0 to 1")
        for name in (
            "ring_min_s",
            "connect_s",
            "redial_after_abandoned_s",
            "redial_after_machine_s",
            "keep_days",
        ):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise ValueError(f"{name} is negative")


_NO_NOTES = Texts("", "", "")


@dataclass(slots=True, frozen=True)
class RuleSet:
    """Rules under one name."""

    id: str
    titles: Texts
    limits: Limits
    sources: tuple[Source, ...]
    countries: frozenset[str] = frozenset()
    """ISO 3166: the countries whose centres are offered this rule set first."""
    since: date | None = None
    """In force from this day."""
    until: date | None = None
    """The day the rules were withdrawn; a centre may still keep them as its own."""
    notes: Texts = _NO_NOTES


def every_day(opens: int, closes: int) -> Week:
    """The same hours on each day of the week, in minutes after midnight."""
    hours = Hours(opens, closes)
    return (hours, hours, hours, hours, hours, hours, hours)


_EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
"""Where Directive 2002/58/EC and the GDPR are law."""
_UNITED_STATES = frozenset({"US", "AS", "GU", "MP", "PR", "VI"})
_EE_WEEKDAY = Hours(9 * 60, 21 * 60)
_EE_SATURDAY = Hours(10 * 60, 18 * 60)

US_TSR = RuleSet(
    id="us_tsr",
    titles=Texts(
        en="United States: Telemarketing Sales Rule, safe harbor for abandoned calls",
        et="Ameerika Ühendriigid: telefonimüügi reegel (TSR), katkenud kõnede lubatud piir",
        ru="США: правило телефонных продаж (TSR), допустимая доля брошенных звонков",
    ),
    limits=Limits(
        abandon_limit=0.03,
        window=Window.THIRTY_DAYS,
        ring_min_s=15.0,
        connect_s=2.0,
        message=True,
        hours=every_day(8 * 60, 21 * 60),
        keep_days=5 * 365 + 2,  # five years have at most two leap days
    ),
    sources=(
        Source(
            ("abandon_limit", "window"),
            "16 CFR 310.4(b)(4)(i): no more than three percent of calls answered by a person, over a single campaign "
            "if shorter than 30 days, or over each successive 30-day period or portion thereof (since 1 October 2008)",
        ),
        Source(("ring_min_s",), "16 CFR 310.4(b)(4)(ii): at least fifteen seconds or four rings"),
        Source(
            ("connect_s",),
            "16 CFR 310.4(b)(1)(iv): two seconds after the completed greeting; here counted from the answer, which is "
            "stricter",
        ),
        Source(("message",), "16 CFR 310.4(b)(4)(iii): a recorded message with the seller's name and number"),
        Source(
            ("hours",), "16 CFR 310.4(c): between 8:00 a.m. and 9:00 p.m. local time at the called location"
        ),
        Source(
            ("keep_days",),
            "16 CFR 310.4(b)(4)(iv) and 310.5: records; five years since 89 FR 26760 (16 April 2024)",
        ),
    ),
    countries=_UNITED_STATES,
    since=date(2008, 10, 1),
    notes=Texts(
        en="State laws and the TCPA (47 CFR 64.1200) ask more; they are not in this set.",
        et="Osariikide seadused ja TCPA (47 CFR 64.1200) nõuavad rohkem; neid selles kogumis ei ole.",
        ru="Законы штатов и TCPA (47 CFR 64.1200) требуют большего; в этот набор они не входят.",
    ),
)

OFCOM_2010 = RuleSet(
    id="ofcom_2010",
    titles=Texts(
        en="United Kingdom: Ofcom's statement on persistent misuse, 2010",
        et="Ühendkuningriik: Ofcomi seisukoht püsiva väärkasutuse kohta, 2010",
        ru="Великобритания: положение Ofcom о постоянном злоупотреблении, 2010",
    ),
    limits=Limits(
        abandon_limit=0.03,
        window=Window.ROLLING_DAY,
        ring_min_s=15.0,
        connect_s=2.0,
        message=True,
        redial_after_abandoned_s=72 * 3600.0,
        redial_after_machine_s=DAY_S,
        keep_days=183,
    ),
    sources=(
        Source(
            ("abandon_limit", "window", "ring_min_s", "message"),
            "Ofcom, Tackling abandoned and silent calls, 1 October 2010, Annex 1: three per cent of live calls per "
            "campaign over any 24 hour period; 15 seconds; an information message",
        ),
        Source(
            ("connect_s",),
            "the same: the message, or an operator, no later than two seconds after the answer",
        ),
        Source(
            ("redial_after_abandoned_s",),
            "the same: no repeat call for 72 hours unless a dedicated operator is available",
        ),
        Source(
            ("redial_after_machine_s",),
            "the same, in force from 1 February 2011: after answering machine detection no repeat call within 24 hours "
            "unless a live operator is guaranteed",
        ),
        Source(
            ("keep_days",), "Ofcom, statement of 1 March 2006, kept since: records for at least six months"
        ),
    ),
    countries=frozenset({"GB"}),
    since=date(2010, 10, 1),
    until=date(2017, 3, 1),
    notes=Texts(
        en="Replaced on 1 March 2017 by a general policy without a tolerated rate; kept as a house rule.",
        et="Asendatud 1. märtsil 2017 üldise põhimõttega, milles lubatud määra ei ole; alles majasisese reeglina.",
        ru="Заменено 1 марта 2017 года общей политикой без допустимой доли; осталось как правило центра.",
    ),
)

EU_ESTONIA = RuleSet(
    id="eu_estonia",
    titles=Texts(
        en="European Union and Estonia: consent, opting out, good practice for hours",
        et="Euroopa Liit ja Eesti: nõusolek, loobumine, hea tava kellaaegade kohta",
        ru="Европейский союз и Эстония: согласие, отказ, добрая практика времени звонков",
    ),
    limits=Limits(
        message=True,
        hours=(
            _EE_WEEKDAY,
            _EE_WEEKDAY,
            _EE_WEEKDAY,
            _EE_WEEKDAY,
            _EE_WEEKDAY,
            _EE_SATURDAY,
            None,
        ),
        holidays=False,
        consent_for=frozenset({Purpose.MARKETING}),
    ),
    sources=(
        Source(
            ("consent_for",),
            "Electronic Communications Act of Estonia, para. 103^1 (1): electronic contact details of a natural person "
            "are used for direct marketing with prior consent only; Directive 2002/58/EC art. 13 (1) for calls without "
            "a human. Para. 103^1 (6) excepts live voice calls and art. 13 (3) leaves them to the states: to ask their "
            "consent too is the stricter reading, as in the good practice of Estonia's mobile operators (ITL)",
        ),
        Source(
            ("message",),
            "Regulation (EU) 2016/679 art. 21 (2)-(3): an objection to direct marketing ends it; the message tells how",
        ),
        Source(
            ("hours", "holidays"),
            "Not law: good practice of telephone sales agreed by Estonia's newspaper publishers, 1.3 b: working days "
            "9-21, Saturdays 10-18, at no other time",
        ),
    ),
    countries=_EEA,
    since=date(2011, 5, 25),
    notes=Texts(
        en="Neither sets a limit of abandoned calls: the campaign's own holds.",
        et="Kumbki ei sea katkenud kõnedele piiri: kehtib kampaania oma.",
        ru="Ни один из них не ограничивает долю брошенных звонков: действует предел самой кампании.",
    ),
)

OWN = RuleSet(
    id="own",
    titles=Texts(
        en="The campaign's own settings alone",
        et="Ainult kampaania oma seaded",
        ru="Только собственные настройки кампании",
    ),
    limits=Limits(),
    sources=(),
)

RULE_SETS: Mapping[str, RuleSet] = MappingProxyType(
    {one.id: one for one in (US_TSR, OFCOM_2010, EU_ESTONIA, OWN)}
)


def suggested_for(country: str) -> RuleSet:
    """The rule set to suggest to a centre in a country (ISO 3166); `own` if no set is for that country.

    >>> suggested_for("LV").id, suggested_for("US").id, suggested_for("AU").id
    ('eu_estonia', 'us_tsr', 'own')
    """
    return next((rules for rules in RULE_SETS.values() if country in rules.countries), OWN)


def stricter(law: Limits, own: Limits) -> Limits:
    """The stricter of both limits, field by field."""
    return Limits(
        abandon_limit=_pick(min, law.abandon_limit, own.abandon_limit),
        window=_pick(_stricter_window, law.window, own.window),
        ring_min_s=_pick(max, law.ring_min_s, own.ring_min_s),
        connect_s=_pick(min, law.connect_s, own.connect_s),
        message=_pick(max, law.message, own.message),
        redial_after_abandoned_s=_pick(max, law.redial_after_abandoned_s, own.redial_after_abandoned_s),
        redial_after_machine_s=_pick(max, law.redial_after_machine_s, own.redial_after_machine_s),
        hours=_pick(_overlap, law.hours, own.hours),
        holidays=_pick(min, law.holidays, own.holidays),
        consent_for=_pick(frozenset.union, law.consent_for, own.consent_for),
        keep_days=_pick(max, law.keep_days, own.keep_days),
    )


def too_lax(law: Limits, own: Limits) -> list[str]:
    """Names of a campaign's own settings that allow what its rule set does not, in the order of `Limits`.

    Purposes that need consent are united, so a campaign that leaves one out is not laxer: the rule set's remain.
    """
    both = stricter(law, own)
    return [
        one.name
        for one in fields(Limits)
        if one.name != "consent_for" and getattr(own, one.name) not in (None, getattr(both, one.name))
    ]


def _pick(choose: Callable[[T, T], T], law: T | None, own: T | None) -> T | None:
    if law is None or own is None:
        return own if law is None else law
    return choose(law, own)


def _stricter_window(law: Window, own: Window) -> Window:
    """The one declared first in `Window`: a rate kept within the limit on each day is so over any number of days."""
    order = list(Window)
    return min(law, own, key=order.index)


def _overlap(law: Week, own: Week) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_both_open, law, own)
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def _both_open(law: Hours | None, own: Hours | None) -> Hours | None:
    if law is None or own is None:
        return None
    opens, closes = max(law.opens, own.opens), min(law.closes, own.closes)
    return Hours(opens, closes) if opens < closes else None
