"""The demo's result: compares the call records with what the callers saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from rich.table import Table

from app.demo.sipp_process import SippEvent
from app.domain.calls import CallOutcome
from app.records.tables import CallRow

TRUE_WITHIN_S = 1.0
"""How many seconds a record's times may differ from what the caller saw."""


@dataclass
class Tally:
    """The numbers of calls, records and attempts."""

    calls: int = 0
    answered: int = 0
    waited: int = 0
    """Calls that waited over 1 s for a free operator before a phone rang."""
    lost: int = 0
    records: int = 0
    untrue: list[str] = field(default_factory=list)
    """One line for each call that does not have exactly one record which agrees with what the caller saw."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """The campaign's numbers of attempts by outcome."""

    written: Mapping[str, int] = field(default_factory=dict)
    """How much operators wrote down, by what it is."""

    def table(self) -> Table:
        """The calls' numbers as a table."""
        table = Table(title="The calls of this demo")
        for column in ("calls", "answered", "waited", "lost", "records written", "true records"):
            table.add_column(column, justify="right")
        figures = (self.calls, self.answered, self.waited, self.lost, self.records)
        table.add_row(*map(str, figures), str(self.calls - len(self.untrue)))
        return table

    def campaign(self) -> Table:
        """The campaign's attempts as a table."""
        return _table("The campaign beside them", self.attempts)

    def work(self) -> Table:
        """What operators wrote down, as a table."""
        return _table("What the operators wrote down", self.written)


def compare(
    seen: Sequence[SippEvent], records: Sequence[CallRow], attempts: Mapping[str, int] = MappingProxyType({})
) -> Tally:
    """Compare the records with the callers' own log.

    Args:
        seen: the events of all callers; no two have the same number.
        records: the records of their calls, from the database.
        attempts: the campaign's numbers of attempts by outcome.
    """
    tally = Tally(records=len(records), attempts=attempts)
    by_caller: dict[str, list[CallRow]] = {}
    for record in records:
        by_caller.setdefault(record.caller_number.removeprefix("+"), []).append(record)
        tally.answered += record.outcome == CallOutcome.ANSWERED.value
        tally.lost += record.outcome != CallOutcome.ANSWERED.value
        tally.waited += record.waited_s - record.rang_s > 1.0
    ended = {event.user: event.at_s for event in seen if event.kind == "ended"}
    for event in seen:
        if event.kind != "dialled":
            continue
        tally.calls += 1
        fault = _fault(event, ended.get(event.user), by_caller.get(event.user, []))
        if fault is not None:
            tally.untrue.append(f"{event.user}: {fault}")
    return tally


def _table(title: str, counts: Mapping[str, int]) -> Table:
    table = Table(title=title)
    for name in counts:
        table.add_column(name.replace("_", " "), justify="right")
    table.add_row(*map(str, counts.values()))
    return table


def _fault(dialled: SippEvent, ended_s: float | None, records: Sequence[CallRow]) -> str | None:
    if len(records) != 1:
        return f"{len(records)} records"
    (record,) = records
    if abs(record.arrived_at.timestamp() - dialled.at_s) > TRUE_WITHIN_S:
        return f"arrived at {record.arrived_at:%H:%M:%S.%f} by the record, which the caller denies"
    if record.ended_at is None:
        return "its record is open"
    if ended_s is not None and abs(record.ended_at.timestamp() - ended_s) > TRUE_WITHIN_S:
        return f"ended at {record.ended_at:%H:%M:%S.%f} by the record, which the caller denies"
    parts_s = record.waited_s + record.talked_s
    if parts_s > record.duration_s + TRUE_WITHIN_S:
        return f"waited and talked {parts_s:.1f} s of {record.duration_s:.1f} s"
    return None
