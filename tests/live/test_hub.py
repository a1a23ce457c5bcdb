import dataclasses
import json

import pytest

from app.domain.calls import OfferOutcome
from app.domain.campaigns import CampaignSettings, DialMode
from app.domain.ids import CampaignId, ContactId, OperatorId, QueueId
from app.domain.operators import Presence
from app.floor.events import (
    AttemptNotPlaced,
    CampaignRemoved,
    CampaignSet,
    PresenceAsked,
    QueueRemoved,
)
from app.live.hub import Records
from app.live.messages import FAULT, GOING_AWAY, LOGIN_ENDED, SLOW_READER
from app.live.places import SessionLimits, TooManySessions
from tests.live.centre import Centre
from tests.live.hubs import OPERATORS, WATCHER, as_operator, drain, kinds, small_centre
from tests.live.reader import Reader


def test_the_first_frame_is_all_the_viewer_may_see() -> None:
    centre = small_centre()
    call = centre.arrive("myyk")
    centre.identify(call, "Kalle Kask", 7, (7,))
    watcher = json.loads(centre.hub.attach(WATCHER).frames[0])
    assert [queue["id"] for queue in watcher["queues"]] == ["myyk", "abi"]
    assert len(watcher["operators"]) == 2
    assert watcher["calls"][0]["contact_name"] == "Kalle Kask"
    own = json.loads(centre.hub.attach(as_operator(101)).frames[0])
    assert [queue["id"] for queue in own["queues"]] == ["myyk"]
    assert [operator["name"] for operator in own["operators"]] == ["Mari Maasikas"]
    assert [each["id"] for each in own["calls"]] == [call]
    other = centre.hub.attach(as_operator(102)).frames[0]
    assert "+372" not in other


def test_a_pop_begins_with_the_offer_and_ends_with_it() -> None:
    centre = small_centre()
    first, second = (centre.hub.attach(as_operator(id_)) for id_ in (101, 102))
    reader = Reader(operator=101)
    drain(first, reader)
    call = centre.arrive("myyk", name="Kalle")
    centre.identify(call, "", None, (7, 8))
    centre.hub.flush()
    told = {message["type"]: message for message in drain(first, reader)}
    assert told["screen_pop"]["call"]["matches"] == [7, 8]
    assert told["screen_pop"]["call"]["reason"]["rule"] == "longest_idle"
    centre.decline(call, OfferOutcome.TIMED_OUT)
    centre.hub.flush()
    told = {message["type"]: message for message in drain(first, reader)}
    assert told["screen_pop_ended"]["outcome"] == "timed_out"
    assert told["operator_changed"]["operator"]["break_reason"] == "missed_calls"
    assert reader.calls == {}
    second_reader = Reader(operator=102)
    drain(second, second_reader)
    assert list(second_reader.calls) == [call]
    assert "call_ended" not in second_reader.kinds


def test_open_complaints_of_the_caller_are_told_when_they_are_counted_and_when_they_change() -> None:
    centre = small_centre()
    session, reader = centre.hub.attach(as_operator(101)), Reader(operator=101)
    drain(session, reader)
    call = centre.arrive("myyk")
    centre.identify(call, "Kalle Kask", 7, (7,))
    centre.hub.flush()
    told = {message["type"]: message for message in drain(session, reader)}
    assert told["screen_pop"]["call"]["complaints"] is None, "the card does not wait for the database"
    counted = ({ContactId(7): 2}, {ContactId(7): 2, ContactId(8): 1}, {ContactId(7): 0})
    for counts, seen in zip(counted, ([2], [], [0]), strict=True):
        centre.hub.tell_complaints(counts)
        assert [one["call"]["complaints"] for one in drain(session, reader)] == seen
    watcher = json.loads(centre.hub.attach(WATCHER).frames[0])
    assert watcher["calls"][0]["complaints"] == 0


def test_an_operator_sees_who_is_parked_in_their_queues_and_who_parked_them() -> None:
    centre = small_centre()
    centre.add_operator(103, "abi")
    call = centre.arrive("myyk", name="Kalle Kask")
    centre.identify(call)
    centre.answer(call)
    centre.hub.flush()
    readers = {id_: Reader(operator=id_) for id_ in OPERATORS}
    sessions = {id_: centre.hub.attach(as_operator(id_)) for id_ in OPERATORS}
    centre.wait(30)
    centre.park(call, "701")
    centre.hub.flush()
    for id_, session in sessions.items():
        drain(session, readers[id_])
    parked = {
        "place": "701",
        "since": "2026-03-02T09:00:30.000Z",
        "operator": 101,
        "operator_name": "Mari Maasikas",
    }
    for id_ in (101, 102):
        assert readers[id_].calls[call]["parked"] == parked
        assert readers[id_].calls[call]["caller_name"] == "Kalle Kask"
    assert not readers[103].calls
    centre.add_operator(103, "abi", "myyk")
    centre.add_operator(102, "abi")
    centre.hub.flush()
    for id_, session in sessions.items():
        drain(session, readers[id_])
    assert (list(readers[102].calls), list(readers[103].calls)) == ([], [call])
    centre.retrieve(call, OperatorId(103))
    centre.hub.flush()
    for id_, session in sessions.items():
        drain(session, readers[id_])
    assert not readers[101].calls
    assert (readers[103].calls[call]["state"], readers[103].calls[call]["parked"]) == ("talking", None)
    assert readers[103].kinds[-1] != "call_hidden"


@pytest.mark.parametrize(
    ("end", "outcome"), [("timed_out", "timed_out"), ("rejected", "rejected"), ("hang_up", "cancelled")]
)
def test_an_operator_is_told_whose_call_they_missed(end: str, outcome: str) -> None:
    centre = small_centre()
    reader, session = Reader(operator=101), centre.hub.attach(as_operator(101))
    call = centre.arrive("myyk", "+37255500001", "K. Kask")
    centre.identify(call, "Kalle Kask", 7, (7,))
    centre.ring(call)
    if end == "hang_up":
        centre.hang_up(call)
    else:
        centre.decline(call, OfferOutcome(end))
    centre.hub.flush()
    drain(session, reader)
    (missed,) = reader.operators[101]["missed"]
    assert (missed["call"], missed["caller_number"], missed["outcome"]) == (call, "+37255500001", outcome)
    assert missed["caller_name"] == "K. Kask"
    assert missed["contact"] == 7
    if call in centre.floor.calls:
        centre.hang_up(call)
    centre.wait(1)  # a refusal counts a moment later
    for _ in range(5):
        centre.wait(10)  # a refusal counts as a miss once no call of the phone's own has explained it
        centre.post(PresenceAsked(OperatorId(101), Presence.AVAILABLE))
        centre.post(PresenceAsked(OperatorId(102), Presence.OFFLINE))
        more = centre.arrive("myyk", "+37255500002")
        centre.identify(more)
        centre.ring(more)
        centre.hang_up(more)
    centre.hub.flush()
    drain(session, reader)
    assert [one["caller_number"] for one in reader.operators[101]["missed"]] == ["+37255500002"] * 3
    centre.post(PresenceAsked(OperatorId(101), Presence.OFFLINE))
    centre.hub.flush()
    drain(session, reader)
    assert reader.operators[101]["missed"] == []


def test_an_offer_that_never_rang_is_no_missed_call() -> None:
    centre = small_centre()
    call = centre.arrive("myyk")
    centre.identify(call)
    centre.hang_up(call)
    assert centre.hub.operator(OperatorId(101))["missed"] == []  # type: ignore[index]


def test_wrap_up_has_an_end_to_count_down_to() -> None:
    centre = small_centre()
    reader = Reader(operator=101)
    session = centre.hub.attach(as_operator(101))
    call = centre.arrive("myyk")
    centre.identify(call)
    centre.answer(call)
    centre.wait(60)
    centre.hang_up(call)
    centre.hub.flush()
    drain(session, reader)
    operator = reader.operators[101]
    assert operator["routing"] == "wrap_up"
    assert operator["wrap_up_until"] == "2026-03-02T09:01:10.000Z"
    assert reader.kinds[-1] in {"queue_changed", "call_ended", "operator_changed"}


def test_who_sees_the_floor_is_told_what_a_campaign_decided_and_why() -> None:
    centre = Centre()
    centre.add_queue("myyk")
    for id_ in OPERATORS[:2]:
        centre.add_operator(id_, "myyk")
    watcher, operator = centre.hub.attach(WATCHER), centre.hub.attach(as_operator(101))
    reader = Reader()
    drain(watcher, reader)
    settings = CampaignSettings(
        CampaignId(7), "Kevad", mode=DialMode.PROGRESSIVE, queue=QueueId("myyk"), running=True
    )
    centre.post(CampaignSet(settings))
    centre.hub.flush()
    (told,) = [one for one in drain(watcher, reader) if one["type"] == "campaign_changed"]
    campaign = told["campaign"]
    assert (campaign["id"], campaign["title"], campaign["attempts"]) == (7, "Kevad", 2)
    pacing = campaign["pacing"]
    assert (pacing["idle"], pacing["dials"], pacing["place"], pacing["bound"]) == (2, 0, 2, "mode")
    assert json.loads(centre.hub.attach(WATCHER).frames[0])["campaigns"] == [campaign]
    centre.post(CampaignSet(dataclasses.replace(settings, running=False)))
    for attempt in list(centre.floor.attempts):
        centre.post(AttemptNotPlaced(attempt, 1.0))
    centre.post(CampaignRemoved(CampaignId(7)))
    centre.hub.flush()
    assert [one["type"] for one in drain(watcher, reader)][-1] == "campaign_removed"
    assert not [kind for kind in kinds(operator) if kind.startswith("campaign")]


def test_a_campaign_that_is_paused_tells_until_its_last_call_is_over() -> None:
    centre = Centre()
    centre.add_queue("myyk")
    centre.add_operator(101, "myyk")
    settings = CampaignSettings(
        CampaignId(7), "Kevad", mode=DialMode.PROGRESSIVE, queue=QueueId("myyk"), running=True
    )
    centre.post(CampaignSet(settings))
    reader, session = Reader(), centre.hub.attach(WATCHER)
    centre.post(CampaignSet(dataclasses.replace(settings, running=False)))
    centre.hub.flush()
    drain(session, reader)
    assert reader.campaigns[7]["attempts"] == 1
    (attempt,) = centre.floor.attempts
    centre.post(AttemptNotPlaced(attempt, 1.0))
    centre.hub.flush()
    centre.hub.look_again()
    drain(session, reader)
    assert reader.campaigns[7]["attempts"] == 0


def test_what_changes_without_a_fact_is_told_all_the_same() -> None:
    centre = small_centre()
    call = centre.arrive("myyk")
    centre.identify(call)
    centre.hub.flush()
    readers = [(centre.hub.attach(viewer), Reader()) for viewer in (WATCHER, as_operator(101))]
    floor = centre.floor
    floor.operators[OperatorId(101)].break_reason = "koosolek"
    floor.calls[call].contact_name = "Kalle Kask"
    floor.operators[OperatorId(102)].presence = Presence.OFFLINE
    centre.hub.flush()
    centre.hub.look_again()
    centre.hub.look_again()
    for session, reader in readers:
        told = drain(session, reader)
        assert reader.operators[101]["break_reason"] == "koosolek"
        assert reader.calls[call]["contact_name"] == "Kalle Kask"
        assert reader.queues["myyk"]["members"] == 1
        assert len([one for one in told if one["type"] == "operator_changed"]) <= 2, "once each"


def test_a_call_that_left_without_a_word_makes_everyone_begin_again() -> None:
    centre = small_centre()
    call = centre.arrive("abi")
    session = centre.hub.attach(WATCHER)
    del centre.floor.calls[call]
    centre.hub.look_again()
    assert session.code == FAULT


def test_it_is_looked_again_as_long_as_anybody_reads() -> None:
    centre = small_centre()
    assert not centre.schedule.late
    session = centre.hub.attach(WATCHER)
    for _ in range(3):
        (look,) = centre.schedule.late
        centre.schedule.late.clear()
        look()
    centre.hub.detach(session)
    (look,) = centre.schedule.late
    centre.schedule.late.clear()
    look()
    assert not centre.schedule.late


def test_an_operator_learns_of_joined_and_left_queues() -> None:
    centre = small_centre()
    reader = Reader(operator=101)
    session = centre.hub.attach(as_operator(101))
    centre.add_operator(101, "abi")
    centre.hub.flush()
    drain(session, reader)
    assert set(reader.queues) == {"abi"}
    centre.post(QueueRemoved(QueueId("abi")))
    centre.hub.flush()
    drain(session, reader)
    assert set(reader.queues) == set()


def test_everybody_is_told_what_becomes_of_the_records() -> None:
    centre = small_centre()
    readers = [Reader(operator=101), Reader()]
    sessions = [centre.hub.attach(viewer) for viewer in (as_operator(101), WATCHER)]
    told: tuple[Records, ...] = ("kept", "refused")
    for records in told:
        centre.hub.tell_records(records)
        for session, reader in zip(sessions, readers, strict=True):
            drain(session, reader)
            assert (reader.records, reader.kinds[-1]) == (records, "records_changed")
    late = Reader()
    drain(centre.hub.attach(WATCHER), late)
    assert late.records == "refused"


def test_a_burst_costs_one_message_for_each_thing() -> None:
    centre = small_centre()
    session = centre.hub.attach(WATCHER)
    session.frames.clear()
    for _ in range(50):
        centre.post(PresenceAsked(OperatorId(101), Presence.ON_BREAK, "lõuna"))
        centre.post(PresenceAsked(OperatorId(101), Presence.AVAILABLE))
    assert session.frames == type(session.frames)()
    centre.schedule.run()
    assert kinds(session) == ["operator_changed"]


def test_very_many_calls_are_told_of_in_several_turns_operators_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.live.hub.TELL_S", 0.0)
    centre = small_centre()
    session, reader = centre.hub.attach(WATCHER), Reader()
    drain(session, reader)
    several = [centre.arrive("abi") for _ in range(6)]
    last = centre.arrive("myyk")
    centre.identify(last)
    centre.schedule.run()
    told = drain(session, reader)
    assert [one["type"] for one in told][:3] == ["operator_changed", "call_changed", "screen_pop"]
    assert list(reader.calls) == [last, several[0]]
    centre.hang_up(several[0])
    centre.hang_up(several[1])
    centre.schedule.run()
    assert [one["id"] for one in drain(session, reader)] == [several[1]]
    while centre.schedule.work:
        centre.schedule.run()
    told = drain(session, reader)
    assert sorted(reader.calls) == sorted([last, *several[2:]])
    assert [one["id"] for one in told if one["type"] == "call_ended"] == several[:1]
    assert reader.queues["abi"]["waiting"] == 4
    assert not centre.schedule.work


def test_a_slow_reader_is_cut_and_resumes_without_loss() -> None:
    centre = small_centre(backlog=8)
    reader = Reader()
    session = centre.hub.attach(WATCHER)
    drain(session, reader)
    for index in range(10):
        centre.post(PresenceAsked(OperatorId(101), (Presence.ON_BREAK, Presence.AVAILABLE)[index % 2], "x"))
        centre.hub.flush()
    assert session.code == SLOW_READER
    for _ in range(3):  # what was sent before the close
        reader.read(session.frames.popleft())
    centre.hub.detach(session)
    session = centre.hub.attach(WATCHER, epoch=reader.epoch, after=reader.last)
    drain(session, reader)
    assert reader.snapshots == 2, "more was missed than a snapshot costs"
    assert reader.last == centre.hub.number


@pytest.mark.parametrize(
    ("epoch", "after"),
    [
        ("", 3),
        ("e0.0.floor", 3),
        ("e1.0.101", 3),
        ("e1.0.floor", 9_999),
        ("e1.0.floor", -1),
        ("e1.0.floor", 0),
    ],
)
def test_what_cannot_be_resumed_gets_a_snapshot(epoch: str, after: int) -> None:
    centre = small_centre(ring=4)
    for _ in range(10):
        centre.arrive("abi")
        centre.hub.flush()
    assert kinds(centre.hub.attach(WATCHER, epoch=epoch, after=after))[0] == "snapshot"


def test_sockets_end_with_their_login_their_user_and_the_service() -> None:
    centre = small_centre()
    sessions = [centre.hub.attach(viewer) for viewer in (WATCHER, as_operator(101), as_operator(102))]
    centre.hub.end_login("s1")
    centre.hub.end_user(101)
    assert [session.code for session in sessions] == [LOGIN_ENDED, LOGIN_ENDED, 0]
    centre.hub.close()
    assert sessions[2].code == GOING_AWAY
    assert kinds(sessions[2])[-1] == "going_away"
    with pytest.raises(TooManySessions):
        centre.hub.attach(WATCHER)


def test_there_are_only_so_many_readers() -> None:
    centre = small_centre(limits=SessionLimits(total=1))
    session = centre.hub.attach(WATCHER)
    with pytest.raises(TooManySessions):
        centre.hub.attach(WATCHER)
    centre.hub.detach(session)
    centre.hub.attach(WATCHER)


def test_a_fault_in_telling_makes_everyone_begin_again(monkeypatch: pytest.MonkeyPatch) -> None:
    centre = small_centre()
    session = centre.hub.attach(WATCHER)
    epoch = json.loads(session.frames[0])["epoch"]
    with monkeypatch.context() as broken:
        broken.setattr("app.live.changes.operator_view", lambda *_: {"x": float("nan")})
        centre.post(PresenceAsked(OperatorId(101), Presence.ON_BREAK, "x"))
        centre.hub.flush()
    assert session.code == FAULT
    again = centre.hub.attach(WATCHER, epoch=epoch, after=centre.hub.number)
    assert kinds(again)[0] == "snapshot"
