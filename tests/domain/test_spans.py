import pytest

from app.domain.spans import counted, span


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (0.09, "0.1 seconds"),
        (1, "1 second"),
        (9.97, "10 seconds"),
        (59.7, "1 minute"),
        (119.6, "2 minutes"),
        (0.140584 * 3600, "8 minutes 26 seconds"),
        (3_601, "1 hour"),
        (5_400, "1 hour 30 minutes"),
        (28_800, "8 hours"),
        (72 * 3_600, "3 days"),
        (90_059, "1 day 1 hour"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_one_of_a_thing_is_no_plural() -> None:
    assert (counted(1, "row"), counted(0, "row"), counted(12_000, "row")) == (
        "1 row",
        "0 rows",
        "12,000 rows",
    )
