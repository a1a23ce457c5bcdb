"""What the PBX's own event log says of an attempt: its entries -> its outcome. Pure.

The attempt's id is the id of its channel, so no other channel is taken for it. An attempt that the log does not have
was never dialled, or the log was away: the log cannot tell which, so there is no outcome.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from app.domain.campaigns import AttemptOutcome
from app.domain.ids import AttemptId, ChannelId
from app.floor.campaigns.attempts import outcome_of_cause
from app.pbx.dialplan import Context
from app.pbx.event_log import Entry


class PastAttempt(NamedTuple):
    """An attempt as the log has it."""

    outcome: AttemptOutcome | None
    """None while it is not over."""
    began_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    """When it ended; the time of its last entry while it is not over."""
    cause: int | None
    """The Q.850 hangup cause; None: not known."""
    amd: str
    opted_out: bool
    """The customer pressed the key not to be called again."""


def past_attempt(entries: Sequence[Entry], attempt: AttemptId, ahead_s: float = 0.0) -> PastAttempt | None:
    """What became of one attempt; None when the log does not know it.

    Args:
        entries: entries of its family, in the order they were written.
        attempt: the attempt's id.
        ahead_s: by how much the PBX's clock is ahead of ours, in seconds.
    """
    own = [entry for entry in entries if entry.unique == ChannelId(attempt)]
    if not own:
        return None

    def at(entry: Entry | None) -> datetime | None:
        return datetime.fromtimestamp(entry.at_s - ahead_s, UTC) if entry is not None else None

    answered, bridged = _first(own, "ANSWER"), _first(own, "BRIDGE_ENTER")
    hangup, end = _first(own, "HANGUP"), _first(own, "CHAN_END")
    events = [words for entry in own if (words := _words(entry))]
    live = next((words for words in events if words["UserEvent"] == "KeskusAnswered"), {})
    cause = int(hangup.extra.get("hangupcause") or 0) if hangup is not None else 0
    outcome: AttemptOutcome | None = None
    if end is None:
        pass
    elif answered is None:
        outcome = outcome_of_cause(cause)
    elif bridged is not None:
        outcome = AttemptOutcome.ANSWERED
    elif live.get("Amd") == "MACHINE":
        outcome = AttemptOutcome.MACHINE
    elif any(entry.context == Context.ABANDONED for entry in own):
        outcome = AttemptOutcome.ABANDONED
    elif hangup is not None and hangup.extra.get("hangupsource") == hangup.channel:
        outcome = AttemptOutcome.HUNG_UP
    else:
        outcome = (
            AttemptOutcome.ABANDONED
        )  # no operator was there in time, and it was not the customer who hung up
    began_at, ended_at = at(own[0]), at(end or own[-1])
    assert began_at is not None
    assert ended_at is not None
    return PastAttempt(
        outcome=outcome,
        began_at=began_at,
        answered_at=at(answered),
        connected_at=at(bridged),
        ended_at=ended_at,
        cause=cause or None,
        amd=f"{live.get('Amd', '')} {live.get('AmdCause', '')}".strip(),
        opted_out=any(words["UserEvent"] == "KeskusOptedOut" for words in events),
    )


def _first(entries: Sequence[Entry], event: str) -> Entry | None:
    return next((entry for entry in entries if entry.event == event), None)


def _words(entry: Entry) -> dict[str, str]:
    """The headers of a user event, with its name; none for anything else."""
    if entry.event != "APP_START" or entry.application != "UserEvent":
        return {}
    name, *headers = entry.data.split(",")
    words = {key.strip(): value.strip() for key, _, value in (header.partition(":") for header in headers)}
    return {"UserEvent": name, **words}
