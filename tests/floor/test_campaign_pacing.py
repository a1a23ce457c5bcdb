"""How the floor's campaigns decide: the view that pacing gets, the statistics it learns, and the facts it leads to."""

from datetime import timedelta

import pytest

from app.domain.campaigns import AttemptOutcome, DialMode, Window
from app.domain.ids import CampaignId, OperatorId, QueueId
from app.domain.operators import Presence, RoutingState
from app.domain.queues import QueueSettings
from app.floor.campaigns.pacing_view import view_of
from app.floor.errors import CampaignNotOnFloor
from app.floor.events import (
    AttemptFailed,
    CampaignRecalled,
    ChannelHeld,
    ChannelResumed,
    CommandRefused,
    PresenceAsked,
    TrunkSet,
)
from app.floor.facts import PacingDecided
from app.pacing.calls_to_place import Bound, PacingView
from tests.floor.outbound import ONE, Outbound

TWO = CampaignId(2)


def view(s: Outbound, id_: CampaignId = ONE) -> PacingView:
    return view_of(s.floor, s.floor.campaigns[id_], s.world.moment())


def experienced(operators: int, mode: DialMode, **past: float) -> Outbound:
    """A campaign that knows itself, just let run."""
    s = Outbound(operators=operators, mode=mode, running=False, lines=1.7)
    s.tell(TrunkSet("trunk", 500, 500.0))
    s.wait(1)
    s.recall(**past)  # type: ignore[arg-type]
    s.campaign(mode=mode, lines=1.7)
    return s


def decided(s: Outbound, id_: CampaignId = ONE) -> PacingDecided:
    last = s.floor.campaigns[id_].decided
    assert last is not None
    return last


# How many


def test_ratio_places_so_many_lines_for_each() -> None:
    assert len(experienced(3, DialMode.RATIO).placed) == 5


def test_predictive_places_as_many_as_may_be_risked_and_says_what_it_expects() -> None:
    s = experienced(5, DialMode.PREDICTIVE)
    assert 5 < len(s.placed) < 20
    (told,) = s.told(PacingDecided)
    assert (told.idle, told.ready, told.dials, told.decision.place) == (5, 5, 0, len(s.placed))
    assert told.decision.bound is Bound.RISK
    forecast = told.decision.forecast
    assert forecast is not None
    assert forecast.answer_rate == pytest.approx(0.25, abs=0.05)
    assert forecast.risk <= forecast.accepted_risk < forecast.next_risk
    s.wait(5)
    assert decided(s).dials == len(s.placed)  # they count from then on


@pytest.mark.parametrize("mode", [DialMode.RATIO, DialMode.PREDICTIVE])
def test_nothing_is_risked_before_anything_is_known(mode: DialMode) -> None:
    s = Outbound(operators=3, mode=mode, lines=3.0)
    assert len(s.placed) == 3
    assert decided(s).decision.bound in (Bound.RECORD, Bound.LEARNING)


@pytest.mark.parametrize("mode", [DialMode.RATIO, DialMode.PREDICTIVE])
def test_at_the_limit_there_is_one_line_for_each_free_operator_and_no_more(mode: DialMode) -> None:
    s = experienced(4, mode, answered=97, abandoned=3)
    s.wait(10)
    assert len(s.placed) == 4
    assert decided(s).decision.bound is Bound.RECORD
    assert (decided(s).answered, decided(s).abandoned) == (97, 3)


def test_who_is_busy_is_dialled_for_before_they_are_free() -> None:
    s = experienced(20, DialMode.PREDICTIVE, talk_s=20.0, answered=2000)
    first = len(s.placed)
    lines = [s.answers(place) for place in range(20)]
    for line in lines:
        s.answer(line)
    for place in range(20, first):
        s.ends(place, 17)
    s.wait(25)
    assert view(s).idle == 0
    assert len(s.placed) > first


@pytest.mark.parametrize("mode", [DialMode.PROGRESSIVE, DialMode.RATIO, DialMode.PREDICTIVE])
def test_nobody_is_dialled_for_who_is_about_to_leave(mode: DialMode) -> None:
    s = experienced(1, mode)
    s.answer(s.answers())
    s.tell(PresenceAsked(OperatorId(1), Presence.ON_BREAK, "lunch"))
    before = len(s.placed)
    for place in range(1, before):
        s.ends(place, 17)
    s.wait(30)
    assert len(s.placed) == before
    assert (decided(s).ready, decided(s).decision.bound) == (0, Bound.NOBODY_READY)


def test_operators_who_lack_the_queues_skills_are_not_dialled_for() -> None:
    s = Outbound(operators=2, running=False)
    s.queue("sales", skills=["loans"])
    s.operator(3, skills=["loans"])
    s.campaign()
    s.wait(5)
    assert len(s.placed) == 1


def test_a_caller_who_waits_has_the_next_operator() -> None:
    s = Outbound(operators=1, running=False)
    s.queue("support")
    s.operator(1, "sales", "support")
    line = s.call("support")
    s.answer(line)
    s.call("support")
    s.campaign()
    s.wait(5)
    assert view(s).waiting == 1
    assert s.placed == []
    s.pbx.hang_up(line)
    s.wait(5)
    assert s.placed == []


# What pacing is shown


def test_operators_are_shown_as_they_are() -> None:
    s = Outbound(operators=4)
    s.queue("sales", wrap_up_s=60.0)
    offered, talking, wrapping = (s.answers(place) for place in range(3))
    s.answer(talking)
    s.answer(wrapping)
    s.pbx.hang_up(wrapping)
    s.wait(1.5)
    seen = view(s)
    assert s.ringing(offered) is not None
    assert (seen.idle, seen.kept, seen.ready) == (0, 1, 4)  # one is kept for the dial that rings
    assert sorted(seen.talking_s) == pytest.approx([0.0, 1.5])
    assert seen.wrapping_up_s == pytest.approx([1.5])
    assert seen.dials == []
    (tired,) = (id_ for id_, one in s.floor.operators.items() if one.routing is RoutingState.WRAP_UP)
    s.on_break(tired)
    assert (view(s).ready, view(s).wrapping_up_s) == (3, [])


def test_hold_does_not_make_a_talk_young() -> None:
    s = Outbound(operators=1)
    line = s.answers()
    s.answer(line)
    s.wait(20)
    phone = s.at(line).legs[0].channel
    assert phone is not None
    s.tell(ChannelHeld(phone))
    s.wait(5)
    assert view(s).talking_s == pytest.approx([25.0])
    s.tell(ChannelResumed(phone))
    s.wait(5)
    assert view(s).talking_s == pytest.approx([30.0])


def test_another_campaign_towards_the_same_operators_is_shown() -> None:
    s = Outbound(operators=2)
    s.campaign(2, mode=DialMode.PREDICTIVE)
    s.wait(3)
    assert [asked.campaign for asked in s.placed] == [ONE, ONE]
    assert (view(s, TWO).in_flight, view(s, TWO).unclaimed) == (2, 0)


def test_campaigns_alike_take_turns() -> None:
    s = Outbound(operators=1)
    s.campaign(2)
    for place in range(6):
        s.wait(2)
        s.ends(place, 17)
    assert {asked.campaign for asked in s.placed} == {ONE, TWO}


# What it is taught


def test_it_learns_who_answers_and_not_from_faults() -> None:
    s = Outbound(operators=5)
    s.wait(8)
    line = s.answers(0)
    s.ends(1, 17)
    s.answers(2, machine=True)
    s.tell(CommandRefused(s.placed[3], "no"))
    s.tell(AttemptFailed(s.placed[4].attempt, AttemptOutcome.FAILED))
    statistics = s.floor.campaigns[ONE].statistics
    assert (statistics.dials, statistics.answers) == (3, 1)
    assert statistics.ring_times.answered.counts[8] > statistics.ring_times.answered.counts[30]
    s.answer(line)
    s.wait(70)
    s.pbx.hang_up(line)
    assert statistics.handling.calls == 1


def test_a_wrap_up_is_learned_when_it_ends_and_where_there_is_none_too() -> None:
    s = Outbound(operators=1)
    s.queue("sales", wrap_up_s=40.0)
    s.answer(line := s.answers())
    s.wait(30)
    s.pbx.hang_up(line)
    wrap_up = s.floor.campaigns[ONE].statistics.handling.wrap_up
    mean, weight = wrap_up.mean, wrap_up.weight
    s.wait(39)
    assert wrap_up.weight == weight
    s.wait(2)
    assert wrap_up.weight == weight + 1
    assert wrap_up.mean > mean  # 40 s is longer than was believed
    s.queue("sales", wrap_up_s=0.0)
    s.wait(1)
    s.answer(line := s.answers(len(s.placed) - 1))
    mean = wrap_up.mean
    s.pbx.hang_up(line)
    assert wrap_up.weight == weight + 2
    assert wrap_up.mean < mean


def test_what_was_abandoned_counts_at_once_and_a_late_operator_does_not_undo_it() -> None:
    s = Outbound(operators=2)
    first, second = s.answers(0), s.answers(1)
    s.answer(first)
    s.wait(2.1)
    record = s.floor.campaigns[ONE].record(s.world.moment())
    assert (record.answered, record.abandoned) == (1, 1)
    assert s.floor.campaigns[ONE].abandonment.at(s.world.moment().wall + timedelta(days=2)).live == 0
    s.pbx.hang_up(second)
    assert s.outcomes() == [AttemptOutcome.ABANDONED]


def test_what_is_on_file_is_counted_once_however_often_it_is_told() -> None:
    s = Outbound(operators=1, running=False)
    s.recall(answered=50, abandoned=2)
    s.recall(answered=60, abandoned=1)
    record = s.floor.campaigns[ONE].record(s.world.moment())
    assert (record.answered, record.abandoned) == (60, 1)
    assert s.floor.campaigns[ONE].statistics.dials == 400
    assert s.refused(CampaignRecalled(TWO)) == str(CampaignNotOnFloor(campaign=TWO))


def test_another_window_begins_with_what_is_told_of_it() -> None:
    s = Outbound(operators=1, running=False)
    s.recall(answered=50, abandoned=2)
    s.campaign(running=False, abandon_limit=0.02)
    assert s.floor.campaigns[ONE].record(s.world.moment()).answered == 50
    s.campaign(running=False, window=Window.CAMPAIGN)
    assert s.floor.campaigns[ONE].record(s.world.moment()).answered == 0
    assert s.floor.campaigns[ONE].statistics.dials == 400


# Changes while it runs


def test_changing_the_mode_while_it_runs_keeps_an_operator_for_each_dial_or_ends_it() -> None:
    s = experienced(4, DialMode.PREDICTIVE)
    many = len(s.placed)
    assert many > 5
    s.wait(3)

    def ringing() -> int:
        return sum(not attempt.withdrawn for attempt in s.floor.attempts.values())

    s.campaign(mode=DialMode.PROGRESSIVE)
    s.wait(2)
    assert (ringing(), len(s.placed), len(s.floor.kept)) == (4, many, 4)
    s.campaign(mode=DialMode.PREVIEW)
    s.wait(2)
    assert (ringing(), len(s.placed)) == (4, many)  # whoever rings goes on ringing
    for place in range(many):
        s.ends(place, 17)
    assert not s.floor.kept
    s.campaign(mode=DialMode.RATIO, lines=1.7)
    s.wait(2)
    assert ringing() == 6
    s.campaign(mode=DialMode.PREDICTIVE)
    s.wait(2)
    assert ringing() > 6


def test_another_ring_time_is_learned_anew() -> None:
    s = Outbound(operators=1, running=False)
    s.recall()
    s.campaign(running=False, ring_s=40)
    statistics = s.floor.campaigns[ONE].statistics
    assert (statistics.ring_s, statistics.dials) == (40, 400)
    assert statistics.ring_times.ended.total < 10
    assert statistics.ring_times.ended.counts[40] > 3


# What is told


def test_a_decision_is_told_when_it_changes_and_at_most_once_a_second() -> None:
    s = Outbound(operators=1, running=False)
    s.campaign()
    for place in range(40):
        s.wait(0.3)
        s.ends(place, 17)
    told = len(s.told(PacingDecided))
    assert 2 <= told <= 13
    s.campaign(running=False)
    s.wait(60)
    assert len(s.told(PacingDecided)) == told
    assert len(s.placed) == 41


def test_without_leads_it_says_so() -> None:
    s = Outbound(operators=1)
    s.floor.campaigns[ONE].nothing_until_s = s.world.now_s + 100
    s.wait(3)
    assert s.told(PacingDecided)[-1].decision.bound is Bound.NO_LEADS


def test_settings_of_its_queue_are_read_as_they_are() -> None:
    s = Outbound(operators=0)
    assert s.told(PacingDecided)[-1].decision.bound is Bound.NOBODY_READY
    s.tell(s.pbx.snapshot())
    assert s.floor.queues[QueueId("sales")].settings == QueueSettings(
        QueueId("sales"), "sales", wrap_up_s=0.0
    )
