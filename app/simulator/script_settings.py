"""Settings of queues, operators and campaigns as a script says them, in words without names."""

from app.domain.campaigns import CampaignSettings, DialMode, MachineHandling
from app.domain.ids import CampaignId, OperatorId, QueueId
from app.domain.operators import Membership, OperatorSettings
from app.domain.queues import MaxWait, QueueSettings

TRUNK = "trunk"


def phone_of(operator: int) -> str:
    """An operator's endpoint."""
    return f"op{operator}"


def queue_of(  # noqa: PLR0917 - a script's words have no names
    id_: str,
    skills: str = "",
    priority: int = 0,
    target_s: float = 20.0,
    ring_s: int = 15,
    wrap_up_s: float = 0.0,
    preferred_s: float = 0.0,
    miss_limit: int = 0,
    retry_s: float = 0.0,
    max_wait_s: float = 0.0,
    then: str = "stay",
    overflow: str | None = None,
) -> QueueSettings:
    """A queue; `skills` are names divided by blanks, `then` is what follows the longest wait."""
    return QueueSettings(
        QueueId(id_),
        id_,
        skills=frozenset(skills.split()),
        priority=priority,
        target_s=target_s,
        ring_s=ring_s,
        wrap_up_s=wrap_up_s,
        preferred_s=preferred_s,
        miss_limit=miss_limit,
        retry_s=retry_s,
        max_wait_s=max_wait_s,
        max_wait_then=MaxWait(then),
        overflow_queue=QueueId(overflow) if overflow else None,
    )


def operator_of(id_: int, queues: str, skills: str = "") -> OperatorSettings:
    """An operator; `queues` are names divided by blanks, with `:2` behind a name for level 2."""
    members = [name.partition(":") for name in queues.split()]
    return OperatorSettings(
        id=OperatorId(id_),
        name=phone_of(id_),
        endpoint=phone_of(id_),
        skills=frozenset(skills.split()),
        memberships=tuple(Membership(QueueId(name), int(level or 1)) for name, _, level in members),
    )


def campaign_of(  # noqa: PLR0917
    id_: int,
    queue: str,
    mode: str = "progressive",
    running: int = 1,
    lines: float = 1.0,
    priority: int = 0,
    machine: str = "hang_up",
) -> CampaignSettings:
    """A campaign; faults cause many abandoned calls, and it goes on all the same."""
    return CampaignSettings(
        id=CampaignId(id_),
        title=f"c{id_}",
        mode=DialMode(mode),
        queue=QueueId(queue),
        running=bool(running),
        trunk=TRUNK,
        ring_s=15,
        priority=priority,
        lines=lines,
        detect_machines=True,
        machine=MachineHandling(machine),
        abandon_limit=0.5,
    )
