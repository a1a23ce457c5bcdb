"""The judge: SIPp's logs on one side, every record in the database on the other.

A call is *lost* when it was dropped by neither party, or has no record; it is there *twice* when it has two records,
or a phone had two talks at a time; its record is *untrue* when it says otherwise than SIPp, by more than `TRUE_S`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.faults.seen import CROSSING_S, FOREVER, Caller, Ring, Seen

TRUE_S = 1.0
EARLY_S = 1.0
"""Who gives up this soon may not have reached the queue, and then has no record."""


@dataclass(frozen=True)
class Window:
    """A stretch of time, in seconds since 1970."""

    from_s: float
    to_s: float = FOREVER

    def touches(self, from_s: float, to_s: float) -> bool:
        """Whether the two have a moment in common."""
        return from_s <= self.to_s and to_s >= self.from_s


@dataclass
class Verdict:
    """What came of it."""

    calls: int = 0
    talks: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    worst_talk_s: float = 0.0
    """The largest difference of a talk's length."""

    @property
    def broken(self) -> list[str]:
        """Every promise that broke, in words."""
        return [
            *(f"lost: {line}" for line in self.lost),
            *(f"twice: {line}" for line in self.twice),
            *(f"untrue: {line}" for line in self.untrue),
        ]


@dataclass
class Excuses:
    """What a fault makes of the truth itself."""

    outages: list[Window] = field(default_factory=list)
    """The PBX was dead: what it held ended at the beginning, who dialled within was not heard."""
    stalls: list[Window] = field(default_factory=list)
    """The PBX stood still: it learns of what the parties did at the end of it."""
    clocks_jump: bool = False
    """Wall clocks are not compared, durations are."""


async def all_records(url: str) -> list[dict[str, Any]]:
    """Every call in the database, with its legs; times in seconds since 1970."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            calls = [dict(row) for row in (await connection.execute(text("SELECT * FROM call"))).mappings()]
            legs = (
                await connection.execute(
                    text(
                        "SELECT call_id, operator_id, answered_at, talked_s FROM call_leg ORDER BY call_id, number"
                    )
                )
            ).mappings()
            by_call: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
            for leg in legs:
                by_call[leg["call_id"]].append(dict(leg))
    finally:
        await engine.dispose()
    for call in calls:
        for name in ("arrived_at", "answered_at", "ended_at"):
            call[name] = _seconds(call[name])
        call["legs"] = by_call[call["id"]]
    return calls


def judge(
    seen: Seen,
    records: Iterable[Mapping[str, Any]],
    phones: Mapping[str, int],
    excuses: Excuses,
) -> Verdict:
    """Hold the records against what SIPp saw.

    Args:
        seen: all of it, once every call is over.
        records: from `all_records`.
        phones: operator ids by phone.
        excuses: what the fault explains.
    """
    verdict = Verdict(calls=len(seen.callers), talks=sum(ring.talked for ring in seen.rings))
    verdict.untrue += [*seen.strange, *seen.uncalled()]
    by_number: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        by_number[record["caller_number"].removeprefix("+")].append(record)
    for number, rows in by_number.items():
        if number not in seen.callers:
            verdict.untrue.append(f"record {rows[0]['id']} of {number or 'nobody'}, who never called")
    for caller in seen.callers.values():
        _judge_caller(verdict, caller, by_number[caller.number], phones, excuses)
    for phone, rings in seen.by_phone.items():
        _judge_phone(verdict, phone, rings)
    return verdict


def _judge_caller(
    verdict: Verdict,
    caller: Caller,
    rows: Sequence[Mapping[str, Any]],
    phones: Mapping[str, int],
    excuses: Excuses,
) -> None:
    unheard = any(window.touches(caller.dialled_s, caller.dialled_s) for window in excuses.outages)
    ended_with_the_pbx = any(window.touches(caller.ended_s, caller.ended_s) for window in excuses.outages)
    if not (unheard or ended_with_the_pbx):
        _judge_end(verdict, caller)
    if len(rows) > 1:
        verdict.twice.append(f"{caller.number} has {len(rows)} records: {[row['id'] for row in rows]}")
    elif not rows:
        early = caller.ended_s - caller.dialled_s < EARLY_S
        if caller.talks or not (unheard or early):
            verdict.lost.append(f"{caller.number}: no record; it {_story(caller)}")
    else:
        verdict.untrue += [
            f"{caller.number} {rows[0]['id']}: {line}; it {_story(caller)}"
            for line in _untrue(verdict, caller, rows[0], phones, excuses, unheard=unheard)
        ]


def _judge_end(verdict: Verdict, caller: Caller) -> None:
    """Nobody but the caller and the operator ends a call, and every call ends."""
    if caller.ended_s == FOREVER:
        verdict.lost.append(f"{caller.number} has no end; it {_story(caller)}")
        return
    for talk in caller.talks:
        if talk.ended_s == FOREVER:
            verdict.lost.append(f"{talk.phone} never left its talk with {caller.number}")
        elif talk.ended == "remote" and caller.ended not in ("local", "gave up") and caller.talks[-1] is talk:
            verdict.lost.append(
                f"the talk of {caller.number} at {talk.phone} was dropped; it {_story(caller)}"
            )
    if not caller.talks and caller.ended not in ("local", "gave up", "cut"):
        verdict.lost.append(f"{caller.number} was turned away; it {_story(caller)}")


def _untrue(
    verdict: Verdict,
    caller: Caller,
    row: Mapping[str, Any],
    phones: Mapping[str, int],
    excuses: Excuses,
    *,
    unheard: bool,
) -> list[str]:
    if row["ended_at"] is None:
        return ["the record was never closed"]
    talks = caller.talks
    late_s = _late(caller, excuses)
    if talks and talks[-1].ended_s - talks[0].answered_s < CROSSING_S and row["outcome"] == "abandoned":
        return []  # picked up and given up at once
    as_it_died = any(
        window.touches(caller.ended_s - CROSSING_S, caller.ended_s + CROSSING_S) for window in excuses.outages
    )
    if as_it_died and caller.ended != "cut" and not any(_long(talk) for talk in talks):
        return []  # which of the two came first is nobody's to say
    if talks and caller.ended == "cut" and not any(_long(talk) for talk in talks):
        return []  # picked up as the PBX died, which had not heard of it
    if talks and caller.ended == "gave up" and abs(talks[0].answered_s - caller.ended_s) < CROSSING_S:
        return []  # given up as it was picked up: SIPp does not hang up what it gave up
    lines = (
        _untrue_talks(verdict, caller, row, phones, late_s) if talks else _untrue_wait(caller, row, late_s)
    )
    until_s = talks[0].answered_s if talks else caller.ended_s
    if not unheard:
        waited_s = until_s - caller.dialled_s
        if not -TRUE_S - late_s <= row["waited_s"] - waited_s <= TRUE_S + late_s:
            lines.append(f"waited {row['waited_s']:.1f} s, not {waited_s:.1f}")
        if not excuses.clocks_jump:
            lines += _untrue_moments(caller, row, late_s)
    if (who := _ended_by(caller, late_s)) and row["ended_by"] != who and not as_it_died:
        lines.append(f"ended by {row['ended_by']}, not {who}")
    return lines


def _untrue_talks(
    verdict: Verdict, caller: Caller, row: Mapping[str, Any], phones: Mapping[str, int], late_s: float
) -> list[str]:
    talks = caller.talks
    lines = []
    if row["outcome"] != "answered":
        lines.append(f"outcome {row['outcome']}")
    talked_s = sum(min(talk.ended_s, caller.ended_s + late_s) - talk.answered_s for talk in talks)
    off_s = row["talked_s"] - talked_s
    verdict.worst_talk_s = max(verdict.worst_talk_s, abs(off_s) - late_s)
    if not -TRUE_S <= off_s <= TRUE_S + late_s:
        lines.append(f"talked {row['talked_s']:.1f} s, not {talked_s:.1f}")
    if _long(talks[-1]):
        answered = [leg["operator_id"] for leg in row["legs"] if leg["answered_at"] is not None]
        asked = [phones.get(talk.phone) for talk in talks]
        if answered != asked:
            lines.append(f"legs of {answered}, not {asked}")
        if row["operator_id"] != asked[-1]:
            lines.append(f"operator {row['operator_id']}, not {asked[-1]} ({talks[-1].phone})")
    return lines


def _long(talk: Ring) -> bool:
    return talk.ended_s - talk.answered_s >= CROSSING_S


def _untrue_wait(caller: Caller, row: Mapping[str, Any], late_s: float) -> list[str]:
    if row["outcome"] == "answered":
        return ["answered by nobody"]
    if caller.ended in ("local", "gave up") and row["outcome"] != "abandoned" and not late_s:
        return [f"outcome {row['outcome']}"]
    return []


def _untrue_moments(caller: Caller, row: Mapping[str, Any], late_s: float) -> list[str]:
    lines = []
    for name, at_s in (("arrived_at", caller.dialled_s), ("ended_at", caller.ended_s)):
        off_s = row[name] - at_s
        if not -TRUE_S <= off_s <= TRUE_S + late_s:
            lines.append(f"{name} {off_s:+.1f} s")
    return lines


def _ended_by(caller: Caller, late_s: float) -> str:
    """Who must stand in the record; empty where two ends crossed, or the PBX died or stood still between them."""
    last = caller.talks[-1] if caller.talks else None
    if last is not None and last.ended == "cut":
        return ""  # who hung up then was not heard any more
    apart_s = caller.ended_s - last.ended_s if last is not None and last.ended == "local" else None
    if apart_s is None:
        return "caller" if caller.ended in ("local", "gave up") else ""
    if caller.ended == "remote":
        return "operator"
    if late_s or abs(apart_s) < CROSSING_S:
        return ""
    return "operator" if apart_s > 0 else "caller"


def _judge_phone(verdict: Verdict, phone: str, rings: Sequence[Ring]) -> None:
    """One operator, one call: no talk, and no ringing, begins within another talk."""
    talks = sorted((ring for ring in rings if ring.talked), key=lambda ring: ring.answered_s)
    for before, after in pairwise(talks):
        if after.answered_s < before.ended_s - CROSSING_S:
            verdict.twice.append(f"{phone} talked to {before.caller} and {after.caller} at once")
    for ring in rings:
        for talk in talks:
            if ring is not talk and talk.answered_s + CROSSING_S < ring.rang_s < talk.ended_s - CROSSING_S:
                verdict.twice.append(f"{phone} rang for {ring.caller} while it talked to {talk.caller}")


def _late(caller: Caller, excuses: Excuses) -> float:
    """By how much the PBX's view of this call may be late; it may have stood still on what crossed the stop."""
    return max(
        (
            window.to_s - window.from_s
            for window in excuses.stalls
            if window.touches(caller.dialled_s, caller.ended_s + CROSSING_S)
        ),
        default=0.0,
    )


def _story(caller: Caller) -> str:
    talks = ", ".join(
        f"{talk.phone} at +{talk.answered_s - caller.dialled_s:.1f} s for {talk.ended_s - talk.answered_s:.1f} s"
        f" ({talk.ended or 'no end'})"
        for talk in caller.talks
    )
    end = f"ended at +{caller.ended_s - caller.dialled_s:.1f} s ({caller.ended or 'no end'})"
    dialled = datetime.fromtimestamp(caller.dialled_s, UTC).strftime("%H:%M:%S.%f")[:-3]
    return f"dialled {dialled}, {'talked at ' + talks if talks else 'talked to nobody'}, {end}"


def _seconds(moment: Any) -> float | None:
    if moment is None:
        return None
    parsed = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    assert isinstance(parsed, datetime)
    return parsed.timestamp()
