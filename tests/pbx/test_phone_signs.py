"""Whether a phone that talks is there, by tables: what comes from it each second, and how soon it is dead."""

import pytest

from app.pbx.phones.signs import PhoneSigns, Registration
from app.pbx.phones.watch import LOOK_CLOSELY_S, LOOK_S

HOME = Registration("op1;@1", "600", "Reachable", "400")
MUSIC_S, FREED_S = 5.0, 20.0
"""What is promised: the customer hears music, the operator is free."""


class Line:
    """One phone in a talk, looked at as often as in life; it was heard until second 0."""

    def __init__(self, *, sounded: bool = True, held: bool = False, offset_s: float = 0.0) -> None:
        self.signs = PhoneSigns()
        self.held = held
        self.packets = 0
        self.sounded = sounded
        self.registration = HOME
        self.talks_with = ""
        self.now_s = offset_s - 3 * LOOK_S
        self.asked = 0
        self.checked = 0
        while self.now_s <= 0:
            assert not self.look(sounds=True)

    def look(self, *, sounds: bool = False, reports: int = 0) -> bool:
        """One look; tell whether the phone is dead."""
        signs, held = self.signs, self.held
        self.packets += 50 * sounds * self.sounded
        signs.listen(
            f"ssrc=1;rxjitter=0.0;rxcount={self.packets};txcount=9;rlp={reports};rtt=0.0", self.now_s
        )
        dead = False
        if signs.wants_registration(self.now_s, held=held):
            self.asked += signs.learn(self.registration, self.now_s, held=held, talks_with=self.talks_with)
            self.checked += signs.is_to_be_checked(self.registration, self.now_s, held=held)
            dead = signs.is_dead(self.registration, self.now_s, held=held)
        self.now_s += LOOK_S if signs.asked_s is None else LOOK_CLOSELY_S
        return dead

    def dies(self, until_s: float = 60.0) -> float | None:
        """Look on; give the second in which it is dead, None if it is not."""
        while self.now_s <= until_s:
            at_s = self.now_s
            if self.look():
                return at_s
        return None

    def answers(self) -> None:
        """It answers each question, each time a bit sooner or later."""
        answered = str(int(self.registration.answered) + 1)
        self.registration = self.registration._replace(answered=answered)


@pytest.mark.parametrize("offset_s", [0.0, 0.3, 0.9])
def test_one_that_neither_sounds_nor_answers_is_dead_in_time_for_the_music(offset_s: float) -> None:
    line = Line(offset_s=offset_s)
    at_s = line.dies()
    assert at_s is not None
    assert 2.0 < at_s < MUSIC_S
    assert line.asked >= 3, "one question may be lost on the way"


@pytest.mark.parametrize(("sounded", "held"), [(True, True), (False, False), (False, True)])
def test_on_hold_or_never_heard_the_pbx_has_to_say_that_nobody_answers(sounded: bool, held: bool) -> None:
    line = Line(sounded=sounded, held=held)
    assert line.dies(15.0) is None
    line.registration = HOME._replace(status="Unreachable", answered="N/A")
    at_s = line.dies()
    assert at_s is not None
    assert at_s < FREED_S


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("moved", [HOME._replace(contact="op1;@2", answered="900"), Registration()])
def test_one_whose_account_is_elsewhere_or_gone_is_dead(held: bool, moved: Registration) -> None:
    line = Line(held=held)
    line.registration = moved
    at_s = line.dies()
    assert at_s is not None
    assert at_s < (FREED_S if held else MUSIC_S)


@pytest.mark.parametrize("held", [False, True])
def test_one_that_answers_may_be_silent_for_ever(held: bool) -> None:
    line = Line(held=held)
    while line.now_s < 600:
        assert not line.look()
        line.answers()
    assert line.checked == (0 if held else 1)


def test_one_that_sends_reports_alone_is_heard() -> None:
    line = Line()
    for reports in range(1, 120):
        assert not line.look(reports=reports)
    assert line.asked == 0


def test_one_that_is_heard_from_a_new_address_has_moved_with_its_talk() -> None:
    line = Line()
    line.registration = HOME._replace(contact="op1;@2")
    while line.now_s < 30:
        assert not line.look(sounds=True)
    for _ in range(20):  # and may then be silent
        assert not line.look()
        line.answers()


@pytest.mark.parametrize("held", [False, True])
def test_one_that_has_registered_anew_is_asked_within_the_talk_at_once(held: bool) -> None:
    line = Line(held=held)
    line.registration = HOME._replace(until="700")
    while not line.checked:
        assert not line.look()
        line.answers()
    assert line.now_s < (8 if held else MUSIC_S)
    for _ in range(20):
        line.look()
        line.answers()
    assert line.checked == 1 if held else line.checked <= 2


def test_who_was_not_registered_when_the_talk_began_is_not_judged() -> None:
    line = Line()
    line.signs.registered = Registration()
    line.registration = Registration()
    assert line.dies() is None


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("moved", [Registration(), HOME._replace(uri="sip:op1@10.0.0.7:4001;transport=WS")])
def test_a_browser_that_died_before_the_first_look_is_dead_in_time(held: bool, moved: Registration) -> None:
    """Its registration went with its websocket, or is the reloaded page's: neither is the talk's phone."""
    line = Line(held=held)
    line.signs.registered = None
    line.registration = moved
    line.talks_with = "sip:op1@10.0.0.7:4000;transport=ws"
    at_s = line.dies()
    assert at_s is not None
    assert at_s < (FREED_S if held else MUSIC_S)


@pytest.mark.parametrize("transport", ["", ";transport=ws"])
def test_one_that_answers_at_the_address_of_the_talk_may_be_silent(transport: str) -> None:
    line = Line()
    line.signs.registered = None
    line.registration = HOME._replace(uri=f"sip:op1@10.0.0.7:4000{transport.upper()};x-ast-orig-host=a:0")
    line.talks_with = f"sip:other@10.0.0.7:4000{transport}"
    while line.now_s < 60:
        assert not line.look()
        line.answers()


def test_a_look_that_came_late_says_nothing_of_phones() -> None:
    line = Line()
    assert line.dies(1.6) is None
    line.signs.forget(line.now_s)
    since_s = line.now_s
    at_s = line.dies()
    assert at_s is not None
    assert at_s - since_s > 2.5
