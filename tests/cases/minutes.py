"""The law of deadlines, counted minute by minute: slow, and simple enough to be seen to be right."""

import random
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.cases.case import MAY, CaseEvent, CaseEventKind, Severity, replay, step
from app.cases.deadline import Terms, deadline
from app.cases.working_time import Calendar, Day, Hours, Week

MINUTE = timedelta(minutes=1)
ZONES = (
    *(
        "Europe/Tallinn",
        "Europe/London",
        "America/New_York",
        "America/St_Johns",
        "America/Havana",
        "Africa/Casablanca",
    ),
    *("Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut", "Pacific/Apia", "America/Sao_Paulo", "UTC"),
)
"""Zones whose clocks change at night, at midnight, a minute past it, by half an hour, and by a whole day."""
YEARS = range(2010, 2027)


def counts(calendar: Calendar, minute: datetime) -> bool:
    """Whether a minute is working time: the local time at its beginning is within the day's hours."""
    local = minute.astimezone(calendar.zone)
    day = local.date()
    if day in calendar.exceptions:
        hours = calendar.exceptions[day]
    else:
        hours = () if calendar.holiday(day) else calendar.week[day.weekday()]
    return any(opens <= local.hour * 60 + local.minute < closes for opens, closes in hours)


def reached(
    events: list[CaseEvent],
    calendars: Mapping[int | None, Calendar],
    amounts: Collection[int],
    until: datetime,
) -> dict[int, datetime | None]:
    """For each number of minutes the moment by which so many have counted; None: not until the horizon."""
    found: dict[int, datetime | None] = dict.fromkeys(amounts)
    coming, at, counted, runs, department = list(reversed(events)), events[0].at, 0, False, None
    if 0 in found:
        found[0] = at
    while at < until and counted < max(amounts):
        while coming and coming[-1].at <= at:
            event = coming.pop()
            if event.kind in {CaseEventKind.OPENED, CaseEventKind.RESUMED, CaseEventKind.REOPENED}:
                runs = True
            elif event.kind in {CaseEventKind.HELD, CaseEventKind.SOLVED, CaseEventKind.REJECTED}:
                runs = False
            if event.kind in {CaseEventKind.OPENED, CaseEventKind.PASSED}:
                department = event.department
        at += MINUTE
        if runs and counts(calendars[department], at - MINUTE):
            counted += 1
            if counted in found:
                found[counted] = at
    return found


def random_calendar(chance: random.Random) -> Calendar:
    """A calendar with lunch breaks, nights, days off, holidays and single days of their own."""
    zone = ZoneInfo(chance.choice(ZONES))
    holidays = frozenset(
        date(year, chance.randint(1, 12), chance.randint(1, 28)) for year in YEARS for _ in range(3)
    )
    exceptions: dict[date, Day] = {}
    return Calendar(zone, _week(chance), holidays.__contains__, exceptions)


def random_day(chance: random.Random) -> Day:
    """One day's hours."""
    kind = chance.random()
    if kind < 0.15:
        return ()
    if kind < 0.3:
        return (Hours(0, 1440),)
    if kind < 0.4:
        return (Hours(0, chance.randint(1, 300)), Hours(chance.randint(1200, 1439), 1440))
    if kind < 0.5:
        opens = chance.randint(0, 180)
        return (Hours(opens, opens + chance.randint(1, 120)),)
    opens, noon, closes = sorted(chance.sample(range(1441), 3))
    return (
        (Hours(opens, noon), Hours(min(noon + 30, closes - 1), closes))
        if noon + 30 < closes
        else (Hours(opens, closes),)
    )


def _week(chance: random.Random) -> Week:
    days = [random_day(chance) for _ in range(7)]
    if not any(days):
        days[chance.randrange(7)] = (Hours(540, 1020),)
    return (days[0], days[1], days[2], days[3], days[4], days[5], days[6])


def around_a_change(chance: random.Random, zone: ZoneInfo) -> datetime:
    """A moment, mostly shortly before clocks change."""
    day = datetime(chance.choice(YEARS), 1, 1, tzinfo=UTC) + timedelta(days=chance.randint(0, 364))
    if chance.random() < 0.7:
        for ahead in range(366):
            at = day + timedelta(days=ahead)
            if at.astimezone(zone).utcoffset() != (at + timedelta(days=1)).astimezone(zone).utcoffset():
                day = at - timedelta(days=chance.randint(0, 2))
                break
    return day + timedelta(minutes=chance.randint(0, 1439))


def random_history(chance: random.Random, at: datetime, departments: int, length: int) -> list[CaseEvent]:
    """What may happen to a case, from `at` on, at whole minutes; every state and every way between them."""
    severities = tuple(Severity)
    events = [CaseEvent(CaseEventKind.OPENED, at, chance.choice(severities), chance.randrange(departments))]
    case = step(None, events[0])
    for _ in range(length):
        at += MINUTE * int(chance.expovariate(1 / chance.choice([1, 60, 300])))
        kind = chance.choice(sorted(MAY[case.state]))
        event = CaseEvent(
            kind,
            at,
            chance.choice(severities) if kind is CaseEventKind.RATED else None,
            chance.randrange(departments) if kind is CaseEventKind.PASSED else None,
        )
        case = step(case, event)
        events.append(event)
    return events


def trials(seed: int, times: int) -> Iterator[tuple[list[CaseEvent], dict[int | None, Terms], datetime]]:
    """Histories, the terms of two departments for each, and the horizon up to which minutes are to be counted."""
    chance = random.Random(seed)
    for _ in range(times):
        terms: dict[int | None, Terms] = {}
        for department in range(2):
            allowed = {severity: MINUTE * chance.randint(0, 300) for severity in Severity}
            warning, patience = MINUTE * chance.randint(0, 120), MINUTE * chance.randint(0, 120)
            terms[department] = Terms(random_calendar(chance), allowed, warning, patience)
        zone = terms[0].calendar.zone
        assert isinstance(zone, ZoneInfo)
        at = around_a_change(chance, zone)
        events = random_history(chance, at, 2, chance.randint(0, 6))
        for own in terms.values():
            for _ in range(chance.randint(0, 2)):
                day = (at + timedelta(days=chance.randint(0, 2))).astimezone(own.calendar.zone).date()
                assert isinstance(own.calendar.exceptions, dict)
                own.calendar.exceptions[day] = random_day(chance)
        yield events, terms, events[-1].at + timedelta(days=1, hours=12)


def disagreement(
    events: list[CaseEvent], terms: Mapping[int | None, Terms], until: datetime
) -> tuple[int, datetime | None, datetime | None] | None:
    """An amount of minutes, with the moment that we compute and the one that is counted, where they differ."""
    case = replay(events)
    own = terms[case.department]
    allowed, warning, patience = own.allowed[case.severity], own.warning, own.patience
    found = deadline(case, terms.__getitem__, until)
    ours = {
        max(allowed - warning, timedelta()) // MINUTE: found.warn,
        allowed // MINUTE: found.due,
        (allowed + patience) // MINUTE: found.escalate,
    }
    calendars = {department: one.calendar for department, one in terms.items()}
    counted = reached(events, calendars, ours.keys(), until)
    for amount, moment in ours.items():
        if (moment if moment is None or moment <= until else None) != counted[amount]:
            return amount, moment, counted[amount]
    return None
