"""Preview: an operator looks at a lead, and dials or skips it."""

from typing import Any

import pytest

from app.domain.calls import CallOutcome
from app.domain.campaigns import AttemptOutcome, DialMode
from app.domain.ids import ChannelId, LeadId, OperatorId
from app.domain.operators import Presence, RoutingState
from app.floor.campaigns.previews import LONGEST_S
from app.floor.commands import FindLead, PlaceCall, ReleaseLead
from app.floor.events import (
    AttemptDialled,
    AttemptNotPlaced,
    LeadFound,
    LegDialed,
    OperatorRemoved,
    PreviewDialled,
    PreviewSkipped,
    TrunkSet,
)
from app.simulator.promises import check
from tests.floor.outbound import NUMBER, Outbound


class Previewed(Outbound):
    """The dialer finds a lead for whoever asks, unless the tale says that there is none."""

    def __init__(self, operators: int = 1, **settings: Any) -> None:
        self.leads = True
        self.asked: list[FindLead] = []
        self.given_back: list[ReleaseLead] = []
        super().__init__(0, mode=DialMode.PREVIEW, running=False)
        self.pbx.find, self.pbx.release = self._find, self.given_back.append
        for id_ in range(1, operators + 1):
            self.operator(id_)
        self.campaign(mode=DialMode.PREVIEW, **settings)
        self.wait(0.5)

    def dial(self, operator: int = 1) -> str | None:
        refusal = self.refused(PreviewDialled(OperatorId(operator)))
        self.wait(0.1)
        return refusal

    def skip(self, operator: int = 1, reason: str = "called yesterday") -> str | None:
        refusal = self.refused(PreviewSkipped(OperatorId(operator), reason))
        self.wait(0.4)
        return refusal

    def looks_at(self, operator: int = 1) -> int | None:
        """The number of the lead that an operator is shown."""
        preview = self.floor.previews.get(OperatorId(operator))
        if preview is None or preview.lead is None:
            return None
        assert self.op(operator).routing is RoutingState.PREVIEWING
        check(self.floor, self.world.now_s)
        return preview.lead.lead

    def _find(self, asked: FindLead) -> None:
        self.asked.append(asked)
        if self.leads:
            lead = LeadId(len(self.asked))
            self.world.tell(LeadFound(asked.attempt, asked.campaign, lead=lead, number=NUMBER))
        else:
            self.world.tell(AttemptNotPlaced(asked.attempt, 30.0))

    def _place(self, asked: PlaceCall) -> None:
        self.placed.append(asked)
        self.world.tell(AttemptDialled(asked.attempt, LeadId(1), number=NUMBER))


def test_each_idle_operator_is_shown_a_lead_and_nothing_is_dialled_by_itself() -> None:
    s = Previewed(operators=2)
    assert {s.looks_at(1), s.looks_at(2)} == {1, 2}
    s.wait(600)
    assert s.placed == []
    assert len(s.asked) == 2


def test_who_dials_gets_the_answer_though_others_were_idle_longer() -> None:
    s = Previewed(operators=2)
    s.operator(3, "sales")
    s.leads = False
    s.skip(2)
    assert s.dial(1) is None
    assert [asked.operator for asked in s.placed] == [1]
    assert (
        s.refused(PreviewDialled(OperatorId(1))) == "the lead is being dialled already: wait for the answer"
    )
    assert (
        s.refused(PreviewSkipped(OperatorId(1), "no"))
        == "the lead is being dialled already: wait for the answer"
    )
    s.wait(9)
    waiting = s.call()
    assert s.ringing(waiting) != 1
    line = s.answers()
    assert s.ringing(line) == 1
    s.answer(line)
    s.wait(30)
    s.pbx.hang_up(line)
    assert s.record(line).outcome is CallOutcome.ANSWERED
    assert s.outcomes() == [AttemptOutcome.ANSWERED]


def test_the_answer_waits_for_who_dialled_though_the_queue_knows_no_preferred_operator() -> None:
    s = Previewed()
    s.queue("sales", preferred_s=0.0)
    s.dial()
    caller = s.call()
    assert s.ringing(caller) is None
    assert s.ringing(s.answers()) == 1
    assert s.ringing(caller) is None


def test_who_is_not_reached_makes_room_for_the_next_lead() -> None:
    s = Previewed()
    s.dial()
    s.ends(0, 17)
    s.wait(0.5)
    assert s.looks_at() == 2
    assert s.outcomes() == [AttemptOutcome.BUSY]


def test_skipping_gives_the_lead_back_with_the_reason_and_shows_the_next() -> None:
    s = Previewed()
    assert s.skip() is None
    assert [(back.reason, back.skipped) for back in s.given_back] == [("called yesterday", True)]
    assert s.looks_at() == 2


def test_when_the_time_is_over_it_is_dialled() -> None:
    s = Previewed(preview_s=20.0)
    s.wait(19)
    assert s.placed == []
    s.wait(1)
    assert len(s.placed) == 1
    s.answer(s.answers())


def test_without_a_limit_it_is_given_back_in_the_end() -> None:
    s = Previewed()
    s.wait(LONGEST_S + 1)
    assert [(back.reason, back.skipped) for back in s.given_back] == [("not_decided", False)]
    assert s.placed == []


def test_no_call_is_offered_to_who_looks_at_a_lead_and_no_lead_shown_while_callers_wait_too_long() -> None:
    s = Previewed()
    s.queue("sales", target_s=20.0)
    caller = s.call()
    s.wait(11)
    assert s.ringing(caller) is None
    s.skip()
    assert s.ringing(caller) == 1  # before the next lead
    assert len(s.asked) == 1


@pytest.mark.parametrize("presence", [Presence.ON_BREAK, Presence.OFFLINE])
def test_who_leaves_gives_the_lead_back(presence: Presence) -> None:
    s = Previewed()
    s.presence(1, presence)
    s.wait(0.1)
    assert [(back.reason, back.skipped) for back in s.given_back] == [("operator_left", False)]
    assert (s.op(1).presence, s.op(1).routing) == (presence, RoutingState.IDLE)
    assert s.dial() == "you are not shown a lead now: wait for the next one"


def test_a_break_asked_for_while_it_rings_begins_after_it() -> None:
    s = Previewed()
    s.dial()
    s.on_break(1)
    assert s.op(1).presence is Presence.AVAILABLE
    s.ends(0, 19)
    assert s.op(1).presence is Presence.ON_BREAK


def test_a_lead_found_too_late_is_given_back() -> None:
    s = Previewed(operators=0)
    s.leads = False
    s.operator(1)
    s.wait(1)
    s.wait(31)
    (asked,) = s.asked[-1:]
    s.tell(LeadFound(asked.attempt, asked.campaign, lead=LeadId(9), number=NUMBER))
    s.wait(0.1)
    assert [back.attempt for back in s.given_back] == [asked.attempt]
    assert s.looks_at() is None


def test_it_is_not_dialled_when_the_campaign_stopped_or_no_line_is_free() -> None:
    s = Previewed(operators=2)
    s.tell(TrunkSet("trunk", 0, 1.0))
    assert s.dial(1) == "there is no free line now: try again in a moment"
    s.campaign(mode=DialMode.PREVIEW, running=False)
    s.wait(0.1)
    assert {back.reason for back in s.given_back} == {"campaign_stopped"}
    assert s.dial(1) == "you are not shown a lead now: wait for the next one"
    assert s.placed == []


def test_another_mode_takes_leads_back_and_dials() -> None:
    s = Previewed()
    s.campaign(mode=DialMode.PROGRESSIVE)
    s.wait(1)
    assert len(s.given_back) == 1
    assert len(s.placed) == 1


def test_a_lost_phone_and_a_removed_operator_give_the_lead_back() -> None:
    s = Previewed(operators=2)
    s.pbx.lose_phone("op1")
    assert s.refused(OperatorRemoved(OperatorId(2))) is None
    s.wait(0.1)
    assert [back.reason for back in s.given_back] == ["phone_lost", "operator_removed"]
    assert s.floor.previews == {}
    s.wait(LONGEST_S)


def test_a_lead_that_is_being_dialled_takes_its_own_operator_and_no_other() -> None:
    s = Previewed(operators=2)
    s.leads = False
    s.skip(2)
    s.dial(1)
    s.campaign(2)
    s.wait(1)
    assert [asked.campaign for asked in s.placed] == [1, 2]
    assert s.ringing(s.answers(0)) == 1
    assert s.ringing(s.answers(1)) == 2


def test_a_call_that_reaches_the_phone_all_the_same_takes_the_lead_away() -> None:
    s = Previewed(operators=2)
    s.skip(2)
    s.leads = False
    s.skip(2)
    caller = s.call()
    assert s.ringing(caller) == 2
    s.answer(caller)
    assert s.looks_at(1) == 1
    s.tell(LegDialed(caller.channel, ChannelId("x"), "op1"))  # a transfer
    s.wait(0.1)
    assert s.op(1).routing is RoutingState.RINGING
    assert OperatorId(1) not in s.floor.previews
    assert [back.reason for back in s.given_back][-1] == "in_a_call"
