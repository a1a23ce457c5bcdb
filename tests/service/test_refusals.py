"""A flood of callers who are turned away is one line a minute in the log, without their numbers."""

from structlog.testing import capture_logs

from app.service.refusals import SAY_S, RefusalLog
from tests.floor.story import Story


def test_one_line_at_once_and_then_one_a_minute() -> None:
    s = Story()
    s.queue()
    s.floor.most_of_number, s.floor.most_of_line = 1, 4
    refusals = RefusalLog(s.floor)
    s.world.listeners.append(lambda _, outcome: refusals.note(outcome))
    with capture_logs() as said:
        for _ in range(30):
            s.call(number="+37255500001")
        assert [line["causes"] for line in said] == [{"too_many_of_number": 1}]
        s.wait(SAY_S / 2)
        for number in range(2, 9):
            s.call(number=f"+3725550000{number}")
        assert len(said) == 1
        s.wait(SAY_S)
        s.call(number="+37255500001")
    assert len(said) == 2
    assert said[1]["event"] == "calls_refused"
    assert said[1]["causes"] == {"too_many_of_number": 28, "too_many_of_line": 5}
    assert "55500001" not in str(said), "masked"
    assert said[1]["numbers"]["*********001"] == 29
