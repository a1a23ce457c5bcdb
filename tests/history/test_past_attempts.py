"""What the PBX's own log tells of an attempt; its rows are as the sandbox wrote them."""

import pytest

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId
from app.history.past_attempts import PastAttempt, past_attempt
from tests.history.test_history import ANNA, LEG, NOON_S, TRUNK, Log

ANSWERED = "KeskusAnswered,Campaign: 1,Queue: sales,Amd: ,AmdCause: "
MACHINE = "KeskusAnswered,Campaign: 1,Queue: sales,Amd: MACHINE,AmdCause: MAXWORDS-6-5"


def told(log: Log) -> PastAttempt:
    past = past_attempt(log.entries, AttemptId(ANNA))
    assert past is not None
    return past


@pytest.fixture
def log() -> Log:
    log = Log()
    log.write("CHAN_START", context="keskus-inbound")
    log.at_s += 6
    return log


def answers(log: Log, words: str = ANSWERED) -> None:
    log.write("ANSWER")
    log.write("APP_START", application="UserEvent", data=words, context="keskus-answered")


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [(17, AttemptOutcome.BUSY), (19, AttemptOutcome.NO_ANSWER), (1, AttemptOutcome.WRONG_NUMBER)],
)
def test_nobody_answered(log: Log, cause: int, outcome: AttemptOutcome) -> None:
    log.hangs_up(cause=cause)
    past = told(log)
    assert (past.outcome, past.cause, past.answered_at) == (outcome, cause, None)
    assert past.ended_at.timestamp() == NOON_S + 6


def test_an_operator_talked(log: Log) -> None:
    answers(log)
    log.dials()
    log.at_s += 1
    log.talks()
    log.at_s += 60
    log.stops(by="PJSIP/op1-l1")
    log.hangs_up(by="PJSIP/op1-l1")
    past = told(log)
    assert past.outcome is AttemptOutcome.ANSWERED
    assert past.answered_at is not None
    assert past.connected_at is not None
    assert (past.answered_at.timestamp(), past.connected_at.timestamp()) == (NOON_S + 6, NOON_S + 7)
    assert past_attempt(log.entries, AttemptId(LEG + "x")) is None


def test_it_is_not_over(log: Log) -> None:
    answers(log)
    assert told(log).outcome is None


def test_a_machine_and_what_gave_it_away(log: Log) -> None:
    answers(log, MACHINE)
    log.hangs_up(by="")
    past = told(log)
    assert (past.outcome, past.amd) == (AttemptOutcome.MACHINE, "MACHINE MAXWORDS-6-5")


def test_no_operator_took_it_and_the_customer_opted_out(log: Log) -> None:
    answers(log)
    log.write("APP_START", application="Read", context="keskus-abandoned")
    log.write(
        "APP_START", application="UserEvent", data="KeskusOptedOut,Campaign: 1", context="keskus-abandoned"
    )
    log.hangs_up(by="")
    past = told(log)
    assert (past.outcome, past.opted_out) == (AttemptOutcome.ABANDONED, True)


def test_the_customer_hung_up_before_an_operator_was_due(log: Log) -> None:
    answers(log)
    log.hangs_up(by=TRUNK)
    past = told(log)
    assert (past.outcome, past.opted_out) == (AttemptOutcome.HUNG_UP, False)


def test_the_pbx_s_clock_may_be_ahead(log: Log) -> None:
    log.hangs_up(cause=17)
    past = past_attempt(log.entries, AttemptId(ANNA), ahead_s=3600.0)
    assert past is not None
    assert past.ended_at.timestamp() == NOON_S + 6 - 3600
