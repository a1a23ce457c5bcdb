"""Attempts from before a restart of the service, and other events of an attempt that concern the records."""

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, CallId, ChannelId, ContactId, LeadId, OperatorId
from app.floor.events import (
    AttemptAnswered,
    AttemptDialled,
    AttemptRestored,
    ChannelHungUp,
    ChannelState,
    CustomerOptedOut,
    SnapshotTaken,
    Whereabouts,
)
from app.floor.facts import AttemptEnded, CallArrived, CallerKnown
from app.floor.facts import CustomerOptedOut as OptedOut
from tests.floor.outbound import NUMBER, ONE, Outbound
from tests.floor.test_campaigns import seen

OLD = AttemptId("kc1-7")
COLUMNS = (("Leping", "1034"), ("Arve", "17"))


def restore(s: Outbound, operator: int | None = None) -> None:
    by = OperatorId(operator) if operator is not None else None
    s.tell(
        AttemptRestored(
            OLD,
            ONE,
            lead=LeadId(70),
            number=NUMBER,
            contact=ContactId(9),
            contact_name="Kask Jaan",
            operator=by,
            columns=COLUMNS,
        )
    )


def test_one_that_the_pbx_does_not_have_any_more_is_unknown() -> None:
    s = Outbound(running=False)
    restore(s)
    restore(s)
    s.tell(SnapshotTaken((), s.pbx.devices()))
    assert s.outcomes() == []  # it may have been dialled a moment ago
    s.wait(3)
    s.tell(SnapshotTaken((), s.pbx.devices()))
    (ended,) = s.told(AttemptEnded)
    assert (ended.attempt, ended.lead, ended.outcome) == (OLD, 70, AttemptOutcome.UNKNOWN)


def test_one_that_still_rings_keeps_its_customer() -> None:
    s = Outbound(running=False)
    restore(s)
    s.tell(SnapshotTaken((seen(OLD),), s.pbx.devices()))
    s.tell(ChannelHungUp(ChannelId(OLD), 17))
    (ended,) = s.told(AttemptEnded)
    assert (ended.lead, ended.outcome) == (70, AttemptOutcome.BUSY)


def test_one_that_was_answered_is_a_call_of_a_known_customer() -> None:
    s = Outbound(running=False)
    restore(s)
    s.tell(SnapshotTaken((seen(OLD, state=ChannelState.ANSWERED),), s.pbx.devices()))
    (arrived,) = s.told(CallArrived)
    assert (arrived.call, arrived.caller_number) == (CallId(OLD), NUMBER)
    (known,) = s.told(CallerKnown)
    assert (known.contact, known.name, known.cause) == (9, "Kask Jaan", "campaign")
    assert s.floor.calls[CallId(OLD)].columns == COLUMNS


def test_one_that_is_being_listened_to_is_nobodys_call_yet() -> None:
    s = Outbound(running=False)
    restore(s)
    s.tell(
        SnapshotTaken((seen(OLD, state=ChannelState.ANSWERED, where=Whereabouts.LISTENED),), s.pbx.devices())
    )
    assert s.told(CallArrived) == []
    s.tell(
        AttemptAnswered(
            ChannelId(OLD), "PJSIP/trunk-9", campaign=ONE, number=NUMBER, machine=True, amd="MACHINE"
        )
    )
    s.tell(ChannelHungUp(ChannelId(OLD), 16))
    assert s.outcomes() == [AttemptOutcome.MACHINE]
    assert s.told(CallArrived) == []


def test_one_of_a_campaign_that_is_not_there_is_let_be() -> None:
    s = Outbound(running=False)
    s.tell(AttemptRestored(OLD, type(ONE)(5), lead=LeadId(70), number=NUMBER))
    assert s.floor.attempts == {}


def test_a_callback_goes_to_whom_it_was_promised() -> None:
    s = Outbound(operators=2, running=False)
    s.pbx.place = s.placed.append
    s.campaign()
    for asked in list(s.placed):
        s.tell(AttemptDialled(asked.attempt, LeadId(1), number=NUMBER, operator=OperatorId(2)))
    assert s.ringing(s.answers(0)) == 2


def test_a_customer_who_is_called_back_does_not_wait_long_for_an_operator_who_is_busy() -> None:
    s = Outbound(operators=2, running=False)
    s.pbx.place = s.placed.append
    s.campaign()
    talk = s.call()
    busy = s.ringing(talk)
    assert busy is not None
    s.answer(talk)
    s.tell(AttemptDialled(s.placed[0].attempt, LeadId(1), number=NUMBER, operator=OperatorId(busy)))
    line = s.answers(0)
    assert s.ringing(line) is None
    s.wait(1.1)
    assert s.ringing(line) == 3 - busy


def test_the_end_tells_who_talked_and_what_the_detector_said() -> None:
    s = Outbound(operators=1)
    asked = s.placed[0]
    line = s.answers()
    s.answer(line)
    s.pbx.hang_up(line)
    (ended,) = s.told(AttemptEnded)
    assert (ended.operator, ended.amd, ended.call) == (1, "", CallId(asked.attempt))
    s.wait(1)
    channel = ChannelId(s.placed[1].attempt)
    s.tell(
        AttemptAnswered(
            channel, "PJSIP/trunk-2", campaign=ONE, number=NUMBER, machine=True, amd="MACHINE MAXWORDS-6-5"
        )
    )
    s.tell(ChannelHungUp(channel, 16))
    last = s.told(AttemptEnded)[-1]
    assert (last.outcome, last.amd, last.operator) == (AttemptOutcome.MACHINE, "MACHINE MAXWORDS-6-5", None)


def test_an_opt_out_goes_to_the_records_whatever_the_floor_knows_of_the_call() -> None:
    s = Outbound(running=False)
    s.tell(CustomerOptedOut(ChannelId(OLD), ONE))
    assert s.told(OptedOut) == [OptedOut(OLD, ONE)]
