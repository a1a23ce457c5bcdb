"""By when cases are due: against a count of every minute, and by stories whose answer is known."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.cases.case import Case, CaseEvent, CaseEventKind, CaseState, NotAllowed, Severity, replay, step
from app.cases.deadline import Terms, deadline
from app.cases.working_time import ALWAYS, Calendar, Hours, Week, after, is_open, worked

from .minutes import MINUTE, counts, disagreement, trials

K = CaseEventKind
TALLINN = ZoneInfo("Europe/Tallinn")
NINE_TO_FIVE: Week = (*(((Hours(540, 1020),),) * 5), (), ())
OFFICE = Calendar(TALLINN, NINE_TO_FIVE, lambda day: day == date(2026, 2, 24))
NIGHT = Calendar(TALLINN, (((Hours(0, 360),),) * 7))


def terms(hours: float = 8, calendar: Calendar = OFFICE) -> Terms:
    allowed = dict.fromkeys(Severity, timedelta(hours=hours))
    allowed[Severity.CRITICAL] = timedelta(hours=1)
    return Terms(calendar, allowed, timedelta(hours=1), timedelta(hours=2))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TALLINN)


def history(*said: tuple[str, str]) -> Case:
    return replay(
        CaseEvent(
            K(kind), local(at), Severity.NORMAL if kind == "opened" else None, 1 if kind == "opened" else None
        )
        for kind, at in said
    )


def due(case: Case, own: Terms) -> datetime | None:
    return deadline(case, lambda _: own, local("2026-12-01 12:00")).due


def test_random_histories_agree_with_a_count_of_minutes() -> None:
    for events, known, until in trials(seed=1, times=150):
        assert disagreement(events, known, until) is None, (events, known)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([("opened", "2026-03-02 10:00")], "2026-03-03 10:00"),
        ([("opened", "2026-03-06 16:00")], "2026-03-09 16:00"),  # over a weekend
        ([("opened", "2026-02-23 16:00")], "2026-02-25 16:00"),  # over Independence Day
        ([("opened", "2026-02-28 23:00")], "2026-03-02 17:00"),  # out of hours: counted from the opening
        (
            [("opened", "2026-03-02 10:00"), ("held", "2026-03-02 12:00"), ("resumed", "2026-03-04 20:00")],
            "2026-03-05 15:00",
        ),
        (
            [
                ("opened", "2026-03-02 10:00"),
                ("solved", "2026-03-02 16:00"),
                ("reopened", "2026-03-10 09:00"),
            ],
            "2026-03-10 11:00",
        ),
        ([("opened", "2026-03-02 10:00"), ("held", "2026-03-02 12:00")], None),
        ([("opened", "2026-03-02 10:00"), ("solved", "2026-03-02 12:00")], None),
        ([("opened", "2026-03-02 10:00"), ("solved", "2026-03-03 12:00")], "2026-03-03 10:00"),
    ],
)
def test_working_hours_weekends_and_holidays(said: list[tuple[str, str]], wanted: str | None) -> None:
    assert due(history(*said), terms()) == (local(wanted) if wanted else None)


def test_a_night_with_25_hours_has_one_hour_more_of_work() -> None:
    autumn, spring = local("2026-10-25 00:00"), local("2026-03-29 00:00")
    assert worked(NIGHT, autumn, autumn + timedelta(hours=12)) == timedelta(hours=7)
    assert worked(NIGHT, spring, spring + timedelta(hours=12)) == timedelta(hours=5)
    assert after(NIGHT, spring, timedelta(hours=3)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_severer_case_is_due_sooner_from_its_beginning() -> None:
    case = history(("opened", "2026-03-02 10:00"))
    rated = step(case, CaseEvent(K.RATED, local("2026-03-02 15:00"), Severity.CRITICAL))
    assert due(rated, terms()) == local("2026-03-02 11:00")


def test_each_department_counts_by_its_own_hours() -> None:
    case = history(("opened", "2026-03-02 16:00"))
    passed = step(case, CaseEvent(K.PASSED, local("2026-03-02 20:00"), department=2))
    known = {1: terms(), 2: terms(8, Calendar(TALLINN, ALWAYS))}
    found = deadline(passed, lambda department: known[department or 1], local("2026-03-03 00:00"))
    assert found.due == local("2026-03-03 03:00")
    assert found.used == timedelta(hours=5)
    assert found.warn == local("2026-03-03 02:00")
    assert found.escalate == local("2026-03-03 05:00")


def test_an_exception_opens_a_holiday_and_a_changed_calendar_counts_from_the_beginning() -> None:
    case = history(("opened", "2026-02-23 16:00"))
    open_then = Calendar(TALLINN, NINE_TO_FIVE, OFFICE.holiday, {date(2026, 2, 24): (Hours(600, 720),)})
    assert due(case, terms(8, open_then)) == local("2026-02-25 14:00")
    assert is_open(open_then, local("2026-02-24 10:30"))
    assert not is_open(OFFICE, local("2026-02-24 10:30"))


def test_a_calendar_that_never_opens_has_no_deadline() -> None:
    shut: Week = ((), (), (), (), (), (), ())
    assert due(history(("opened", "2026-03-02 10:00")), terms(8, Calendar(TALLINN, shut))) is None


def test_open_means_what_the_count_means() -> None:
    at = local("2026-10-24 23:00")
    for minute in range(600):
        moment = at + MINUTE * minute
        assert is_open(NIGHT, moment) == counts(NIGHT, moment)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ([("opened", "2026-03-02 10:00")], "reopened"),
        ([("opened", "2026-03-02 10:00")], "opened"),
        ([("opened", "2026-03-02 10:00"), ("solved", "2026-03-02 11:00")], "solved"),
        ([("opened", "2026-03-02 10:00"), ("rejected", "2026-03-02 11:00")], "passed"),
        ([("opened", "2026-03-02 10:00"), ("held", "2026-03-02 11:00")], "started"),
    ],
)
def test_what_cannot_happen_is_refused(said: list[tuple[str, str]], kind: str) -> None:
    with pytest.raises(NotAllowed):
        step(history(*said), CaseEvent(K(kind), local("2026-03-05 10:00")))


def test_a_case_begins_with_being_opened_and_goes_forward() -> None:
    with pytest.raises(NotAllowed):
        step(None, CaseEvent(K.SOLVED, local("2026-03-05 10:00")))
    with pytest.raises(ValueError, match="before"):
        step(history(("opened", "2026-03-02 10:00")), CaseEvent(K.STARTED, local("2026-03-01 10:00")))
    with pytest.raises(ValueError, match="events"):
        replay(())


def test_a_reopened_case_is_as_new_and_keeps_what_it_took() -> None:
    case = history(
        ("opened", "2026-03-02 10:00"),
        ("rejected", "2026-03-02 12:00"),
        ("reopened", "2026-03-02 14:00"),
        ("started", "2026-03-02 15:00"),
    )
    assert case.state is CaseState.IN_WORK
    assert case.ended is None
    found = deadline(case, lambda _: terms(), local("2026-03-02 16:00"))
    assert found.used == timedelta(hours=4)
    assert found.running
